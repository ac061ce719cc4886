"""What people who know other frameworks expect is here, with a test that shows it; or it is told why it is not."""

import ast
import re
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from yaat import Request, Router, Yaat
from yaat_forms import FormsPlugin
from yaat_testclient import TestClient

ROOT = Path(__file__).parent.parent
COMPARED = ROOT / "docs" / "explanation" / "compared.md"
TOPICS: dict[str, dict[str, dict[str, Any]]] = tomllib.loads((ROOT / "tests" / "peers.toml").read_text("utf-8"))
ROWS = {f"{topic}.{name}": row for topic, rows in TOPICS.items() for name, row in rows.items()}

each_row = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)


@cache
def find_tests(path: str) -> frozenset[str]:
    """Return the tests of a file, as their node ids name them; none if there is no such file."""
    file = ROOT / path
    return frozenset(name_tests(ast.parse(file.read_text("utf-8")).body)) if file.is_file() else frozenset()


def name_tests(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Yield the names of the test functions of a module or class, and of the classes in it."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from name_tests(node.body, f"{prefix}{node.name}::")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield prefix + node.name


@cache
def find_choices() -> tuple[str, ...]:
    """Return the beginnings of the lines that tell where Yaat chose otherwise."""
    return tuple(choice.rstrip(".") for choice in re.findall(r"(?m)^- \*\*(.+?)\*\*", COMPARED.read_text("utf-8")))


@each_row
def test_what_is_expected_is_shown_by_tests_that_exist(row: dict[str, Any]) -> None:
    """Whoever renames or removes a test says here what shows the same now."""
    named = [test.split("::", 1) for test in row.get("tests", ())]
    assert [f"{path}::{name}" for path, name in named if name not in find_tests(path)] == []


@each_row
def test_what_is_otherwise_is_explained(row: dict[str, Any]) -> None:
    """What is neither shown by a test nor explained is only claimed."""
    assert row["expects"].endswith(".")
    assert row.keys() <= {"expects", "tests", "otherwise"}
    assert row.get("tests") or row.get("otherwise")
    assert row.get("otherwise", find_choices()[0]) in find_choices()


def test_nothing_is_explained_that_nobody_expects() -> None:
    """A line that no row leads to is about something that has changed, or lacks its row."""
    assert set(find_choices()) == {row["otherwise"] for row in ROWS.values() if "otherwise" in row}


# --- beside another framework ---


def test_app_of_another_framework_can_be_mounted() -> None:
    """Its lifespan runs, its state is there, and its URLs have the prefix."""
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, str]]:
        events.append("started")
        yield {"db": "database"}
        events.append("stopped")

    async def item(request: StarletteRequest) -> JSONResponse:
        content = (await request.body()).decode()
        return JSONResponse([request.state.db, request.path_params, str(request.url_for("item", id=8)), content])

    app, router = Yaat(autoload=False), Router(prefix="/old")
    router.mount("/shop", Starlette(routes=[Route("/items/{id:int}", item, methods=["POST"])], lifespan=lifespan))
    app.mount(router)
    with TestClient(app) as client:
        answer = client.post("/old/shop/items/7", content="hello")
        assert answer.json() == ["database", {"id": 7}, "http://testserver/old/shop/items/8", "hello"]
        assert client.get("/old/shop/items/7").status_code == 405
        assert client.get("/old/shop/nowhere").status_code == 404
    assert events == ["started", "stopped"]


def test_app_can_be_mounted_in_another_framework() -> None:
    """It knows where it is from the root path, though nobody starts it there."""
    app = Yaat(autoload=False)

    @app.get("/items/{id}")
    async def item(request: Request, id: int) -> list[Any]:
        return [id, str(request.url_for("item", id=8))]

    with TestClient(Starlette(routes=[Mount("/shop", app)])) as client:
        assert client.get("/shop/items/7").json() == [7, "/shop/items/8"]
        assert client.get("/shop/items/seven").status_code == 404


@pytest.mark.parametrize(
    ("middleware", "options", "url", "status", "header"),
    [
        (GZipMiddleware, {"minimum_size": 10}, "http://shop.example/", 200, ("content-encoding", "gzip")),
        (TrustedHostMiddleware, {"allowed_hosts": ["shop.example"]}, "http://shop.example/", 200, None),
        (TrustedHostMiddleware, {"allowed_hosts": ["shop.example"]}, "http://evil.example/", 400, None),
        (HTTPSRedirectMiddleware, {}, "http://shop.example/", 307, ("location", "https://shop.example/")),
        (HTTPSRedirectMiddleware, {}, "https://shop.example/", 200, None),
    ],
)
def test_middleware_of_another_framework_works(
    middleware: Any, options: dict[str, Any], url: str, status: int, header: tuple[str, str] | None
) -> None:
    """ASGI middleware knows nothing of the framework that it came with."""
    app = Yaat(autoload=False)
    app.add_middleware(middleware, **options)

    @app.get("/")
    async def index() -> str:
        return "hello " * 10

    with TestClient(app) as client:
        answer = client.get(url, follow_redirects=False)
    assert answer.status_code == status
    assert header is None or header in answer.headers.items()


def test_parts_of_a_form_need_no_temporary_files(tmp_path: Path) -> None:
    """What is read as it comes is kept nowhere; what is read as a form may be, so that it can be read again."""
    spool = tmp_path / "spool"
    spool.mkdir()
    app = Yaat(autoload=False, plugins=[FormsPlugin(spool_folder=spool)])

    @app.post("/parts")
    async def read_parts(request: Request) -> list[int]:
        return [sum([len(chunk) async for chunk in part]) async for part in request.multipart()]

    @app.post("/form")
    async def read_form(request: Request) -> list[int]:
        return [(await request.form())["file"].size]

    with TestClient(app) as client:
        spool.rmdir()
        content = bytes(5_000_000)
        assert client.post("/parts", files={"file": content}).json() == [len(content)]
        with pytest.raises(FileNotFoundError):
            client.post("/form", files={"file": content})
