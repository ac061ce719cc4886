"""The contract of plugins: a plugin that keeps it passes, and each way to break it is found."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any, ClassVar

import pytest

from yaat import Middleware, Plugin, Request, Yaat, hookimpl
from yaat.asgi import ASGIApp, Receive, Scope, Send
from yaat.plugins import PluginErrors
from yaat.records import BodyParser, JSONCodec, Lifespan
from yaat.routing import Route
from yaat_testclient import PluginContract, TestClient, make_app
from yaat_testclient.contract import PROBE, Neighbour

Fails = Callable[..., str]


async def answer(request: Request) -> str:
    return ""


class Raw:
    """Raw ASGI middleware as it should be."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def step(request: Request) -> Iterator[None]:
    yield


class Good(Plugin):
    """Has a bit of everything, and keeps it in the app."""

    name = "good"

    def __init__(self, *, text: str) -> None:
        self.text = text

    @hookimpl
    def yaat_configure(self, app: Yaat, settings: Any) -> None:
        app.extensions["good"] = settings["text"]

    @hookimpl
    def yaat_register_routes(self, app: Yaat) -> Route:
        return Route(path="/good", handler=answer)

    @hookimpl
    def yaat_wrap_endpoint(self, endpoint: Any) -> Any:
        return endpoint

    @hookimpl
    def yaat_register_middleware(self, app: Yaat) -> list[Middleware]:
        return [Middleware(Raw), Middleware(step)]

    @hookimpl
    def yaat_register_body_parsers(self, app: Yaat) -> BodyParser:
        return BodyParser(media_type="text/good", parse=lambda request: request.body())

    @hookimpl
    def yaat_register_lifespans(self, app: Yaat) -> Lifespan:
        return Lifespan(name="good", context=self.run)

    @asynccontextmanager
    async def run(self, app: Yaat) -> Any:
        yield


class TestGoodPlugin(PluginContract):
    """It passes, with settings and without a distribution."""

    plugin = Good
    settings: ClassVar[Any] = {"text": "Hello"}
    is_installed = False


class Companion(Plugin):
    name = "companion"


class Needy(Plugin):
    name = "needy"
    requires = ("companion",)


class TestPluginWithCompanions(PluginContract):
    """It passes when it is told what the plugin requires."""

    plugin = Needy
    companions = (Companion(),)
    is_installed = False


@pytest.fixture
def fails() -> Fails:
    """Run one test of the contract for a plugin, which must fail; return what it says."""

    def run(plugin: Any, test: str, **attributes: Any) -> str:
        contract = type("Contract", (PluginContract,), {"plugin": plugin, "is_installed": False, **attributes})()
        with pytest.raises(pytest.fail.Exception) as caught:
            getattr(contract, f"test_{test}")()
        return str(caught.value)

    return run


