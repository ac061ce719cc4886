"""Apps that are different as long as a block runs."""

from collections.abc import Generator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import pytest

from yaat import Middleware, Plugin, Request, Router, Yaat, hookimpl
from yaat.arguments import Argument, Source
from yaat.exceptions import ConfigurationError
from yaat.records import Lifespan, ParameterResolver
from yaat.routing import Route
from yaat_testclient import AsyncTestClient, TestClient, make_app
from yaat_testclient.overrides import list_apps, list_roots


class Mail(Plugin):
    """Says what it is called."""

    name = "mail"

    def __init__(self, kind: str = "real") -> None:
        self.kind = kind

    @hookimpl
    def yaat_configure(self, app: Yaat) -> None:
        app.extensions["mail"] = self.kind


class Settled(Plugin):
    """Reads its settings."""

    name = "settled"

    def __init__(self, kind: str = "real") -> None:
        self.kind = kind

    @hookimpl
    def yaat_configure(self, app: Yaat, settings: Any) -> None:
        app.extensions["settled"] = settings.get("kind", self.kind)


def stamp(request: Request) -> Generator[None, Any, None]:
    response = yield
    response.headers["x-stamp"] = "yes"


class Stamp(Plugin):
    name = "stamp"

    @hookimpl
    def yaat_register_middleware(self, app: Yaat) -> Middleware:
        return Middleware(stamp)


async def tell(request: Request) -> str:
    return str(request.app.extensions.get("mail"))


async def tell_state(request: Request) -> list[Any]:
    return [request.app.state.get("db"), request.state.get("db")]


def make(*plugins: Any, **options: Any) -> Yaat:
    app = make_app(*plugins, **options)
    app.add_route("/", tell)
    app.add_route("/tell", tell)
    app.add_route("/state", tell_state)
    return app


def test_a_plugin_is_replaced_by_one_of_its_name_for_the_block() -> None:
    """Before and after it everything is as it was."""
    app = make(Mail())
    with TestClient(app) as client:
        before = dict(vars(app))
        with client.override(plugin=Mail("fake")):
            assert client.get("/").text == "fake"
        assert client.get("/").text == "real"
        assert {name: vars(app)[name] for name in before} == before


def test_what_is_set_in_the_block_goes_with_it() -> None:
    """The app is the one that it was before."""
    app = make(Mail())
    client = TestClient(app)
    with client.override(plugin=Mail("fake")):
        app.debug = True
        app.note = "new"  # type: ignore[attr-defined]  # a note of this test's own
    assert app.debug is False
    assert not hasattr(app, "note")


def test_it_reaches_mounted_apps() -> None:
    """Those below routers and other apps too, each that has the plugin."""
    inner, other = make(Mail("inner")), make()
    router = Router()
    router.mount("/inner", inner)
    middle = make()
    middle.mount("/router", router)
    app = make(Mail())
    app.mount("/middle", middle)
    app.mount("/other", other)
    client = TestClient(app)
    with client.override(plugin=Mail("fake")):
        assert client.get("/middle/router/inner/tell").text == "fake"
        assert client.get("/middle/tell").text == client.get("/other/tell").text == "None"
    assert client.get("/middle/router/inner/tell").text == "inner"


