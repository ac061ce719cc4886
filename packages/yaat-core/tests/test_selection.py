"""Selection: from a scope to what serves it, by protocol, host and path."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import Plugin, Router, Yaat, hookimpl
from yaat.asgi import ASGIApp, Scope
from yaat.exceptions import ConfigurationError, RouteConflict
from yaat.records import PathConverter, Protocol
from yaat.routing.route import TrailingSlash
from yaat.selection import find_other

from .asgi_driver import Answer, call


def ask(app: Any, method: str, path: str, **options: Any) -> Answer:
    """Return what *app* answers when it is built already, so that a static path is found at the first look."""
    if isinstance(app, Yaat):
        app.build()
    return asyncio.run(call(app, method, path, **options))


async def where(request: Any, **path_params: Any) -> str:
    """Answer with the template of the route and its parameters."""
    values = " ".join(f"{name}={value!r}" for name, value in sorted(path_params.items()))
    return f"{request.route.path} {values}".strip()


def make_app(*paths: str, trailing_slash: TrailingSlash = "strict", **options: Any) -> Yaat:
    app = Yaat(autoload=False, trailing_slash=trailing_slash)
    for path in paths:
        app.add_route(path, where, **options)
    return app


def visit(app: Yaat, host: str, path: str = "/") -> str:
    """Return the answer, or the status of an error."""
    answer = ask(app, "GET", path, headers=[("Host", host)])
    return answer.text if answer.status == 200 else str(answer.status)


# --- paths ---


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/users/me", "/users/me"),
        ("/users/5", "/users/{id:int} id=5"),
        ("/users/anna", "/users/{name} name='anna'"),
        ("/users/a/b", "/users/{rest:path} rest='a/b'"),
        ("/users/a%2Fb", "/users/{name} name='a/b'"),
        ("/users/v5.json", "/users/v{n}.json n='5'"),
        ("/users/%D9%A3", "/users/{name} name='٣'"),
        ("/users/-5", "/users/{id:int} id=-5"),
    ],
)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_the_best_route_answers_whatever_the_order(path: str, text: str, is_reversed: bool) -> None:
    """A literal beats literal parts, those a typed parameter, that a `str`, and that a `path`."""
    paths = ["/users/{rest:path}", "/users/{name}", "/users/{id:int}", "/users/v{n}.json", "/users/me"]
    assert ask(make_app(*(reversed(paths) if is_reversed else paths)), "GET", path).text == text


@pytest.mark.parametrize("path", ["/text%0A", "/text%00", "/text/", "//text", "/%2Ftext", "/TEXT"])
def test_a_path_that_is_nearly_right_is_not_found(path: str) -> None:
    """Only the very path leads to a route; a line feed at its end is no end of the line."""
    assert ask(make_app("/text"), "GET", path).status == 404


@pytest.mark.parametrize("path", ["/int/%D9%A3", "/int/" + "9" * 100_000, "/int/5%0A", "/int/"])
def test_what_is_no_number_is_not_found(path: str) -> None:
    """Digits of other scripts and endless numbers are a 404, and never an error."""
    assert ask(make_app("/int/{n:int}"), "GET", path).status == 404


@pytest.mark.parametrize("path", ["/", "/x/y"])
@pytest.mark.parametrize("root", ["/api", "/api/v1/", "/api/{x}"])
def test_a_root_path_stands_before_every_path(root: str, path: str) -> None:
    """A server that says where the app is mounted leaves that in the path, and only the rest is matched."""
    scope = {"root_path": root}
    assert ask(make_app("/", "/x/{y}"), "GET", root.rstrip("/") + path, scope=scope).status == 200


@pytest.mark.parametrize(
    "scope",
    [
        {"raw_path": None},
        {"raw_path": b"/text?x=1"},
        {"raw_path": b"/before/rewriting"},
        {"raw_path": b"/before%2Frewriting"},
        {"root_path": None},
    ],
    ids=["no raw path", "raw path with query", "other raw path", "other encoded raw path", "no root path"],
)
def test_odd_scopes_are_served(scope: dict[str, Any]) -> None:
    """Servers and middleware differ in what they say beside the path; the path is what counts."""
    app = make_app("/text", "/{x}")
    assert [ask(app, "GET", path, scope=scope).text for path in ("/text",)] == ["/text"]


def test_a_scope_with_the_least_is_served() -> None:
    """Neither the raw path nor the root path need be in a scope (ASGI spec, "HTTP connection scope")."""
    app = make_app("/text")

    async def least(scope: Scope, receive: Any, send: Any) -> None:
        await app({key: scope[key] for key in scope if key not in ("raw_path", "root_path")}, receive, send)

    assert ask(least, "GET", "/text").text == "/text"


HOSTILE = make_app(
    "/", "/x/{n:int}/{name}", "/{a}.{b}", "/files/{rest:path}", "/day/{day:date}/", trailing_slash="redirect"
)


@settings(deadline=None, max_examples=300)
@given(
    st.one_of(st.text(), st.text("/x.%2F5-é", max_size=30).map("/".__add__), st.text().map("/files/".__add__)),
    st.none() | st.binary() | st.text("/x.%2F5", max_size=30).map(str.encode),
    st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "get", ""]),
    st.none() | st.text() | st.just("/x"),
)
def test_any_path_gets_one_answer(path: str, raw_path: bytes | None, method: str, root_path: str | None) -> None:
    """Whatever paths a server hands over, there is one complete answer and nothing escapes the app."""
    scope = {"path": path, "raw_path": raw_path, "root_path": root_path}
    answer = ask(HOSTILE, method, "/", scope=scope)
    assert answer.status in (200, 204, 308, 404, 405)
    assert [message["type"] for message in answer.messages] == ["http.response.start", "http.response.body"]


# --- hosts ---


def test_a_route_for_one_host_answers_there_alone() -> None:
    """A route may be for one host; case and port of the Host header do not matter."""
    app = make_app("/", host="api.example.com")
    hosts = [
        "api.example.com",
        "API.Example.com:8000",
        "api.example.com:",
        "www.example.com",
        "example.com",
        "",
        "api.example.com.evil.org",
    ]
    assert [visit(app, host) for host in hosts] == ["/", "/", "/", "404", "404", "404", "404"]


def test_a_parameter_takes_one_label_of_the_host() -> None:
    """A host may hold parameters, which the handler gets like those of the path."""
    app = make_app("/{id:int}", host="{tenant}.example.com")
    assert visit(app, "acme.example.com", "/5") == "/{id:int} id=5 tenant='acme'"
    assert [
        visit(app, host, "/5") for host in ("a.b.example.com", "example.com", ".example.com", "{tenant}.example.com")
    ] == ["404"] * 4


def test_a_host_with_parameters_gives_them_to_static_paths_too() -> None:
    """A path without parameters has those of its host."""
    assert visit(make_app("/", host="{tenant}.example.com"), "acme.example.com") == "/ tenant='acme'"


def test_routes_for_any_host_answer_at_every_host() -> None:
    """Routes without a host are there for all hosts; a route for one host comes before them."""
    app = make_app("/x", "/y")
    app.add_route("/x", where, host="api.example.com", name="x-api")
    app.add_route("/x", where, host="{t}.example.org", name="x-tenant")
    assert [visit(app, host, "/y") for host in ("api.example.com", "t.example.org", "other")] == ["/y"] * 3
    assert [visit(app, host, "/x") for host in ("t.example.org", "other")] == ["/x t='t'", "/x"]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_literal_host_comes_before_one_with_parameters(is_reversed: bool) -> None:
    """The routes of a host that is spelt out are found before those of a host with parameters, whatever the order."""
    app = Yaat(autoload=False)
    hosts = ["{tenant}.example.com", "api.example.com"]
    for host in reversed(hosts) if is_reversed else hosts:
        app.add_route("/", where, host=host, name=host)
    assert [visit(app, host) for host in ("api.example.com", "x.example.com")] == ["/", "/ tenant='x'"]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_host_with_fewer_parameters_comes_first(is_reversed: bool) -> None:
    """Of hosts with parameters, the one with the most literal labels is asked first, whatever the order."""
    app = Yaat(autoload=False)
    hosts = ["{a}.{b}.com", "{tenant}.example.com"]
    for host in reversed(hosts) if is_reversed else hosts:
        app.add_route("/", where, host=host, name=host)
    assert [visit(app, host) for host in ("x.example.com", "x.y.com")] == ["/ tenant='x'", "/ a='x' b='y'"]


def test_hosts_that_differ_in_names_alone_stop_the_build() -> None:
    """One of two hosts for the same requests would hide the routes of the other."""
    app = make_app("/x", host="{a}.example.com")
    app.add_route("/y", where, host="{b}.example.com")
    with pytest.raises(RouteConflict, match="are the same but for the names of their parameters"):
        app.build()


def test_a_request_without_a_host_gets_what_is_for_any() -> None:
    """HTTP/1.0 needs no Host header; such a request is for no host in particular."""
    app = make_app("/x")
    app.add_route("/x", where, host="api.example.com", name="api")
    assert ask(app, "GET", "/x").text == ask(app, "GET", "/x", headers=[("accept", "*/*")]).text == "/x"


def test_a_router_can_be_for_one_host() -> None:
    """A host of a router or a mount is that of all its routes, and of the answers where it has none."""
    app, router = make_app("/", name="main"), Router(host="api.example.com", prefix="/v1")
    router.add_route("/items", where)
    app.mount(router)
    assert [visit(app, host, "/v1/items") for host in ("api.example.com", "example.com")] == ["/items", "404"]


def test_an_asgi_app_can_be_mounted_for_one_host() -> None:
    """Mounted at `/` for a host, an ASGI app has the whole host, but for the routes that are for any."""

    async def other(scope: Scope, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"other"})

    app = make_app("/ping")
    app.mount("/", other, host="other.example.com")
    paths = ["/anything", "/ping"]
    assert [visit(app, "other.example.com", path) for path in paths] == ["other", "/ping"]
    assert [visit(app, "example.com", path) for path in paths] == ["404", "/ping"]


def test_a_host_is_decided_before_the_path() -> None:
    """A host that is spelt out does not fall back to the routes of a host with parameters."""
    app = make_app("/", host="api.example.com")
    app.add_route("/tenant", where, host="{tenant}.example.com")
    assert visit(app, "api.example.com", "/tenant") == "404"


def test_a_doubled_host_is_for_no_host() -> None:
    """A request with two Host headers is malformed, so it gets no host's routes (RFC 9112 §3.2)."""
    app = make_app("/", host="api.example.com")
    answer = ask(app, "GET", "/", headers=[("Host", "api.example.com"), ("Host", "evil.example")])
    assert answer.status in (400, 404)