# --- the distribution ---


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Install a distribution with one plugin class, and return the class."""

    def make(entry: str, *, requires: str = "yaat-core>=0.2", head: str = "") -> Any:
        info = tmp_path / "yaat_toy-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: yaat-toy\nVersion: 1.0\nRequires-Dist: {requires}\n"
        )
        (info / "entry_points.txt").write_text(f"[yaat]\n{entry}\n")
        source = "from yaat import Plugin\n\nclass Toy(Plugin):\n    name = 'toy'\n\nclass Other(Toy): ...\n"
        (tmp_path / "contract_toy.py").write_text(dedent(head) + source)
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
        monkeypatch.delitem(sys.modules, "contract_toy", raising=False)
        module: Any = __import__("contract_toy")
        return module.Toy

    return make


def test_an_installed_plugin_passes(install: Callable[..., Any]) -> None:
    """Its entry point, its requirement and its import are as they should be."""
    toy = install("toy = contract_toy:Toy")
    contract: Any = type("Contract", (PluginContract,), {"plugin": toy})()
    contract.test_entry_point_leads_to_the_plugin_under_its_own_name()
    contract.test_distribution_says_which_cores_it_works_with()
    contract.test_import_is_silent()


def test_a_module_may_have_several_plugins(install: Callable[..., Any], fails: Fails) -> None:
    """Each is found by its name, or else by what the entry point leads to."""
    toy = install("other = contract_toy:Other\ntoy = contract_toy:Toy")
    contract: Any = type("Contract", (PluginContract,), {"plugin": toy})()
    assert contract.find_entry_point().name == "toy"
    toy.name = "renamed"
    text = fails(toy, "entry_point_leads_to_the_plugin_under_its_own_name", is_installed=True)
    assert text == "The entry point 'toy' is of a plugin that is called 'renamed'."


def test_a_plugin_that_is_not_installed_can_say_so() -> None:
    """Then there is nothing to look at."""
    contract: Any = type("Contract", (PluginContract,), {"plugin": Good, "is_installed": False})()
    with pytest.raises(pytest.skip.Exception, match="is_installed = False"):
        contract.test_distribution_says_which_cores_it_works_with()


def test_a_missing_entry_point_is_found(fails: Fails) -> None:
    """What to write is said."""
    text = fails(Good, "entry_point_leads_to_the_plugin_under_its_own_name", is_installed=True)
    assert re.search(r"\[project.entry-points.yaat\]\ngood = '.*test_contract:Good'\n$", text)


def test_another_name_in_the_entry_point_is_found(install: Callable[..., Any], fails: Fails) -> None:
    """The app would refuse it."""
    toy = install("tyo = contract_toy:Toy")
    text = fails(toy, "entry_point_leads_to_the_plugin_under_its_own_name", is_installed=True)
    assert text == "The entry point 'tyo' is of a plugin that is called 'toy'."


def test_an_entry_point_that_leads_elsewhere_is_found(install: Callable[..., Any], fails: Fails) -> None:
    """Other tests would be about another class than users get."""
    toy = install("toy = contract_toy:Other")
    assert "leads to" in fails(toy, "entry_point_leads_to_the_plugin_under_its_own_name", is_installed=True)


@pytest.mark.parametrize("requires", ["yaat-core", "yaat-core<2", "yaat-coretools>=1", "other>=1"])
def test_a_missing_lower_bound_is_found(requires: str, install: Callable[..., Any], fails: Fails) -> None:
    """An older core would try the plugin and fail somewhere in the middle."""
    toy = install("toy = contract_toy:Toy", requires=requires)
    text = fails(toy, "distribution_says_which_cores_it_works_with", is_installed=True)
    assert "'yaat-core>=0.2' is missing" in text


@pytest.mark.parametrize("head", ["print('hello')\n", "import sys\nsys.stderr.write('hello')\n"])
def test_an_import_that_talks_is_found(head: str, install: Callable[..., Any], fails: Fails) -> None:
    """Every command of every user would show it."""
    assert "hello" in fails(install("toy = contract_toy:Toy", head=head), "import_is_silent", is_installed=True)


def test_an_import_that_warns_is_found(install: Callable[..., Any], fails: Fails) -> None:
    """Users who turn warnings into errors could not use it."""
    head = "import warnings, sys\nif 'pytest' not in sys.modules:\n    warnings.warn('hello')\n"
    assert "UserWarning: hello" in fails(
        install("toy = contract_toy:Toy", head=head), "import_is_silent", is_installed=True
    )


# --- apps ---


class Global(Plugin):
    """Counts all apps in its class, and brings a route for the first alone."""

    name = "global"
    apps: ClassVar[list[Any]] = []

    @hookimpl
    def yaat_register_routes(self, app: Yaat) -> Route | None:
        self.apps.append(app)
        return Route(path=f"/{len(self.apps)}", handler=answer)


def test_an_app_that_differs_from_the_one_before_is_found(fails: Fails) -> None:
    """Something was left over from the first."""
    assert "The first app has [('route'" in fails(Global, "apps_are_equal_when_built_one_after_another")


class Shared(Plugin):
    """Keeps something of an app in itself, so that the second app differs."""

    name = "shared"

    def __init__(self) -> None:
        self.count = 0

    @hookimpl
    def yaat_register_routes(self, app: Yaat) -> Route:
        self.count += 1
        return Route(path=f"/{self.count}", handler=answer)


def test_an_instance_that_cannot_be_shared_is_found(fails: Fails) -> None:
    """Two apps in one process may have been given the same one."""
    assert "which is not there the second" in fails(Shared, "two_apps_can_share_it")


def test_apps_that_answer_differently_are_found(fails: Fails) -> None:
    """One request went to one of them, and not to the other."""

    class Once(Plugin):
        name = "once"

        def __init__(self) -> None:
            self.apps: list[Any] = []

        @hookimpl
        def yaat_register_middleware(self, app: Yaat) -> Middleware:
            self.apps.append(app)
            return Middleware(refuse_all if len(self.apps) > 1 else step, name="once")

    assert "got different answers: [200, 403]" in fails(Once, "two_apps_can_share_it")


def refuse_all(request: Request) -> Iterator[Any]:
    yield ("no", 403)


def make_module(**variables: Any) -> Any:
    """Return a class of a module of its own, which has *variables*."""
    module = ModuleType("contract_globals")
    vars(module).update(variables)
    exec(
        dedent(
            """
            from yaat import Plugin, hookimpl

            class Leaky(Plugin):
                name = "leaky"

                @hookimpl
                def yaat_configure(self, app):
                    apps.append(app)
            """
        ),
        vars(module),
    )
    return module


def test_a_module_variable_that_grows_is_found(fails: Fails, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apps would see what belongs to others, and never be let go of."""
    module = make_module(apps=[])
    monkeypatch.setitem(sys.modules, "contract_globals", module)
    text = fails(module.Leaky, "nothing_global_is_changed")
    assert text == "An app that was built and asked once has changed: contract_globals.apps."


