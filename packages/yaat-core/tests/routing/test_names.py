"""Reverse routing: from a name and parameters to a path that leads back."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import Plugin, Router, Yaat, hookimpl
from yaat.exceptions import RouteConflict, UnknownRoute
from yaat.provenance import APP
from yaat.records import PathConverter
from yaat.routing import Route

from ..asgi_driver import ask

PROPERTY = settings(deadline=None)


async def handler(request: Any, **path_params: Any) -> dict[str, Any]:
    return {name: str(value) for name, value in path_params.items()}


def make_app(path: str, **options: Any) -> Yaat:
    app = Yaat(autoload=False)
    app.add_route(path, handler, name="it", **options)
    return app


@pytest.mark.parametrize(
    ("path", "parameters", "url"),
    [
        ("/", {}, "/"),
        ("/a/", {}, "/a/"),
        ("/café/b c", {}, "/caf%C3%A9/b%20c"),
        ("/{id:int}", {"id": 5}, "/5"),
        ("/{id:int}", {"id": "-5"}, "/-5"),
        ("/{x}", {"x": "a/b?c"}, "/a%2Fb%3Fc"),
        ("/{x}", {"x": 5}, "/5"),
        ("/{size}", {"size": "XXXXL"}, "/XXXXL"),
        ("/{x:path}/y", {"x": "a/b c"}, "/a/b%20c/y"),
        ("/{x:path}", {"x": ""}, "/"),
        ("/{day:date}", {"day": date(2020, 2, 29)}, "/2020-02-29"),
        ("/{x:float}", {"x": 1.5}, "/1.5"),
        ("/v{n:int}.{kind}", {"n": 1, "kind": "a.b"}, "/v1.a.b"),
        ("/{name}.json", {"name": "x.json"}, "/x.json.json"),
    ],
)
def test_a_path_is_filled_in(path: str, parameters: dict[str, Any], url: str) -> None:
    """Values are written by their converters and percent-encoded; the URL is relative."""
    assert make_app(path).url_for("it", **parameters) == url


def test_unknown_arguments_become_the_query() -> None:
    """What the path does not have is the query, whatever its name."""
    url = make_app("/{id}").url_for("it", id=1, page=2, q="a b", name="n", self="s")
    assert url == "/1?page=2&q=a+b&name=n&self=s"


@PROPERTY
@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")))
def test_a_url_leads_back_to_its_values(segment: str, rest: str) -> None:
    """Whatever text goes into a URL comes out of the request for it; dot segments do not go into one."""
    app = ROUND_TRIP
    try:
        url = app.url_for("it", segment=segment, rest=rest)
    except UnknownRoute:
        assert {".", ".."} & {segment, *rest.split("/")}
        return
    answer = ask(app, "GET", str(url))
    assert (answer.status, answer.text) == (200, f"{segment!r} {rest!r}")


ROUND_TRIP = Yaat(autoload=False)


@ROUND_TRIP.get("/{segment}/x/{rest:path}", name="it")
async def echo(request: Any, segment: str, rest: str) -> str:
    return f"{segment!r} {rest!r}"


@PROPERTY
@given(st.text("ab.", min_size=1), st.text("ab.", min_size=1))
def test_a_url_with_literal_parts_leads_back_or_is_refused(first: str, second: str) -> None:
    """Two values in one segment come back as they were, or `url_for` refuses them."""
    app = ROUND_TRIP_WITH_PARTS
    try:
        url = app.url_for("it", first=first, second=second)
    except UnknownRoute:
        assert ".." in first or first.endswith(".") or second in (".", "..")
        return
    assert ask(app, "GET", str(url)).text == f"{first!r} {second!r}"


ROUND_TRIP_WITH_PARTS = Yaat(autoload=False)


@ROUND_TRIP_WITH_PARTS.get("/{first}..{second}!", name="it")
async def echo_parts(request: Any, first: str, second: str) -> str:
    return f"{first!r} {second!r}"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/{x}/edit", "."),
        ("/{x}/edit", ".."),
        ("/{x:path}", "../admin"),
        ("/{x:path}", "a/./b"),
        ("/{x:int}", "abc"),
        ("/{x:int}", 5.0),
        ("/{x:int}", 2**63),
        ("/{x:int}", None),
        ("/{x:float}", float("nan")),
        ("/{x:float}", "abc"),
        ("/{x:float}", None),
        ("/{x:date}", 5),
        ("/{x:uuid}", "123"),
        ("/{x}", ""),
        ("/{x}-{y}", "a-b"),
    ],
)
def test_a_value_that_the_route_would_not_read_is_refused(path: str, value: Any) -> None:
    """A URL that would lead to a 404 or to other values is an error, with the value and the place."""
    with pytest.raises(UnknownRoute, match=r"x=.* does not fit \{x(:\w+)?\} of the route 'it' at /\{x"):
        make_app(path).url_for("it", x=value, y="y")


def test_an_annotation_counts_as_a_converter() -> None:
    """A parameter that the handler annotates is checked like one with a converter."""
    app = Yaat(autoload=False)

    @app.get("/{id}")
    async def item(request: Any, id: int) -> str:
        return ""

    with pytest.raises(UnknownRoute, match=r"id='x' does not fit \{id:int\}"):
        app.url_for("item", id="x")


def test_annotations_that_differ_between_methods_are_left_out() -> None:
    """Where the methods of a view take different types, a text will do for the URL."""
    app = Yaat(autoload=False)

    @app.route("/{id}")
    class Item:
        async def get(self, request: Any, id: int) -> str:
            return ""

        async def put(self, request: Any, id: str) -> str:
            return ""

    assert app.url_for("Item", id="x") == "/x"


# --- which route ---


def test_the_route_with_the_most_parameters_is_taken() -> None:
    """Of several routes of one name, that counts which takes the most of the arguments."""
    app = Yaat(autoload=False)
    for path in ("/list", "/list/{page:int}"):
        app.add_route(path, handler)
    assert [app.url_for("handler"), app.url_for("handler", page=2)] == ["/list", "/list/2"]


def test_routes_for_other_methods_share_a_name() -> None:
    """Several methods of one path may have one name, whatever their handlers' annotations."""
    app = Yaat(autoload=False)

    @app.get("/{id}", name="item")
    async def read(request: Any, id: int) -> str:
        return ""

    app.add_route("/{id}", handler, ["PUT"], name="item")
    assert app.url_for("item", id=5) == "/5"


