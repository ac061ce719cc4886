"""What the tests in a browser share: the browser, two servers at two origins, and a page that must not complain.

They run in the session `browser`, which brings Playwright and looks for Chromium; elsewhere they are left out.
"""

import os
import shutil
import wave
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

IS_POSSIBLE = find_spec("playwright") is not None
collect_ignore_glob = [] if IS_POSSIBLE else ["test_*.py"]

if IS_POSSIBLE:
    from playwright.sync_api import Browser, sync_playwright

    from .serving import Server, listen, name_origin
    from .watching import WatchedPage

#: No look-ups and no connections of the browser's own.
ARGUMENTS = ["--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"]


# For each module anew: while Playwright runs, no other event loop can, and tests elsewhere need theirs.
@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium: the one that `YAAT_CHROMIUM` names, or that of the system."""
    path = os.environ.get("YAAT_CHROMIUM") or shutil.which("chromium")
    assert path, "Chromium is not installed; the session `browser` would have said so."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a text, and with a sound that is too long to be fetched whole before it is played."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "digits.txt").write_text("0123456789", "utf-8")
    with wave.open(str(folder / "silence.wav"), "wb") as sound:
        sound.setparams((2, 2, 44100, 0, "NONE", "not compressed"))
        sound.writeframes(bytes(4 * 44100 * 120))
    return folder


@pytest.fixture(scope="session")
def environment(files: Path) -> dict[str, str]:
    """What the apps are told."""
    return {"YAAT_BROWSER_FILES": str(files)}


@pytest.fixture(scope="session")
def origins(environment: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The origin of the pages, and that of the API, which allows it."""
    with ExitStack() as stack:
        listeners = [stack.enter_context(listen()) for _ in range(2)]
        pages, api = map(name_origin, listeners)
        servers = []
        for factory, listener in zip(("make_pages", "make_api"), listeners, strict=True):
            servers.append(Server(factory, listener, {**environment, "YAAT_BROWSER_PAGES": pages}))
            stack.callback(servers[-1].stop)
        for server in servers:
            server.wait_until_up()
        yield pages, api


@pytest.fixture
def pages(origins: tuple[str, str]) -> str:
    """The origin of the pages."""
    return origins[0]


@pytest.fixture
def api(origins: tuple[str, str]) -> str:
    """The origin of the API."""
    return origins[1]


@pytest.fixture
def page(browser: "Browser") -> "Iterator[WatchedPage]":
    """A page with cookies and a cache of its own; whatever its console complains of must have been expected."""
    context: Any = browser.new_context()
    watched = WatchedPage(context.new_page())
    yield watched
    context.close()
    assert watched.complaints == []
