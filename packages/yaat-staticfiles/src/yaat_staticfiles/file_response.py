"""This file is `FileResponse`: what a handler returns to send one file."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from yaat.asgi import Receive, Scope, Send
from yaat.etag import parse_etag
from yaat.exceptions import NotFound
from yaat.headers import Headers
from yaat.http_date import parse_http_date
from yaat.response import Response

from .answer import Decision, answer
from .disposition import Disposition, format_disposition
from .folder import Folder, split_path
from .large_file import LargeFileResponse
from .media_types import UNKNOWN, guess_media_type
from .opening import NO_LINK, log_trouble, run_in_file_thread
from .options import AnyPath
from .representation import Loaded, Representation, load


class FileResponse(Response):
    """Sends a file, or what the request wants of it: nothing if the client has it already, or some parts.

    A file that does not exist, or cannot be read, is answered with 404.

    Args:
        path: Where the file is. It is taken as it is: what comes from outside needs *directory*.
        filename: The name under which a browser saves it. Without one it is shown, if it can be.
        status_code: Conditions and ranges count for 200 alone.
        headers: They win over what the file says; an `ETag` here is what conditions are about.
        media_type: That of *filename* or *path* when left out.
        background: As for any response.
        directory: The folder that *path* begins in and cannot leave, by whatever spelling or symbolic link. Hidden
            files are not in it.
        disposition: `inline` has the file shown though it has a *filename*.
    """

    __slots__ = ("_directory", "finishers", "path")

    def __init__(
        self,
        path: AnyPath,
        filename: str | None = None,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        background: Any = None,
        *,
        directory: AnyPath | None = None,
        disposition: Disposition | None = None,
    ) -> None:
        self.path = os.fspath(path)
        media_type = media_type or guess_media_type(filename or self.path)
        super().__init__(b"", status_code, headers, media_type, background)
        self.raw_body = None
        self._directory = None if directory is None else str(Path(directory).absolute())
        #: What wants to see the head, which is known only when the request is: see `yaat.deferred`.
        self.finishers: list[Any] = []
        if filename is not None or disposition is not None:
            kind = disposition or "attachment"
            self.headers.setdefault("content-disposition", format_disposition(kind, filename))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what the request wants of the file.

        Raises:
            HTTPException: 404, 412 or 416, before anything is sent.
            FileBroken: The file could not be read to its end.
            ClientDisconnect: The client left, and *send* said so.
        """
        made: Response | None = None
        try:
            try:
                if self.raw_body is None:
                    loaded = await run_in_file_thread(self._load)
                    made = response = self._answer(scope, loaded)
                else:  # Something has put other content in the place of the file's.
                    made = response = Response(self.raw_body, self.status_code, self.headers)
            except Exception as error:
                if not self.finishers:
                    raise
                made = response = await self.finishers[0].answer(error)
            response.background = self.background
            for finisher in self.finishers:
                response = await finisher.see(response)
            self.background = response.background
            await response(scope, receive, send)
        finally:
            if isinstance(made, LargeFileResponse):
                made.close()
            for finisher in self.finishers:
                await finisher.close()

    def _load(self) -> Loaded:
        """Return the file, opened. It is for threads.

        Raises:
            NotFound: There is none that can be read.
        """
        media_type = self.headers.get("content-type", UNKNOWN)
        try:
            if self._directory is None:
                return load(self.path, media_type=media_type)[0]
            return load(self._find_below(self._directory), media_type=media_type, flags=NO_LINK)[0]
        except (OSError, ValueError) as error:
            log_trouble(error)
            raise NotFound from error

    def _find_below(self, directory: str) -> str:
        """Return where the file is, which must be below *directory*.

        Raises:
            OSError: It is not.
            ValueError: No file can have such a name.
        """
        names = split_path(self.path)
        if names is None:
            raise FileNotFoundError(self.path)
        return Folder(root=directory).resolve(names)

    def _answer(self, scope: Scope, loaded: Loaded) -> Response:
        """Return the response with the file, or with what the request wants of it.

        Raises:
            HTTPException: 412 or 416.
        """
        loaded = replace(loaded, representation=self._apply_own_validators(loaded.representation))
        own = self.headers.raw
        names = {name for name, _ in own}
        fields = [*(field for field in loaded.representation.fields if field[0] not in names), *own]
        decision = None if self.status_code == 200 else Decision(self.status_code)
        return answer(scope["method"], Headers(scope["headers"]), loaded, fields, decision)

    def _apply_own_validators(self, file: Representation) -> Representation:
        """Return *file* with the validators that the headers of the response have."""
        etag, date = self.headers.get("etag"), self.headers.get("last-modified")
        moment = None if date is None else parse_http_date(date)
        return replace(
            file,
            etag=file.etag if etag is None else parse_etag(etag),
            modified=file.modified if moment is None else moment.timestamp(),
        )
