"""Where a request goes and where an answer leads: what others had to mend in theirs, asked of ours."""

from contextlib import suppress

import pytest

from yaat import Request, Yaat
from yaat.responses import RedirectResponse
from yaat.url import URL, InvalidURL, encode_path, parse_url, url_from_scope

from .asking import ask, is_linear, make_scope

HOST = (b"host", b"good.example")


def make_app() -> Yaat:
    """Return an app that tells how it sees a request."""
    app = Yaat(autoload=False)

    @app.get("/{rest:path}")
    async def index(request: Request, rest: str) -> list[str]:
        return [request.url.host, request.url.path]

    return app


@pytest.mark.parametrize(
    "host", [b"good.example/admin?", b"good.example#", b"a@good.example", b"good.example\\", b"a b", b""]
)
def test_malformed_host_changes_no_path(host: bytes) -> None:
    """A URL is made of checked parts, so the path that is looked at is the path that was routed; or there is a 400."""
    assert ask(make_app(), "/public", headers=[HOST]).text == '["good.example","/public"]'
    assert ask(make_app(), "/public", headers=[(b"host", host)]).status == 400


@pytest.mark.parametrize("path", ["@evil.example", ".evil.example", ":80@evil.example", "evil.example/", ""])
def test_path_without_a_slash_changes_no_host(path: str) -> None:
    """What is no path does not become a part of the host before it."""
    url = url_from_scope(make_scope(path, raw_path=path.encode(), headers=[HOST]))
    assert (url, url.host, url.path) == ("http://good.example", "good.example", "")


@pytest.mark.parametrize(
    "host", [b"goodXexample", b"good.example.evil", b"evil-good.example", b"agood.example", b"good.example\n"]
)
def test_host_of_a_route_is_no_pattern(host: bytes) -> None:
    """A dot of a host is a dot, and a host is compared whole; so is what stands around a parameter."""
    app = Yaat(autoload=False)

    @app.get("/", host="good.example")
    async def one(request: Request) -> str:
        return "good"

    @app.get("/", host="{name}.shop.good.example")
    async def several(request: Request, name: str) -> str:
        return name

    assert ask(app, headers=[HOST]).text == "good"
    assert ask(app, headers=[(b"host", b"tea.shop.good.example")]).text == "tea"
    assert ask(app, headers=[(b"host", host)]).status == 404
    assert ask(app, headers=[(b"host", b"tea.shop." + host)]).status == 404


@pytest.mark.parametrize("hosts", [[], [(b"host", b"evil.example")]])
def test_no_header_stands_in_for_the_host(hosts: list[tuple[bytes, bytes]]) -> None:
    """Where Host is missing, nothing that a client says besides takes its place."""
    app = Yaat(autoload=False)

    @app.get("/", host="good.example")
    async def index(request: Request) -> str:
        return "good"

    forged = [
        (b"x-forwarded-host", b"good.example"),
        (b"forwarded", b"host=good.example"),
        (b"x-host", b"good.example"),
    ]
    assert ask(app, headers=[HOST]).status == 200
    assert ask(app, headers=[*hosts, *forged], server=None).status == 404


@pytest.mark.parametrize(
    "given", ["/evil.example", "//evil.example", "\\evil.example", "/\\evil.example", "\t/evil.example"]
)
def test_url_of_a_route_leads_to_no_other_host(given: str) -> None:
    """A parameter that begins like a host still is a part of a path."""
    app = Yaat(autoload=False)

    @app.get("/{rest:path}", name="page")
    async def page(request: Request, **path_params: str) -> RedirectResponse:
        return RedirectResponse(request.url_for("page", rest=given))

    location = ask(app, "/x")["location"]
    assert not location.startswith(("//", "/\\", "\\", "/\t"))
    assert not parse_url(location).is_absolute


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "http:evil.example",
        "http:///evil.example",
        "http:999999999",
        "https:/\\evil.example",
        "https://good.example@evil.example",
        "https://good.example\\@evil.example",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "\x08//evil.example",
        "java\nscript:alert(1)",
        "/\t/evil.example",
        "\t//evil.example",
    ],
)
def test_target_that_leads_elsewhere_is_told(target: str) -> None:
    """`parse_url` refuses what browsers repair, and says of the rest whether it leaves the site."""
    with suppress(InvalidURL):
        assert parse_url(target).is_absolute


@pytest.mark.parametrize(
    "target", ["/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example"]
)
def test_location_has_no_backslash_and_no_blank(target: str) -> None:
    """Browsers take a backslash for a slash, and leave blanks out; in a Location both are encoded."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def index(request: Request) -> RedirectResponse:
        return RedirectResponse(target)

    location = ask(app)["location"]
    assert not location.startswith(("//", "/\\", "\\"))
    assert "%" in location


@pytest.mark.parametrize("unit", ["ﷺ", "\u0301", "%", "%C3", "/", "\\"])
def test_long_locations_and_paths_take_linear_time(unit: str) -> None:
    """No text is normalised, and nothing is encoded again and again, whatever a URL is made of."""
    for make in (RedirectResponse, lambda text: URL(path=f"/{encode_path(text)}")):
        assert is_linear(lambda count: unit * count, make, count=20_000)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x00", " ", "\u2028", "\x85"])
def test_path_is_matched_to_its_end(end: str) -> None:
    """A line end behind a path makes another path of it, for routes as for what stands in front of them."""
    app = Yaat(autoload=False)

    @app.get("/admin")
    async def admin(request: Request) -> str:
        return "admin"

    @app.get("/items/{id:int}")
    async def item(request: Request, id: int) -> int:
        return id

    assert [ask(app, f"{path}{end}").status for path in ("/admin", "/items/7")] == [404, 404]


@pytest.mark.parametrize("accept", [b"text/html", b"text/plain", b"application/json", b"*/*"])
def test_unknown_path_is_not_repeated(accept: bytes) -> None:
    """Nobody can put a message on a page of the app by a path that does not exist."""
    answer = ask(Yaat(autoload=False), "/Call 555 1234 to keep your account", headers=[(b"accept", accept)])
    assert (answer.status, "555" in answer.text) == (404, False)