class Around:
    """ASGI middleware, as it is written everywhere."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


def test_it_reaches_apps_in_asgi_middleware() -> None:
    """Mounted or not, and those mounted in them; each is what it was when the block ends."""
    innermost, inner, app = make(Mail("innermost")), make(Mail("inner")), make(Mail())
    inner.mount("/innermost", innermost)
    router = Router()
    router.mount("/inner", Around(Around(inner)))
    app.mount("/router", router)
    app.mount("/itself", Around(app))  # It would go on for ever.
    client = TestClient(Around(app))
    paths = ("/tell", "/router/inner/tell", "/router/inner/innermost/tell")
    before = [client.get(path).text for path in paths]
    with client.override(plugin=Mail("fake"), state={"db": "fake"}):
        assert [client.get(path).text for path in paths] == ["fake"] * 3
        assert client.get("/router/inner/state").json() == ["fake", "fake"]
    assert [client.get(path).text for path in paths] == before == ["real", "inner", "innermost"]


def test_what_is_no_middleware_around_an_app_is_told_apart() -> None:
    """Whatever it keeps as its `app`."""
    around = Around(None)
    around.app = around
    assert list_roots(around) == list_roots(Around("app")) == []


class Summary(Plugin):
    """Notes the routes of an app that is built, in itself and in all kinds of places."""

    name = "summary"

    @hookimpl
    def yaat_configure(self, app: Yaat) -> None:
        app.extensions["summary"] = self

    @hookimpl
    def yaat_app_built(self, app: Yaat, report: Any) -> None:
        self.paths = [route.path for route in report.routes]
        app.extensions["paths"] = self.paths
        for path in self.paths:
            app.extensions.setdefault("list", []).append(path)
            app.extensions.setdefault("dict", {})[path] = len(app.extensions["list"])


class Extra(Plugin):
    name = "extra"

    @hookimpl
    def yaat_register_routes(self, app: Yaat) -> Route:
        return Route(path="/extra", handler=tell)


def copy_extensions(app: Yaat) -> dict[str, Any]:
    return {name: each if name == "summary" else each.copy() for name, each in app.extensions.items()}


@pytest.mark.parametrize("is_mounted", [True, False])
def test_what_plugins_note_of_the_built_app_is_what_it_was(is_mounted: bool) -> None:
    """In the block it is that of the other app, also in an app around the one that has the plugin."""
    summary = Summary()
    inner = make_app(Extra())
    app = make_app(summary) if is_mounted else make_app(summary, Extra())
    if is_mounted:
        app.mount("/inner", inner)
    client = TestClient(app)
    app.build()
    before, paths = copy_extensions(app), summary.paths
    assert len(paths) == 1
    with client.override(block=["extra"]):
        assert app.extensions["summary"].paths == app.extensions["paths"] == []
    assert (summary.paths, app.extensions) == (paths, before)


def test_what_plugins_note_is_what_it_was_when_a_resolver_is_replaced() -> None:
    """There no plugin is configured anew."""
    resolver = ParameterResolver(name="who", resolve=lambda parameter, shape: None)

    class Who(Plugin):
        name = "who"

        @hookimpl
        def yaat_register_parameter_resolvers(self, app: Yaat) -> ParameterResolver:
            return resolver

    app = make(Who(), Summary())
    client = TestClient(app)
    app.build()
    before = copy_extensions(app)
    with client.override(resolver=resolver):
        assert client.get("/").status_code == 200
    assert app.extensions == before


def test_a_plugin_that_only_a_mounted_app_has_is_replaced_there() -> None:
    """The app around it is left without."""
    inner = make(Mail())
    app = make()
    app.mount("/inner", inner)
    client = TestClient(app)
    with client.override(plugin=Mail("fake")):
        assert (client.get("/").text, client.get("/inner/tell").text) == ("None", "fake")


def test_an_app_that_a_plugin_has_mounted_is_reached() -> None:
    """It is part of the app like any other."""
    inner = make(Mail())

    class Mounting(Plugin):
        name = "mounting"

        @hookimpl
        def yaat_register_routes(self, app: Yaat) -> Any:
            router = Router()
            router.mount("/inner", inner)
            return router.routes

    client = TestClient(make(Mounting()))
    with client.override(plugin=Mail("fake")):
        assert client.get("/inner/tell").text == "fake"


def test_a_blocked_plugin_is_gone_for_the_block() -> None:
    """With all that it brings."""
    client = TestClient(make(Stamp(), Mail()))
    with client.override(block=["stamp", "mail"]):
        response = client.get("/")
    assert ("x-stamp" in response.headers, response.text) == (False, "None")
    assert client.get("/").headers["x-stamp"] == "yes"


def test_several_plugins_are_replaced_together() -> None:
    """A list of them will do."""
    client = TestClient(make(Mail(), Settled()))
    with client.override(plugin=[Mail("a"), Settled("b")]):
        assert client.get("/").text == "a"


def test_overrides_can_stand_inside_each_other() -> None:
    """The innermost one counts, and each ends by itself."""
    client = TestClient(make(Mail()))
    with client.override(plugin=Mail("outer")):
        with client.override(plugin=Mail("inner")):
            assert client.get("/").text == "inner"
        assert client.get("/").text == "outer"


def test_an_error_in_the_block_ends_it_too() -> None:
    """Whatever happens in a test, the next one finds the app as it was."""
    client = TestClient(make(Mail()))
    with pytest.raises(RuntimeError, match="test"), client.override(plugin=Mail("fake"), state={"db": 1}):
        raise RuntimeError("test")
    assert client.get("/").text == "real"
    assert client.get("/state").json() == [None, None]


def test_an_override_that_cannot_be_built_leaves_the_app_alone() -> None:
    """The error says what is wrong with it."""

    class Broken(Mail):
        @hookimpl
        def yaat_configure(self, app: Yaat) -> None:
            raise ValueError("no wheels")

    client = TestClient(make(Mail()))
    with pytest.raises(ConfigurationError) as caught, client.override(plugin=Broken()):
        pass
    assert "no wheels" in str(caught.value.__cause__ or caught.value.errors)  # type: ignore[attr-defined]  # a group
    assert client.get("/").text == "real"


def test_a_name_that_no_plugin_has_is_an_error() -> None:
    """A slip must not make a test prove nothing."""
    client = TestClient(make(Mail()))
    with (
        pytest.raises(ConfigurationError, match="no active plugin 'mial' to override. Did you mean 'mail'"),
        client.override(block=["mial"]),
    ):
        pass


def test_settings_and_requirements_are_those_of_the_plugin_that_is_gone() -> None:
    """The one that a test makes has been told all it needs, and has no version."""
    client = TestClient(make(Settled(), settings={"settled": {"kind": "set"}}, required_plugins=["settled"]))
    with client.override(plugin=Settled("fake")):
        assert client.get("/").status_code == 200
        app: Any = client._app_transport.engine._app
        assert app.extensions["settled"] == "fake"
    assert app.extensions["settled"] == "set"


def test_state_is_there_for_the_block() -> None:
    """In the app and in requests; values that were there come back, others go."""
    app = make()
    app.state["db"] = "real"
    client = TestClient(app)
    with client.override(state={"db": "fake", "more": 1}):
        assert client.get("/state").json() == ["fake", "fake"]
        assert app.state["more"] == 1
    assert client.get("/state").json() == ["real", None]
    assert "more" not in app.state


def test_state_of_the_lifespan_comes_back() -> None:
    """It is what requests see as theirs."""

    @asynccontextmanager
    async def open_database(app: Yaat) -> Any:
        yield {"db": "real"}

    class Database(Plugin):
        name = "database"

        @hookimpl
        def yaat_register_lifespans(self, app: Yaat) -> Lifespan:
            return Lifespan(name="database", context=open_database)

    with TestClient(make(Database())) as client:
        with client.override(state={"db": "fake"}):
            assert client.get("/state").json() == ["fake", "fake"]
        assert client.get("/state").json() == [None, "real"]


def test_state_is_over_that_of_a_lifespan_that_begins_in_the_block() -> None:
    """The app starts as without it."""
    seen: list[Any] = []

    @asynccontextmanager
    async def open_database(app: Yaat) -> Any:
        seen.append(app.state.get("db"))
        yield {"db": "real"}

    app = make(lifespan=open_database)
    client = TestClient(app)
    with ExitStack() as stack:
        with client.override(state={"db": "fake"}):
            stack.enter_context(client)
            assert client.get("/state").json() == ["fake", "fake"]
        assert client.get("/state").json() == [None, "real"]
    assert seen == ["fake"]


def test_state_reaches_mounted_apps() -> None:
    """Each has a state of its own, and all are changed."""
    inner = make()
    app = make()
    app.mount("/inner", inner)
    client = TestClient(app)
    with client.override(state={"db": "fake"}):
        assert client.get("/inner/state").json() == ["fake", "fake"]


def test_state_can_be_overridden_in_any_asgi_app() -> None:
    """There it is the state of requests alone."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["state"].get("db", "none").encode()})

    client = TestClient(app)
    with client.override(state={"db": "fake"}):
        assert client.get("/").text == "fake"
    assert client.get("/").text == "none"


