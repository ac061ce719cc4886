"""A disk that is full, and files that change while they are sent, end where everybody sees it; nothing is left."""

import json
import logging
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from yaat import Yaat
from yaat.asgi import Message
from yaat.records import Middleware
from yaat_staticfiles import FileResponse, StaticFiles

from . import full_disk
from .app import make_around, make_folder, wrap_asgi
from .driving import Ledger, Site, Watch, run
from .exchange import Exchange
from .requests import CASES, LARGE, Case

#: Of what a file becomes.
OTHER = b"other" * 100_000


@pytest.fixture
def own_site(tmp_path: Path) -> Site[Yaat]:
    """An app whose files may be changed."""
    return make_site(tmp_path)


def make_site(folder: Path) -> Site[Yaat]:
    """Return an app that serves files of *folder*, which it fills."""
    ledger = Ledger()
    app, surrounded = Yaat(autoload=False), Yaat(autoload=False)
    app.mount("/surrounded", surrounded, middleware=[make_around(ledger), Middleware(wrap_asgi)])
    make_folder(folder)
    for part in (app, surrounded):
        part.mount("/static", StaticFiles(folder / "static", cache_bytes=0))
        part.add_route("/file", lambda request: FileResponse(folder / "static" / "large.bin"))
    return Site(app, ledger, folder)


