"""What a client and a server say to begin with."""

from typing import Any, TypedDict

import pytest

from yaat import Request, Yaat
from yaat.connection import DEFAULT_MAX_BODY_BYTES, OUTSIDE, Address, Connection
from yaat.exceptions import BadRequest, UnknownRoute
from yaat.state import State

from .asgi_driver import ask, make_scope


def connect(path: str = "/", *headers: tuple[str, str], **scope: Any) -> Connection[Any]:
    """Return a connection outside any app."""
    return Connection(make_scope("GET", path, headers=headers, **scope))


# --- what it is about ---


def test_connection_outside_an_app_has_no_route() -> None:
    """Outside an app there is no app and no route, and the limit is the default."""
    connection = connect()
    assert (connection.app, connection.route) == (None, None)
    assert connection.place.max_body_bytes == DEFAULT_MAX_BODY_BYTES == 16 * 1024 * 1024
    assert connection.place is OUTSIDE


def test_route_and_app_are_known_in_a_handler() -> None:
    """A handler finds its app and its route, with the metadata given there."""
    app = Yaat(autoload=False)
    seen: list[Any] = []

    @app.get("/items/{id:int}", tags=["items"])
    async def show(request: Request[Any], id: int) -> str:
        seen.extend([request.app, request.route.path, request.route.metadata["tags"], request.path_params])
        return ""

    ask(app, "GET", "/items/7")
    assert seen == [app, "/items/{id:int}", ["items"], {"id": 7}]


def test_path_is_decoded_and_holds_the_root_path() -> None:
    """The path is the decoded one that the server gives, root path included (ASGI spec, "HTTP")."""
    assert connect("/root/%C3%A4", root_path="/root").path == "/root/ä"


def test_path_has_no_parameters_outside_a_route() -> None:
    """Without a route there are no path parameters."""
    assert connect().path_params == {}


def test_client_is_host_and_port() -> None:
    """The client is the address at the other end."""
    assert connect(client=("10.0.0.1", 50001)).client == Address(host="10.0.0.1", port=50001)


def test_client_may_be_unknown() -> None:
    """A server may not say who the client is."""
    assert connect(client=None).client is None


def test_representation_shows_method_and_path() -> None:
    """A request shows its method and path in logs, and neither query nor headers, which may hold secrets."""
    request: Request[Any] = Request(make_scope("GET", "/a?token=secret", headers=[("authorization", "secret")]))
    assert repr(request) == "<Request GET '/a'>"


# --- state ---


def test_state_is_that_of_the_lifespan() -> None:
    """What the lifespan yielded is there, and what is put there stays with the request."""
    connection = connect(state={"db": "database"})
    assert connection.state.db == "database"
    connection.state.user = "alice"
    assert connection.scope["state"] == {"db": "database", "user": "alice"}
    assert connection.state is connection.state


def test_state_is_empty_without_a_lifespan() -> None:
    """Without a lifespan the state is empty and can be filled."""
    connection = connect()
    connection.state["user"] = "alice"
    assert isinstance(connection.state, State)
    assert connection.scope["state"] == {"user": "alice"}


class Shop(TypedDict):
    """What a lifespan yields."""

    db: str


def test_state_can_be_typed() -> None:
    """`Request[Shop]` tells a type checker what the state holds."""

    def read(request: Request[Shop]) -> str:
        return request.state["db"]

    assert read(Request(make_scope("GET", "/", state={"db": "database"}))) == "database"


# --- headers ---


def test_repeated_headers_are_kept() -> None:
    """Of headers with the same name none is lost."""
    headers = connect("/", ("X-Tag", "1"), ("x-tag", "2")).headers
    assert headers["x-tag"] == "1"
    assert headers.get_all("X-Tag") == ["1", "2"]


def test_headers_are_parsed_once() -> None:
    """Headers and query parameters are the same objects each time they are asked for."""
    connection = connect("/?a=1", ("cookie", "a=1"))
    assert connection.headers is connection.headers
    assert connection.query_params is connection.query_params
    assert connection.cookies is connection.cookies


def test_cookies_are_parsed() -> None:
    """Cookies are found by name."""
    assert connect("/", ("cookie", 'a=1; b="2"')).cookies == {"a": "1", "b": "2"}


def test_cookies_of_several_fields_are_joined() -> None:
    """HTTP/2 may split the Cookie field (RFC 9113 §8.2.3), and all of its parts count."""
    assert connect("/", ("cookie", "a=1"), ("cookie", "b=2")).cookies == {"a": "1", "b": "2"}


def test_without_cookies_there_are_none() -> None:
    """A request without a Cookie field has no cookies."""
    assert connect().cookies == {}


# --- query ---