def test_two_paths_cannot_be_given_one_name() -> None:
    """A name that was given to two paths stops the build; the message names both lines."""
    app = make_app("/a")
    app.add_route("/b", handler, name="it")
    with pytest.raises(
        RouteConflict,
        match=r"(?s)called 'it'.*    /a added at .*test_names.*:\d+ by the app\n    /b added at .*another name=",
    ):
        app.build()


def test_the_error_about_two_paths_with_one_name_knows_who_gave_them() -> None:
    """The error holds the owners, and the message ends with the ways out."""
    app = make_app("/a")
    app.add_route("/b", handler, name="it")
    with pytest.raises(RouteConflict, match=r"\nGive one another name=, or name= the mount it is in\.$") as caught:
        app.build()
    assert caught.value.owners == (APP, APP)


def test_a_router_mounted_twice_needs_names_for_its_mounts() -> None:
    """The names of the mounts tell the routes of a router apart that is mounted twice."""
    app, router = Yaat(autoload=False), Router()
    router.add_route("/x", handler, name="x")
    app.mount("/a", router, name="a")
    app.mount("/b", router, name="b")
    assert [app.url_for("a:x"), app.url_for("b:x")] == ["/a/x", "/b/x"]


def test_a_name_that_several_paths_have_by_chance_is_ambiguous() -> None:
    """Routes that are called like their handler may share that name, but then `url_for` cannot choose."""
    app = Yaat(autoload=False)
    app.add_route("/a", handler)
    app.add_route("/b", handler)
    with pytest.raises(UnknownRoute, match="Several routes are called 'handler': /.*, /.*name="):
        app.url_for("handler")


def test_a_plugin_has_names_of_its_own() -> None:
    """The name of a plugin comes before the names of its routes."""

    class Blog(Plugin):
        name = "blog"

        @hookimpl
        def yaat_register_routes(self, app: Yaat) -> Route:
            return Route(path="/posts", handler=handler, name="posts")

    app = Yaat(autoload=False, plugins=[Blog()])
    assert app.url_for("blog:posts") == "/posts"


def test_a_mounted_app_uses_its_own_converters() -> None:
    """A route of a mounted app is written by the converters of that app."""
    child = Yaat(autoload=False, converters=[PathConverter(name="up", parse=str.upper, format=str.lower)])
    child.add_route("/{x:up}", handler, name="x")
    app = Yaat(autoload=False, converters=[PathConverter(name="up", parse=str.title, format=str.swapcase)])
    app.add_route("/{x:up}", handler, name="x")
    app.mount("/child", child, name="child")
    assert [app.url_for("child:x", x="aB"), app.url_for("x", x="aB")] == ["/child/ab", "/Ab"]


