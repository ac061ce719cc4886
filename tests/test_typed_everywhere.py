"""Typed handlers beside the other packages: WebSockets, forms, templates and the document of the API."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
import pytest

from yaat import HTTPException, Yaat
from yaat_forms import FormsPlugin, UploadFile
from yaat_templates import TemplateResponse, Templates, template
from yaat_testclient import TestClient
from yaat_typed import File, Form, Header, TypedPlugin, Use
from yaat_websockets import WebSocket, WebSocketsPlugin

LEFT: list[str] = []


async def find_user(x_token: Annotated[str | None, Header()]) -> AsyncIterator[str]:
    if x_token is None:
        raise HTTPException(401)
    yield x_token
    LEFT.append(x_token)


@pytest.fixture
def app() -> Yaat:
    return Yaat(autoload=False, plugins=[TypedPlugin(), FormsPlugin(), WebSocketsPlugin()])


def test_a_websocket_has_dependencies_and_typed_values(app: Yaat) -> None:
    """They are given before the connection is accepted, and left when the handler is done."""

    @app.websocket_route("/rooms/{room}")
    async def chat(websocket: WebSocket, room: int, user: Annotated[str, Use(find_user)], size: int = 1) -> None:
        await websocket.accept()
        await websocket.send_json([room, user, size])

    with TestClient(app) as client:
        with client.websocket_connect("/rooms/5?size=3", headers={"x-token": "ada"}) as socket:
            assert socket.receive_json() == [5, "ada", 3]
        assert client.get("/rooms/5").status_code == 426
    assert LEFT == ["ada"]


def test_files_come_typed(app: Yaat) -> None:
    """From the package that reads forms, which nobody has to name."""

    @app.post("/")
    async def upload(
        title: Annotated[str, Form(min_length=2)], cover: UploadFile, pages: Annotated[list[UploadFile], File()]
    ) -> dict[str, Any]:
        return {"title": title, "cover": cover.filename, "sizes": [page.size for page in pages]}

    with TestClient(app) as client:
        files = [("cover", ("c.png", b"abc")), ("pages", ("1.txt", b"a")), ("pages", ("2.txt", b"bc"))]
        answer = client.post("/", data={"title": "Sea"}, files=files)
        assert answer.json() == {"title": "Sea", "cover": "c.png", "sizes": [1, 2]}
        answer = client.post("/", data={"title": "S", "cover": "x"}, files=files[1:])
        assert [each["pointer"] for each in answer.json()["errors"]] == ["#/title", "#/cover"]


def test_a_handler_with_a_template_may_say_what_it_returns() -> None:
    """Its values are the context of a page, and not JSON; a template may also be one of several answers."""
    templates = Templates({"page.html": "Hello {{ name }}"})
    app = Yaat(autoload=False, plugins=[TypedPlugin(), templates])

    @app.get("/marked")
    @template("page.html")
    async def marked(name: str, status: int = 200) -> dict[str, Any]:
        return {"name": name}

    @app.get("/either")
    async def either(name: str, page: bool = False) -> dict[str, str] | TemplateResponse:
        return TemplateResponse("page.html", {"name": name}) if page else {"name": name}

    with TestClient(app) as client:
        assert client.get("/marked?name=Ada").text == "Hello Ada"
        assert client.get("/marked").status_code == 422
        assert client.get("/either?name=Ada&page=true").text == "Hello Ada"
        assert client.get("/either?name=Ada").json() == {"name": "Ada"}


class Item(msgspec.Struct):
    name: str


def test_plain_apps_do_not_change_when_it_is_installed() -> None:
    """A handler that takes the request alone is called as before, and a dict is JSON as before."""
    app = Yaat()

    @app.get("/")
    async def index(request):  # type: ignore[no-untyped-def]  # as most handlers are written
        return {"path": request.path}

    with TestClient(app) as client:
        assert client.get("/").json() == {"path": "/"}