def test_query_is_decoded() -> None:
    """Query parameters are decoded; repeated ones are kept."""
    query = connect("/?a=1&b=x%20y&a=2").query_params
    assert query.get_all("a") == ["1", "2"]
    assert query["b"] == "x y"


def test_server_may_leave_out_the_query() -> None:
    """A scope without a query string is one with an empty one."""
    connection = connect()
    del connection.scope["query_string"]
    assert list(connection.query_params) == []


@pytest.mark.parametrize("raw", [b"\xff=\x00&%zz", b"%ff%fe", "ä=ö".encode(), b"&&==&", b"=" * 5000])
def test_no_query_makes_reading_fail(raw: bytes) -> None:
    """Whatever bytes the query has, they are read as well as possible."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show(request: Request[Any]) -> list[list[str]]:
        return [list(pair) for pair in request.query_params.multi_items()]

    assert ask(app, "GET", "/", scope={"query_string": raw}).status == 200


@pytest.mark.parametrize(("count", "status"), [(1000, 200), (1001, 400)])
def test_too_many_query_parameters_are_refused(count: int, status: int) -> None:
    """More than a thousand query parameters are answered with 400."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show(request: Request[Any]) -> str:
        return str(len(request.query_params.multi_items()))

    assert ask(app, "GET", "/?" + "&".join(["a=1"] * count)).status == status


# --- url ---


def test_url_is_made_from_the_parts_of_the_scope() -> None:
    """The URL has scheme, host, path and query as they were sent."""
    connection = connect("/a%2Fb?c=d", ("host", "example.com:8443"), scheme="https")
    assert connection.url == "https://example.com:8443/a%2Fb?c=d"
    assert connection.url is connection.url


def test_headers_of_proxies_are_not_believed() -> None:
    """Any client can send them: what is true of a proxy in front, the server puts into the scope."""
    headers = [
        ("host", "example.com"),
        ("forwarded", "for=6.6.6.6;proto=https;host=evil.com"),
        ("x-forwarded-for", "6.6.6.6"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.com"),
        ("x-forwarded-prefix", "/evil"),
    ]
    connection = connect("/a", *headers, client=("10.0.0.1", 5))
    assert (connection.url, connection.client) == ("http://example.com/a", ("10.0.0.1", 5))


@pytest.mark.parametrize(
    "hosts",
    [
        ["evil.com/path"],
        ["user@evil.com"],
        ["a b"],
        ["a\x00"],
        ["[::1"],
        ["a:99999"],
        ["a.com", "b.com"],
        ["a.com", "a.com"],
    ],
)
def test_malformed_or_doubled_host_is_refused(hosts: list[str]) -> None:
    """A Host header that is malformed, or comes twice, is answered with 400 where the URL is asked for."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show(request: Request[Any]) -> str:
        return str(request.url)

    assert ask(app, "GET", "/", headers=[("host", host) for host in hosts]).status == 400


def test_malformed_host_does_not_matter_to_who_does_not_ask() -> None:
    """A handler that does not ask for the URL is not hindered by a malformed host."""
    connection = connect("/", ("host", "a b"))
    assert connection.path == "/"
    with pytest.raises(BadRequest, match="host"):
        _ = connection.url


# --- url_for ---


def make_app() -> Yaat:
    """Return an app with one named route."""
    app = Yaat(autoload=False)

    @app.get("/items/{id:int}")
    async def item(request: Request[Any], id: int) -> str:
        return str(request.url_for("item", id=id + 1, page=2))

    return app


def test_url_for_is_relative() -> None:
    """The URL of a route has neither scheme nor host; parameters that the path does not have are the query."""
    assert ask(make_app(), "GET", "/items/1").text == "/items/2?page=2"


@pytest.mark.parametrize("root_path", ["/root", "/root/"])
def test_url_for_is_below_the_root_path(root_path: str) -> None:
    """Where the server says a root path, it stands in front."""
    answer = ask(make_app(), "GET", "/root/items/1", scope={"root_path": root_path})
    assert answer.text == "/root/items/2?page=2"


def test_url_for_of_an_unknown_route_is_told() -> None:
    """A name that no route has raises an error."""
    app = make_app()
    app.build()
    place = app.find_place(make_scope("GET", "/items/1"), "GET")
    connection: Connection[Any] = Connection(make_scope("GET", "/"), place)
    with pytest.raises(UnknownRoute):
        connection.url_for("items")


# --- for the pipeline ---


def test_generators_of_middleware_are_kept_for_the_way_out() -> None:
    """Generators that wait for the response are given back in reverse, as the way out wants them."""
    request: Request[Any] = Request(make_scope("GET", "/"))
    for generator in ("outer", "inner"):
        request.add_around(generator)
    assert [request.take_around() for _ in range(3)] == ["inner", "outer", None]
    assert connect().take_around() is None