# --- mistakes ---


@pytest.mark.parametrize(
    ("name", "hint"), [("itt", "Did you mean 'it'?"), ("zzz", "Known names: it."), ("", "Known names: it.")]
)
def test_an_unknown_name_is_told_with_a_guess(name: str, hint: str) -> None:
    """The message guesses which name was meant, or lists them."""
    with pytest.raises(UnknownRoute, match=rf"No route is called '{name}'\. {hint.replace('?', '.')}"):
        make_app("/").url_for(name)


def test_an_app_without_routes_knows_no_name() -> None:
    """The message says so when there is no name at all."""
    with pytest.raises(UnknownRoute, match="Known names: none"):
        Yaat(autoload=False).url_for("it")


@pytest.mark.parametrize(("given", "told"), [({}, "nothing"), ({"a": 1, "c": 2}, "a, c")])
def test_missing_parameters_are_told(given: dict[str, Any], told: str) -> None:
    """The message lists what is needed and what was given."""
    with pytest.raises(UnknownRoute, match=rf"'it' at /\{{a\}}/\{{b\}} needs a, b; given: {told}\."):
        make_app("/{a}/{b}").url_for("it", **given)


def test_missing_parameters_of_several_routes_are_told() -> None:
    """Where several routes have the name, the message lists what each needs."""
    app = Yaat(autoload=False)
    app.add_route("/a/{x}", handler)
    app.add_route("/b/{y}/{z}", handler)
    with pytest.raises(UnknownRoute) as caught:
        app.url_for("handler")
    assert str(caught.value) == "The route 'handler' at /a/{x} or /b/{y}/{z} needs x or y, z; given: nothing."


def test_many_names_are_not_all_told() -> None:
    """The message lists twenty names, in their order."""
    app = Yaat(autoload=False)
    for number in range(30):
        app.add_route(f"/{number}", handler, name=f"page{number:02}")
    with pytest.raises(UnknownRoute) as caught:
        app.url_for("?")
    names = ", ".join(f"page{number:02}" for number in range(20))
    assert str(caught.value) == f"No route is called '?'. Known names: {names}."


# --- hosts ---


def test_a_host_is_part_of_the_url() -> None:
    """The URL of a route for one host names it, and takes the scheme of the page it stands on."""
    assert make_app("/x", host="api.example.com").url_for("it") == "//api.example.com/x"


def test_parameters_of_a_host_are_filled_in() -> None:
    """Parameters of the host are like those of the path, and none of them is left for the query."""
    url = make_app("/{id}", host="{tenant}.example.com").url_for("it", tenant="ACME", id=5, q=1)
    assert url == "//acme.example.com/5?q=1"


def test_a_missing_parameter_of_a_host_is_told() -> None:
    """Parameters of the host are needed as those of the path are."""
    with pytest.raises(UnknownRoute, match=r"at \{tenant\}\.example\.com/\{id\} needs tenant, id; given: id"):
        make_app("/{id}", host="{tenant}.example.com").url_for("it", id=5)


@pytest.mark.parametrize("tenant", ["evil.com/", "a.b", "", "a:80", "é"])
def test_a_value_that_cannot_be_part_of_a_host_is_refused(tenant: str) -> None:
    """No value can lead to another host."""
    with pytest.raises(UnknownRoute, match=f"tenant={tenant!r} cannot be part of the host"):
        make_app("/", host="{tenant}.example.com").url_for("it", tenant=tenant)


def test_a_host_that_cannot_be_is_told_with_all_its_values() -> None:
    """The message shows what each parameter of the host was given."""
    with pytest.raises(UnknownRoute) as caught:
        make_app("/", host="{a}.{b}.com").url_for("it", a="x", b="y.z")
    assert str(caught.value) == "a='x', b='y.z' cannot be part of the host '{a}.{b}.com' of 'it'."


def test_a_request_adds_the_root_path() -> None:
    """Below a root path, `request.url_for` gives a path that the client can follow."""
    app = Yaat(autoload=False)

    @app.get("/here/{x}")
    async def here(request: Any, x: str) -> str:
        return str(request.url_for("here", x="a/b"))

    assert ask(app, "GET", "/api/here/y", scope={"root_path": "/api"}).text == f"/api/here/{quote('a/b', safe='')}"
