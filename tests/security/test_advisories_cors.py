"""Pages of other origins: what others had to mend in their CORS, asked of ours."""

import pytest

from yaat import Yaat
from yaat_cors import CORSPlugin

from .asking import Answer, ask

PREFLIGHT = (b"access-control-request-method", b"GET")


def send(app: Yaat, origin: bytes, *headers: tuple[bytes, bytes]) -> Answer:
    """Return what *app* answers to the preflight of a page."""
    return ask(app, method="OPTIONS", headers=[(b"origin", origin), PREFLIGHT, *headers])


def is_allowed(app: Yaat, origin: bytes) -> bool:
    """Return whether a page of *origin* may read what *app* answers, in a preflight or without."""
    answers = (send(app, origin), ask(app, headers=[(b"origin", origin)]))
    told = {"access-control-allow-origin" in dict(answer.headers) for answer in answers}
    assert len(told) == 1
    return told.pop()


def make_app(**options: object) -> Yaat:
    """Return an app for pages of other origins."""
    app = Yaat(autoload=False, plugins=[CORSPlugin(**options)])  # type: ignore[arg-type]  # they are for any option

    @app.get("/")
    async def index() -> str:
        return "hello"

    return app


LOOK_ALIKE = [
    b"https://goodXexample",
    b"https://good.example.evil",
    b"https://evilgood.example",
    b"http://good.example",
]


@pytest.mark.parametrize("origin", LOOK_ALIKE)
def test_listed_origin_is_no_pattern(origin: bytes) -> None:
    """A dot is a dot, and what is listed is the whole of an origin."""
    app = make_app(allow_origins=["https://good.example"], allow_credentials=True)
    assert is_allowed(app, b"https://good.example")
    assert not is_allowed(app, origin)


@pytest.mark.parametrize(
    "origin", [b"https://a.good.example.evil", b"https://a.good.example:8443", b"https://a.good.example\n"]
)
def test_pattern_matches_the_whole_origin(origin: bytes) -> None:
    """An origin that only begins like one that is meant is another."""
    app = make_app(allow_origin_regex=r"https://\w+\.good\.example")
    assert is_allowed(app, b"https://a.good.example")
    assert not is_allowed(app, origin)


def test_private_network_is_closed_unless_it_is_opened() -> None:
    """A page from the internet may not reach into a private network because it may read answers."""
    asked = (b"access-control-request-private-network", b"true")
    closed = send(make_app(allow_origins=["https://good.example"]), b"https://good.example", asked)
    assert (closed.status, "access-control-allow-private-network" in dict(closed.headers)) == (400, False)
    opened = make_app(allow_origins=["https://good.example"], allow_private_network=True)
    assert send(opened, b"https://good.example", asked)["access-control-allow-private-network"] == "true"