class Following(Plugin):
    """Brings something only where a neighbour was there before it."""

    name = "following"

    @hookimpl
    def yaat_register_routes(self, app: Yaat) -> Route | None:
        return None if app.extensions["following"] else Route(path="/following", handler=answer)

    @hookimpl
    def yaat_configure(self, app: Yaat) -> None:
        app.extensions["following"] = "a-neighbour" in app.extensions


def test_what_depends_on_the_order_is_found(fails: Fails) -> None:
    """The order that makes the difference is named."""
    assert "in the order a-neighbour, following" in fails(Following, "order_of_plugins_does_not_matter")


def test_a_plugin_that_does_not_start_twice_is_found() -> None:
    """The error is its own."""

    class Once(Plugin):
        name = "once"
        is_done = False

        @hookimpl
        def yaat_register_lifespans(self, app: Yaat) -> Lifespan:
            return Lifespan(name="once", context=self.run)

        @asynccontextmanager
        async def run(self, app: Yaat) -> Any:
            if self.is_done:
                raise RuntimeError("I was here before")
            self.is_done = True
            yield

    contract: Any = type("Contract", (PluginContract,), {"plugin": Once, "is_installed": False})()
    with pytest.raises(Exception, match="I was here before"):
        contract.test_app_starts_and_stops_twice()


def test_a_plugin_that_needs_another_is_found() -> None:
    """The app says which; `companions` is the place for it."""
    contract: Any = type("Contract", (PluginContract,), {"plugin": Needy, "is_installed": False})()
    with pytest.raises(PluginErrors) as caught:
        contract.test_app_builds_with_it_alone()
    assert "requires the plugin 'companion'" in str(caught.value.errors[0])


# --- hooks and requests ---


def test_an_async_hook_is_found(fails: Fails) -> None:
    """It would never run."""

    class Asynchronous(Plugin):
        name = "asynchronous"

        @hookimpl
        async def yaat_configure(self, app: Yaat) -> None: ...

    assert "The hook yaat_configure is async." in fails(Asynchronous, "hooks_are_plain_functions")


def with_raw(call: Any) -> Any:
    """Return a plugin class with a raw ASGI middleware that does *call* for each connection."""

    class Mine(Raw):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await call(self.app, scope, receive, send)

    class WithRaw(Plugin):
        name = "with-raw"

        @hookimpl
        def yaat_register_middleware(self, app: Yaat) -> Middleware:
            return Middleware(Mine)

    return WithRaw


async def swallow(app: Any, scope: Any, receive: Any, send: Any) -> None: ...


async def swallow_unknown(app: Any, scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await app(scope, receive, send)


async def change(app: Any, scope: Any, receive: Any, send: Any) -> None:
    await app({**scope, "mine": 1}, receive, send)


async def read(app: Any, scope: Any, receive: Any, send: Any) -> None:
    await receive()


async def write(app: Any, scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start"})


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (swallow, "has not passed on"),
        (change, "has not passed on"),
        (read, "has received from"),
        (write, "has sent {'type': 'http.response.start'} on"),
    ],
)
def test_middleware_that_meddles_with_unknown_scopes_is_found(call: Any, what: str, fails: Fails) -> None:
    """Lifespans, WebSockets and what is still to come would suffer."""
    text = fails(with_raw(call), "middleware_leaves_unknown_scopes_alone")
    assert f"The middleware 'Mine' {what}" in text