# --- protocols ---


class Gopher(Plugin):
    name = "gopher"

    @hookimpl
    def yaat_register_protocols(self, app: Yaat) -> Protocol:
        return Protocol(
            name="gopher",
            make_endpoint=lambda placed, _: tell(f"{placed.template}"),
            make_fallback=lambda _: tell("nowhere"),
            upgrade="gopher",
        )


def tell(text: str) -> ASGIApp:
    """Return an app that answers with *text* and the path parameters."""

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": f"{text} {scope.get('path_params')}".encode()})

    return app


def test_a_protocol_of_a_plugin_has_tables_of_its_own() -> None:
    """Connections of another type than HTTP are found by path and host too."""
    app = Yaat(autoload=False, plugins=[Gopher()])
    app.add_route("/{n:int}", where, protocol="gopher")
    assert connect(app, "/5", "gopher") == "/{n:int} {'n': 5}"


@pytest.mark.parametrize(
    ("path", "root", "found"),
    [
        ("/a/b", "", "/a/b None"),
        ("/a%2Fb", "", "/{x} {'x': 'a/b'}"),
        ("/caf%C3%A9", "", "/café None"),
        ("/a/b", "/a", "/{x} {'x': 'b'}"),
        ("/a/b/c", "", "nowhere None"),
    ],
)
def test_a_static_path_of_a_protocol_is_the_path_as_it_came(path: str, root: str, found: str) -> None:
    """An encoded slash does not separate, and a root path is no part of the path, for any protocol."""
    app = Yaat(autoload=False, plugins=[Gopher()])
    for template in ("/a/b", "/café", "/{x}"):
        app.add_route(template, where, protocol="gopher", name=template)
    assert connect(app, path, "gopher", root_path=root) == found


