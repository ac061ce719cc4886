"""This file is what the headers of a part say."""

from collections.abc import Sequence

from yaat.headers import Headers
from yaat.media_type import InvalidMediaType, parse_media_type

from .charset import find_codec
from .exceptions import InvalidForm
from .filename import make_safe_filename


class PartHead:
    """What the headers of a part say.

    Attributes:
        name: Of the field.
        filename: As the client sent it, path and all; `None` for what is no file, empty for a file input that nobody
            used. Never make a path of it: see `safe_filename`.
        is_file: Whether it is a file, and no field.
        content_type: As the client sent it; `text/plain` or, for a file, `application/octet-stream` when left out.
    """

    __slots__ = ("_fields", "_says_type", "content_type", "filename", "is_file", "name")

    def __init__(
        self, name: str, filename: str | None, content_type: str = "", fields: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.name = name
        self.filename = filename
        self.is_file = filename is not None
        self.content_type = content_type or ("text/plain" if filename is None else "application/octet-stream")
        self._says_type = content_type != ""
        self._fields = fields

    @property
    def headers(self) -> Headers:
        """All of them. Their bytes are UTF-8 (RFC 7578 §5.1)."""
        return Headers([(name.lower().encode(), value.rstrip(" \t").encode()) for name, value in self._fields])

    @property
    def safe_filename(self) -> str:
        """A name that can be put behind a folder, made of the filename; never empty, and not unique."""
        return make_safe_filename(self.filename)

    def find_codec(self, default: str) -> str:
        """Return what Python calls the charset of a field: its own, or *default* (RFC 7578 §4.5).

        Raises:
            InvalidForm: Its Content-Type is malformed, or names an unknown charset.
        """
        if not self._says_type:
            return default
        try:
            charset = parse_media_type(self.content_type).charset
        except InvalidMediaType:
            raise InvalidForm(f"The Content-Type of the part {self.name[:100]!r} is malformed.") from None
        return default if charset is None else find_codec(charset)


#: What a part begins with, its content in pieces, and `None` at its end.
Event = PartHead | bytes | None


class Described:
    """What a head describes: a part that arrives, or a file that has."""

    __slots__ = ("head",)

    def __init__(self, head: PartHead) -> None:
        self.head = head

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.head.name

    @property
    def safe_filename(self) -> str:
        """A name that can be put behind a folder, made of the filename; never empty, and not unique."""
        return self.head.safe_filename

    @property
    def content_type(self) -> str:
        """What the client says it is, which proves nothing.

        When it says nothing: `text/plain` for a field and `application/octet-stream` for a file.
        """
        return self.head.content_type

    @property
    def headers(self) -> Headers:
        """The headers of the part; their bytes are UTF-8 (RFC 7578 §5.1)."""
        return self.head.headers