def test_plugins_are_those_of_a_yaat_app() -> None:
    """Another app has none to override."""

    async def app(scope: Any, receive: Any, send: Any) -> None: ...

    client = TestClient(app)
    with pytest.raises(TypeError, match="is none. Override state alone"), client.override(plugin=Mail()):
        pass


def test_lifespans_run_when_the_client_is_opened_inside() -> None:
    """Then the app starts as the one that it is in the block."""
    story: list[str] = []

    @asynccontextmanager
    async def watch(app: Yaat) -> Any:
        story.append("start")
        yield
        story.append("stop")

    class Watching(Mail):
        @hookimpl
        def yaat_register_lifespans(self, app: Yaat) -> Lifespan:
            return Lifespan(name="watch", context=watch)

    client = TestClient(make(Mail()))
    with client.override(plugin=Watching("fake")), client:
        assert (client.get("/").text, story) == ("fake", ["start"])
    assert story == ["start", "stop"]


@pytest.mark.anyio
async def test_the_asynchronous_client_can_do_the_same() -> None:
    """Building needs no loop, so the block is a plain one."""
    async with AsyncTestClient(make(Mail())) as client:
        with client.override(plugin=Mail("fake")):
            assert (await client.get("/")).text == "fake"
        assert (await client.get("/")).text == "real"


