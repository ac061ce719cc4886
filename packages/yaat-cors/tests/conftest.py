"""What these tests share: a client that sends any bytes to an app, and an app that autoloads nothing."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from yaat import Request, Yaat

Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an app sent.

    Attributes:
        fields: As they were sent, in their order.
    """

    status: int
    fields: list[tuple[str, str]]
    text: str

    def get_all(self, name: str) -> list[str]:
        """Return all values of a header."""
        return [value for key, value in self.fields if key == name]

    def get(self, name: str) -> str | None:
        """Return the only value of a header, or `None`."""
        values = self.get_all(name)
        assert len(values) < 2, f"{name} came {len(values)} times"
        return values[0] if values else None

    @property
    def vary(self) -> set[str]:
        """What the answer says it depends on, in lower case."""
        return {name.strip().lower() for value in self.get_all("vary") for name in value.split(",")}

    @property
    def grants(self) -> dict[str, str]:
        """The headers of the CORS protocol."""
        return {key: value for key, value in self.fields if key.startswith("access-control-")}


async def _exchange(app: Any, scope: dict[str, Any], body: bytes) -> Answer:
    """Send one request, and gather what comes back."""
    sent: list[Any] = []
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if not messages:
            await asyncio.Event().wait()  # The client stays and says nothing more.
        return messages.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *bodies = sent
    assert start["type"] == "http.response.start"
    assert {message["type"] for message in bodies} == {"http.response.body"}
    assert not any(set(name + value) & {0, 10, 13} for name, value in start["headers"])
    return Answer(
        status=start["status"],
        fields=[(name.decode(), value.decode("latin-1")) for name, value in start["headers"]],
        text=b"".join(message.get("body", b"") for message in bodies).decode(),
    )


@pytest.fixture
def fetch() -> Callable[..., Answer]:
    """A function that sends a request to an app and returns its answer.

    Its `origin` may be several, in a list; `asks` is the method that a preflight is about.
    """

    def request(
        app: Any,
        path: str = "/",
        *,
        method: str = "GET",
        origin: str | list[str] | None = None,
        asks: str | None = None,
        fields: Fields = (),
        body: bytes = b"",
    ) -> Answer:
        origins = [origin] if isinstance(origin, str) else origin or []
        headers = [("host", "testserver"), *(("origin", each) for each in origins), *fields]
        if asks is not None:
            method = "OPTIONS"
            headers.append(("access-control-request-method", asks))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
        }
        return asyncio.run(_exchange(app, scope, body))

    return request


@pytest.fixture
def make_app() -> Callable[..., Yaat]:
    """A function that makes an app with a few routes."""

    def make(*plugins: Any, **options: Any) -> Yaat:
        app = Yaat(autoload=False, plugins=plugins, **options)

        @app.get("/")
        async def index(request: Request) -> str:
            return "index"

        @app.put("/")
        async def put(request: Request) -> str:
            return "put"

        @app.get("/broken")
        async def broken(request: Request) -> str:
            raise LookupError("broken")

        @app.post("/small", max_body_bytes=3)
        async def small(request: Request) -> bytes:
            return await request.body()

        return app

    return make
