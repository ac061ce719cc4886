"""What these tests share: one file, served from memory and from the disk, by a folder and by a handler."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from yaat import Request, Yaat
from yaat_staticfiles import FileResponse, StaticFiles
from yaat_staticfiles.representation import SMALL_FILE_BYTES
from yaat_testclient import AsyncTestClient

#: When the file was changed.
CHANGED = 1_700_000_000
LAST_MODIFIED = "Tue, 14 Nov 2023 22:13:20 GMT"
EARLIER = "Tue, 14 Nov 2023 22:13:19 GMT"
LATER = "Tue, 14 Nov 2023 22:13:21 GMT"

WAYS = ("folder", "memory", "handler", "large folder", "large handler")


@dataclass(frozen=True, kw_only=True)
class Site:
    """An app with one file.

    Attributes:
        etag: That of the file.
    """

    app: Yaat
    content: bytes
    etag: str

    @property
    def size(self) -> int:
        """Of the file."""
        return len(self.content)

    def ask(self, method: str = "GET", **fields: str) -> Any:
        """Return the response to a request with header *fields*, in which `_` stands for `-`."""
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        return asyncio.run(_ask(self.app, method, {"accept-encoding": "identity", **headers}))


async def _ask(app: Yaat, method: str, headers: dict[str, str]) -> Any:
    async with AsyncTestClient(app) as client:
        return await client.request(method, "/files/a.txt", headers=headers)


@pytest.fixture(params=WAYS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """An app with a file, in each way in which one is served."""
    is_large = request.param.startswith("large")
    content = bytes(range(256)) * (SMALL_FILE_BYTES // 256 + 1 if is_large else 4)
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    os.utime(path, (CHANGED, CHANGED))
    app = Yaat(autoload=False)
    if request.param.endswith("handler"):

        @app.get("/files/a.txt")
        async def show(request: Request) -> FileResponse:
            return FileResponse(path)

    else:
        app.mount("/files", StaticFiles(tmp_path, cache_bytes=0 if request.param == "folder" else 10**6))
    site = Site(app=app, content=content, etag="")
    return Site(app=app, content=content, etag=site.ask().headers["etag"])