class Language(Plugin):
    """Gives handlers the parameter `language`."""

    name = "language"

    @hookimpl
    def yaat_register_parameter_resolvers(self, app: Yaat) -> ParameterResolver:
        return speak("real")


def speak(language: str) -> ParameterResolver:
    """Return the resolver of a parameter that always has one value."""
    argument = Argument(source=Source(get=lambda request: language))
    return ParameterResolver(
        name="language", resolve=lambda parameter, site: argument if parameter.name == "language" else None
    )


async def tell_language(request: Request, language: str) -> str:
    return language


def test_a_resolver_is_replaced_by_one_of_its_name_in_every_app() -> None:
    """Handlers get what a test says, for the block."""
    inner, app = make(Language()), make(Language(), Mail())
    for each in (inner, app):
        each.add_route("/language", tell_language)
    app.mount("/inner", inner)
    client = TestClient(app)
    with client.override(resolver=speak("fake"), plugin=Mail("fake")):
        assert client.get("/language").text == client.get("/inner/language").text == client.get("/").text == "fake"
    assert client.get("/language").text == client.get("/inner/language").text == client.get("/").text == "real"


def test_a_resolver_that_nobody_has_is_an_error() -> None:
    """As for plugins."""
    client = TestClient(make())
    with (
        pytest.raises(ConfigurationError, match="no active resolver 'language' to override"),
        client.override(resolver=[speak("fake")]),
    ):
        pass
    assert client.get("/").text == "None"


def test_an_app_that_is_mounted_twice_is_listed_once() -> None:
    """Outermost first."""
    inner = make()
    app = make()
    app.mount("/a", inner)
    app.mount("/b", inner)
    assert list_apps(app) == [app, inner]


def test_routes_of_the_overriding_plugin_are_served() -> None:
    """All that it brings is there, as if the app had had it from the beginning."""

    class Page(Mail):
        @hookimpl
        def yaat_register_routes(self, app: Yaat) -> Route:
            return Route(path="/mail", handler=tell)

    client = TestClient(make(Mail()))
    with client.override(plugin=Page("fake")):
        assert client.get("/mail").text == "fake"
    assert client.get("/mail").status_code == 404