def test_a_hook_call_of_a_request_is_found(fails: Fails) -> None:
    """By its name."""

    class Asking(Plugin):
        name = "asking"

        @hookimpl
        def yaat_register_middleware(self, app: Yaat) -> Middleware:
            def ask(request: Request) -> Iterator[None]:
                app.manager.collect("yaat_register_lifespans", expect=Lifespan, app=app)
                yield

            return Middleware(ask)

    assert "A request has called yaat.plugins.manager.collect" in fails(Asking, "requests_meet_no_hook")


def test_what_is_left_of_a_blocked_plugin_is_found(fails: Fails) -> None:
    """A plugin that reaches into others when it is imported or made cannot be switched off."""

    class Sticky(Plugin):
        name = "sticky"

        def __init__(self) -> None:
            stuck.append("sticky")

    class Contract(PluginContract):
        plugin = Sticky
        is_installed = False

        def build(self, *plugins: Any, **options: Any) -> Yaat:
            app = super().build(*plugins, **options)
            app.extensions.update(dict.fromkeys(stuck))
            return app

    stuck: list[str] = []
    with pytest.raises(pytest.fail.Exception, match="sticky"):
        Contract().test_blocked_it_leaves_no_trace()


def test_a_module_can_be_the_plugin() -> None:
    """Its hooks are functions, and it goes by its own name."""
    module: Any = ModuleType("contract_module")
    exec("from yaat import hookimpl\n@hookimpl\ndef yaat_configure(app):\n    app.extensions['m'] = 1\n", vars(module))
    contract: Any = type("Contract", (PluginContract,), {"plugin": module, "is_installed": False})()
    contract.test_app_builds_with_it_alone()
    contract.test_hooks_are_plain_functions()
    contract.test_order_of_plugins_does_not_matter()


def test_a_plugin_that_chooses_the_codec_is_compared_by_it() -> None:
    """There is one for the whole app."""

    class Codec(Plugin):
        name = "codec"

        @hookimpl
        def yaat_json_codec(self, app: Yaat) -> JSONCodec:
            return JSONCodec(encode=lambda value: b"", decode=lambda data: None)

    contract: Any = type("Contract", (PluginContract,), {"plugin": Codec, "is_installed": False})()
    contract.test_apps_are_equal_when_built_one_after_another()
    contract.test_blocked_it_leaves_no_trace()


def test_a_plugin_that_is_blocked_in_the_environment_cannot_be_tested(
    fails: Fails, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The switch is for operators; left on, it would let every test pass."""
    monkeypatch.setenv("YAAT_BLOCK", "companion")
    assert fails(Companion, "app_builds_with_it_alone") == "The app has no active plugin 'companion'."


def test_a_block_without_effect_is_found() -> None:
    """Whatever it is that has kept the plugin active."""

    class Contract(PluginContract):
        plugin = Global
        is_installed = False

        def build(self, *plugins: Any, block: Any = (), **options: Any) -> Yaat:
            return super().build(*plugins, **options)

    with pytest.raises(pytest.fail.Exception, match="Blocked, it still brings .*'hook', 'yaat_register_routes'"):
        Contract().test_blocked_it_leaves_no_trace()


def test_neighbours_let_requests_through() -> None:
    """They are there to be compared with, not to be in the way."""
    with TestClient(make_app(Neighbour("a"), Companion())) as client:
        assert client.get(f"{PROBE}/a").status_code == 200


class Quiet(Plugin):
    """Has middleware of the flat kind, which no scope but those of HTTP reaches."""

    name = "quiet"

    @hookimpl
    def yaat_register_middleware(self, app: Yaat) -> Middleware:
        return Middleware(step)


class TestQuietPluginBesideOthers(PluginContract):
    """Middleware of companions is theirs to answer for."""

    plugin = Quiet
    companions = (with_raw(swallow_unknown)(),)
    is_installed = False
