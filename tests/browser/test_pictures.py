"""The pictures in the documentation: what they show is there, and `YAAT_PICTURES=docs/images` takes them anew."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from .serving import PATIENCE_SECONDS, listen, name_origin
from .watching import WatchedPage

SHOWCASE = Path(__file__).parents[2] / "examples" / "showcase"
BROKEN = """
from yaat import Yaat

app = Yaat(debug=True)
PRICES = {"pen": 2, "book": 12}


@app.get("/price/{name}")
async def price(request, name: str):
    return {"name": name, "price": PRICES[name]}
"""
Serve = Callable[[Path], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve `app.py` of a folder, and give its origin."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(folder: Path) -> str:
        with closing(listen()) as listener:
            command = [sys.executable, "-m", "uvicorn", "app:app", f"--app-dir={folder}", "--log-level=critical"]
            descriptor = listener.fileno()
            processes.append(subprocess.Popen([*command, f"--fd={descriptor}"], pass_fds=[descriptor], cwd=folder))
            return name_origin(listener)

    yield start
    for process in processes:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


@pytest.fixture
def take(tmp_path: Path, page: WatchedPage) -> Callable[..., None]:
    """Take a picture of the page."""
    folder = Path(os.environ.get("YAAT_PICTURES", tmp_path))
    # Browsers ask for it by themselves, and complain where there is none.
    page.driver.route("**/favicon.ico", lambda route: route.fulfill(status=204))

    def take_picture(name: str, height: int = 640) -> None:
        page.driver.set_viewport_size({"width": 1000, "height": height})
        page.driver.screenshot(path=folder / f"{name}.png")
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")

    return take_picture


def test_showcase(page: WatchedPage, serve: Serve, take: Callable[..., None]) -> None:
    """The guest book greets."""
    page.open(serve(SHOWCASE))
    assert "Be the first to sign" in page.driver.inner_text("body")
    take("showcase")


def test_docs_page(page: WatchedPage, serve: Serve, take: Callable[..., None]) -> None:
    """Its API is described, and can be tried."""
    page.open(f"{serve(SHOWCASE)}/docs")
    page.driver.locator(".opblock-summary", has_text="/api/entries").first.click()
    take("docs-page")


def test_debug_page(page: WatchedPage, serve: Serve, take: Callable[..., None], tmp_path: Path) -> None:
    """An error shows the line it came from."""
    (tmp_path / "app.py").write_text(BROKEN)
    origin = serve(tmp_path)
    with page.expect_complaint("500"):
        page.open(f"{origin}/price/lamp")
    assert "PRICES[name]" in page.driver.inner_text("body")
    # Where the picture is taken is no part of it.
    page.run(
        "([folder]) => { document.body.innerHTML = document.body.innerHTML.replaceAll(folder, ''); }", f"{tmp_path}/"
    )
    take("debug-page", height=405)
