"""This file gathers the parts of a form until it is whole."""

from collections.abc import Callable

from .charset import decode_text, find_codec
from .exceptions import PartTooLarge
from .limits import FormLimits
from .parts import Part
from .spool import Spool
from .upload import UploadFile

#: The field by which a form says the charset of those behind it (RFC 7578 §4.6).
CHARSET_FIELD = "_charset_"


class Gathering:
    """What has come of a form.

    Args:
        limits: Counted here are the values of all fields together; the rest is counted where parts are cut.
        make_spool: Makes what keeps a file aside.
    """

    def __init__(self, limits: FormLimits, make_spool: Callable[[], Spool]) -> None:
        self.pairs: list[tuple[str, str | UploadFile]] = []
        self._max_bytes = limits.max_memory_bytes
        self._make_spool = make_spool
        self._spools: list[Spool] = []
        self._field_bytes = 0
        self._codec = "utf-8"

    async def add(self, part: Part) -> None:
        """Read *part* and keep it.

        Raises:
            InvalidForm: It is a field, and no text in its charset.
            PartTooLarge: All fields together are over their limit.
        """
        value = await (self._read_file(part) if part.is_file else self._read_field(part))
        self.pairs.append((part.name, value))

    def close(self) -> None:
        """Let go of all files. It can be done twice, and at any time."""
        for spool in self._spools:
            spool.close()

    async def _read_file(self, part: Part) -> UploadFile:
        """Return the file that *part* is."""
        spool = self._make_spool()
        self._spools.append(spool)
        async for chunk in part:
            await spool.write(chunk)
        await spool.finish()
        return UploadFile(part.head, spool)

    async def _read_field(self, part: Part) -> str:
        """Return the text that *part* is."""
        codec = part.head.find_codec(self._codec)
        content = await part.read(max_bytes=self._max_bytes)
        self._field_bytes += len(content)
        if self._field_bytes > self._max_bytes:
            raise PartTooLarge("What the fields of the form hold together", self._max_bytes)
        text = decode_text(content, codec, part.name)
        if part.name == CHARSET_FIELD:
            self._codec = find_codec(text)
        return text
