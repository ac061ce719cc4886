"""This file reads the form of a request: whole, with its files kept aside, or part by part."""

from pathlib import Path
from typing import Any

from yaat.exceptions import ContentTooLarge
from yaat.query import TooManyFields, parse_urlencoded
from yaat.request import Request
from yaat.threads import ThreadLimiter

from .boundary import read_boundary
from .exceptions import PartTooLarge, TooManyParts
from .form import Form
from .gathering import Gathering
from .limits import DEFAULT_LIMITS, FormLimits
from .parts import Parts
from .spool import Spool

#: A file up to this size stays in memory. With all files that the default limits allow, that is 25 MiB.
DEFAULT_SPOOL_BYTES = 262_144
#: The name under which routes say their own limits: `@app.post("/", form_limits={"max_files": 3})`.
LIMITS_KEY = "form_limits"


class FormReader:
    """Reads forms, within limits.

    Args:
        limits: For routes that say nothing.
        spool_bytes: A file that is longer goes to disk while it arrives.
        spool_folder: Where temporary files are; the system's own place when `None`.
        threads: Where they are written and read; a limiter of its own when left out.
    """

    __slots__ = ("limits", "spool_bytes", "spool_folder", "threads")

    def __init__(
        self,
        *,
        limits: FormLimits = DEFAULT_LIMITS,
        spool_bytes: int = DEFAULT_SPOOL_BYTES,
        spool_folder: Path | None = None,
        threads: ThreadLimiter | None = None,
    ) -> None:
        self.limits = limits
        self.spool_bytes = spool_bytes
        self.spool_folder = spool_folder
        self.threads = threads or ThreadLimiter("forms")

    def stream(self, request: Request[Any]) -> Parts:
        """Return the parts of a multipart form, each as it arrives.

        Raises:
            InvalidForm: The Content-Type has no usable boundary.
        """
        boundary = read_boundary(request.headers.get_all("content-type"))
        return Parts(request, boundary, self._find_limits(request), self.threads)

    async def read_multipart(self, request: Request[Any]) -> Form:
        """Return a multipart form; its files are closed when the request is over, or at once if reading fails.

        Raises:
            InvalidForm: It is malformed or cut off, or a field is no text in its charset.
            TooManyParts: It has more fields or files than the limit.
            ContentTooLarge: The whole or a part is over its limit.
            UnsupportedMediaType: A part is encoded, as in a mail.
            BodyConsumed: The content was read as a stream before.
            ClientDisconnect: The client left before it was complete.
        """
        parts = self.stream(request)
        gathering = Gathering(parts.limits, self._make_spool)
        request.add_closer(gathering.close)
        try:
            async for part in parts:
                await gathering.add(part)
        except BaseException:
            gathering.close()
            raise
        return Form(gathering.pairs)

    async def read_urlencoded(self, request: Request[Any]) -> Form:
        """Return a form in the query notation.

        Raises:
            TooManyParts: It has more fields than the limit.
            ContentTooLarge: It is over the limit.
            ClientDisconnect: The client left before it was complete.
        """
        limits = self._find_limits(request)
        in_memory, in_total = limits.max_memory_bytes, limits.max_total_bytes
        content = await _read_content(request, in_memory if in_total is None else min(in_memory, in_total))
        try:
            pairs = parse_urlencoded(content, max_fields=limits.max_fields)
        except TooManyFields as error:
            raise TooManyParts("fields", limits.max_fields) from error
        for name, value in pairs:
            if len(value.encode()) > limits.max_field_bytes:
                raise PartTooLarge(f"The field {name[:100]!r}", limits.max_field_bytes)
        return Form(pairs)

    def _make_spool(self) -> Spool:
        """Return what keeps a file aside."""
        return Spool(self.threads, max_memory_bytes=self.spool_bytes, folder=self.spool_folder)

    def _find_limits(self, request: Request[Any]) -> FormLimits:
        """Return the limits of a route."""
        route = request.route
        return self.limits.override(None if route is None else route.metadata.get(LIMITS_KEY))


async def _read_content(request: Request[Any], max_bytes: int) -> bytes:
    """Return the whole content. `request.body()` still gives it later, unless the route takes more than *max_bytes*.

    Raises:
        ContentTooLarge: It is longer than *max_bytes*; no more of it is in memory.
    """
    if request.place.max_body_bytes <= max_bytes:
        return await request.body()
    # A route that takes large uploads has a limit for them, which must not be one for what is kept in memory.
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > max_bytes:
            raise ContentTooLarge(max_bytes)
    return bytes(content)