def test_a_full_disk_fails_the_upload_alone(tmp_path: Path) -> None:
    """An upload that does not fit is a 500, logged once; no file is left, open or not, and the next one is taken."""
    command = [sys.executable, "-W", "error", full_disk.__file__, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.stderr == ""
    found = json.loads(ended.stdout)
    assert len(found) == 8
    for way in found:
        name = way.pop("way")
        answer = [500, ["http.response.start", "http.response.body"]]
        assert way == {"answer": answer, "logged": ["OSError"], "descriptors": 0, "files": [], "next": 200}, name


# --- files that change while they are sent ---


class ChangingExchange(Exchange):
    """A client that is being sent a file when something happens to that file.

    Args:
        change: Called before the message with the number *at* of the app is taken.
    """

    def __init__(self, case: Case, change: Callable[[], object], at: int) -> None:
        super().__init__(case.make_scope(), case.list_messages())
        self._change = change
        self._at = at

    async def send(self, message: Message) -> None:
        """Take a message of the app."""
        if self.tried == self._at:
            self._change()
        await super().send(message)


def replace(path: Path) -> None:
    """Put another file in the place of the one at *path*, as is right."""
    other = path.with_name("other")
    other.write_bytes(OTHER)
    other.replace(path)


def grow(path: Path) -> None:
    """Add to the file at *path*."""
    with path.open("ab") as file:
        file.write(OTHER)


def truncate(path: Path) -> None:
    """Take the end off the file at *path*."""
    os.truncate(path, 300_000)


def remove_folder(path: Path) -> None:
    """Remove the folder of the file at *path*."""
    shutil.rmtree(path.parent)


FILES = {name: case for name, case in CASES.items() if case.body == LARGE}


@pytest.mark.parametrize("case", FILES.values(), ids=list(FILES))
@pytest.mark.parametrize("change", [Path.unlink, replace, grow, remove_folder])
def test_a_file_that_is_being_sent_stays_what_it_was(
    case: Case, change: Callable[[Path], object], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that is removed, replaced or becomes longer while it is sent is sent as it was when that began."""
    caplog.set_level(logging.WARNING)
    for at in range(4):
        site = make_site(tmp_path)

        async def visit(site: Site[Yaat] = site, at: int = at) -> None:
            watch = Watch(site)
            exchange = ChangingExchange(case, lambda: change(tmp_path / "static" / "large.bin"), at)
            await exchange.serve(site.app)
            exchange.check(is_complete=True)
            assert exchange.outcome == (200, LARGE)
            await watch.check(at)

        run(visit())
    assert caplog.records == []


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("case", FILES.values(), ids=list(FILES))
def test_a_file_that_becomes_shorter_is_broken_off(
    case: Case, at: int, own_site: Site[Yaat], caplog: pytest.LogCaptureFixture
) -> None:
    """What is missing of a file cannot be sent: the connection is broken off, which is logged once, with the remedy."""
    caplog.set_level(logging.WARNING)
    path = own_site.folder / "static" / "large.bin"

    async def visit() -> None:
        watch = Watch(own_site)
        exchange = ChangingExchange(case, lambda: truncate(path), at)
        with pytest.raises(Exception, match="made shorter while it was sent"):
            await exchange.serve(own_site.app)
        exchange.check(is_complete=False)
        assert exchange.outcome[1] == LARGE[: len(exchange.outcome[1])]
        await watch.check(at)
        following = Exchange(case.make_scope(), case.list_messages())
        await following.serve(own_site.app)
        assert following.outcome == (200, LARGE[:300_000])

    run(visit())
    [record] = caplog.records
    assert record.exc_info is not None
    assert "os.replace(new, old)" in str(record.exc_info[1])


# --- files that cannot be opened ---


def ask(site: Site[Yaat], path: str) -> tuple[int | None, bytes]:
    """Return what is answered for *path*, which leaves nothing behind."""

    async def visit() -> tuple[int | None, bytes]:
        watch = Watch(site)
        case = Case(path=path)
        exchange = Exchange(case.make_scope(), case.list_messages())
        await exchange.serve(site.app)
        exchange.check(is_complete=True)
        await watch.check(path)
        return exchange.outcome

    return run(visit())


@pytest.mark.parametrize("cache_bytes", [0, 1_000_000])
def test_a_folder_may_go_and_come_back(cache_bytes: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A folder that is removed has no files; made anew, or as something else, it is looked at anew."""
    folder = tmp_path / "static"
    folder.mkdir()
    app = Yaat(autoload=False)
    app.mount("/static", StaticFiles(folder, cache_bytes=cache_bytes))
    site = Site(app, Ledger(), tmp_path)
    for content in (b"one", b"two"):
        folder.mkdir(exist_ok=True)
        (folder / "a.txt").write_bytes(content)
        os.utime(folder / "a.txt", (1_000_000_000, 1_000_000_000))
        assert [ask(site, "/static/a.txt") for _ in range(2)] == [(200, content)] * 2
        shutil.rmtree(folder)
        assert ask(site, "/static/a.txt")[0] == 404
    folder.write_bytes(b"no folder")
    assert ask(site, "/static/a.txt")[0] == 404
    folder.unlink()
    folder.symlink_to(folder)
    assert ask(site, "/static/a.txt")[0] == 404
    assert caplog.records == []


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may look into, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def give_up_rights() -> Iterator[None]:
    """Have no right to read what belongs to others, which root has."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("path", ["/static/small.txt", "/static/large.bin", "/file"])
@pytest.mark.parametrize("target", ["static", "static/small.txt", "static/large.bin"])
def test_a_file_that_may_not_be_read_is_not_there(
    path: str, target: str, open_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file or folder without the right to read it is a 404, and no error; that of others goes on."""
    site = make_site(open_folder)
    (open_folder / target).chmod(0)
    name = "large.bin" if path == "/file" else path.rpartition("/")[2]
    is_barred = target in ("static", f"static/{name}")
    with give_up_rights():
        assert ask(site, path)[0] == (404 if is_barred else 200)
    assert caplog.records == []
    (open_folder / target).chmod(0o755)


@pytest.mark.parametrize(
    ("name", "status"), [("small static file", 404), ("large static file", 404), ("file", 404), ("form", 500)]
)
def test_a_process_with_too_many_files_open_says_so(
    name: str, status: int, site: Site[Yaat], caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be opened for the trouble of this machine is logged once, and the next request is answered again."""
    case = CASES[name]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def visit() -> int | None:
        await case.visit(site.app)
        watch = Watch(site)
        exchange = Exchange(case.make_scope(), case.list_messages())
        free = os.dup(0)  # Its number is the first that is free.
        os.close(free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
        try:
            await exchange.serve(site.app)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        exchange.check(is_complete=True)
        await watch.check(name)
        await case.visit(site.app)
        return exchange.outcome[0]

    assert run(visit()) == status
    assert len(caplog.records) == 1
    assert "Too many open files" in caplog.text
