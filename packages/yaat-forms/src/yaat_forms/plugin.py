"""This file is the plugin: it lets `request.form()` and `request.multipart()` read forms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from yaat import Plugin, hookimpl
from yaat.exceptions import ConfigurationError
from yaat.provenance import format_origin
from yaat.records import BodyParser, Lifespan

from .limits import DEFAULT_LIMITS, FormLimits
from .reader import DEFAULT_SPOOL_BYTES, LIMITS_KEY, FormReader


class FormsPlugin(Plugin):
    """Reads forms: multipart ones with their files, and those in the query notation within the same limits.

    What reads them is `app.extensions["forms"]`, a `FormReader`. A route has limits of its own with
    `form_limits={"max_files": 3}`.

    Args:
        max_fields: As for `FormLimits`, like those below.
        max_files: See there.
        max_field_bytes: See there.
        max_file_bytes: See there.
        max_header_bytes: See there.
        max_memory_bytes: See there.
        max_total_bytes: See there.
        spool_bytes: A file that is longer goes to disk while it arrives.
        spool_folder: Where temporary files are; the system's own place when left out. On many systems that is memory.

    Raises:
        ConfigurationError: A limit is no number of things, or the folder does not exist.
    """

    name = "forms"

    def __init__(
        self,
        *,
        max_fields: int = DEFAULT_LIMITS.max_fields,
        max_files: int = DEFAULT_LIMITS.max_files,
        max_field_bytes: int = DEFAULT_LIMITS.max_field_bytes,
        max_file_bytes: int | None = DEFAULT_LIMITS.max_file_bytes,
        max_header_bytes: int = DEFAULT_LIMITS.max_header_bytes,
        max_memory_bytes: int = DEFAULT_LIMITS.max_memory_bytes,
        max_total_bytes: int | None = DEFAULT_LIMITS.max_total_bytes,
        spool_bytes: int = DEFAULT_SPOOL_BYTES,
        spool_folder: str | Path | None = None,
    ) -> None:
        limits = FormLimits(
            max_fields=max_fields,
            max_files=max_files,
            max_field_bytes=max_field_bytes,
            max_file_bytes=max_file_bytes,
            max_header_bytes=max_header_bytes,
            max_memory_bytes=max_memory_bytes,
            max_total_bytes=max_total_bytes,
        )
        if type(spool_bytes) is not int or spool_bytes < 0:
            raise ConfigurationError(f"spool_bytes is a whole number from 0 up, not {spool_bytes!r}.")
        folder = None if spool_folder is None else Path(spool_folder).absolute()
        if folder is not None and not folder.is_dir():
            raise ConfigurationError(f"There is no folder {str(folder)!r}, which spool_folder= names. Make it first.")
        self._reader = FormReader(limits=limits, spool_bytes=spool_bytes, spool_folder=folder)

    @hookimpl
    def yaat_configure(self, app: Any) -> None:
        """Put what reads forms into `app.extensions["forms"]`."""
        app.extensions[self.name] = self._reader

    @hookimpl
    def yaat_register_body_parsers(self, app: Any) -> list[BodyParser]:
        """Read both kinds of forms that browsers send."""
        reader = self._reader
        return [
            BodyParser(media_type="multipart/form-data", parse=reader.read_multipart, stream=reader.stream),
            BodyParser(media_type="application/x-www-form-urlencoded", parse=reader.read_urlencoded),
        ]

    @hookimpl
    def yaat_wrap_endpoint(self, app: Any, route: Any, endpoint: Any) -> None:
        """Check the limits that a route has of its own, while it can still be told apart from a bad request."""
        try:
            self._reader.limits.override(route.metadata.get(LIMITS_KEY))
        except ConfigurationError as error:
            where = format_origin(route.owner, route.source)
            raise ConfigurationError(f"{error}\nThe route {route.path} was {where}.") from None

    @hookimpl
    def yaat_register_lifespans(self, app: Any) -> Lifespan:
        """Let the threads go that write files when the app stops."""
        return Lifespan(name=self.name, context=self._hold_threads)

    @asynccontextmanager
    async def _hold_threads(self, app: Any) -> AsyncIterator[None]:
        """End the threads behind the last request."""
        try:
            yield
        finally:
            self._reader.threads.close()