@pytest.mark.parametrize("missing", ["raw_path", "root_path"])
def test_a_protocol_needs_the_least_too(missing: str) -> None:
    """A scope of another type may leave out what a server does not know, and then its path is what counts."""
    app = Yaat(autoload=False, plugins=[Gopher()])
    app.add_route("/x", where, protocol="gopher")
    assert connect(app, "/x", "gopher", **{missing: None}) == "/x None"


@pytest.mark.parametrize(
    ("hosts", "found"),
    [
        ([None], {"api.example.com": 426, "x.example.org": 426, "other": 426}),
        (["api.example.com", "{t}.example.org"], {"api.example.com": 426, "x.example.org": 426, "other": 404}),
    ],
    ids=["any", "some"],
)
def test_what_another_protocol_serves_is_known_by_host(hosts: list[str | None], found: dict[str, int]) -> None:
    """Whether another protocol has a route is asked for the host of the request."""
    app = Yaat(autoload=False, plugins=[Gopher()])
    for host in hosts:
        app.add_route("/x", where, protocol="gopher", host=host, name=host)
    assert {host: ask(app, "GET", "/x", headers=[("host", host)]).status for host in found} == found


def connect(app: Yaat, path: str, kind: str, **scope: Any) -> str:
    """Return what a connection of another type than HTTP, which has no method, is told."""

    async def without_method(scope: Scope, receive: Any, send: Any) -> None:
        await app({key: scope[key] for key in scope if key != "method"}, receive, send)

    return ask(without_method, "GET", path, scope={"type": kind, **scope}).text


def test_an_unknown_protocol_is_told_to_the_server() -> None:
    """A connection of a type that nobody serves is an error for the server to deal with (ASGI spec, "Applications")."""
    with pytest.raises(
        ConfigurationError, match=r"^No plugin serves connections of type 'gopher'; served are: http, lifespan\.$"
    ):
        connect(make_app("/"), "/", "gopher")


def test_websockets_need_a_plugin() -> None:
    """The message says what to install."""
    with pytest.raises(ConfigurationError, match=r"\. WebSockets need: pip install yaat-websockets$"):
        find_other("websocket", {})


# --- what must not break a request ---


def test_a_converter_that_fails_is_a_500() -> None:
    """A converter that raises anything but ValueError is a failure like any other: one response, logged once."""

    def parse(text: str) -> Any:
        raise KeyError(text)

    app = Yaat(autoload=False, converters=[PathConverter(name="bad", parse=parse)])
    app.add_route("/{x:bad}", where)
    answer: Answer = ask(app, "GET", "/x")
    assert answer.status == 500
