"""The hooks of the core: each is documented, and its example works."""

import inspect
import re
from collections.abc import Callable
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest

from yaat.plugins import Plugin, PluginManager
from yaat.plugins.implementation import read_specifications
from yaat.plugins.specs import REMOVED_HOOKS, SPECIFICATIONS
from yaat.records import (
    BodyParser,
    Command,
    ExceptionHandler,
    JSONCodec,
    Lifespan,
    Middleware,
    ParameterResolver,
    PathConverter,
    Protocol,
    ResponseType,
    ReturnConverter,
)
from yaat.routing import Mount, Route

HOOKS = {hook: vars(each)[hook] for each in SPECIFICATIONS for hook in read_specifications(each)}
ROUTE = Route(path="/drafts/1", handler=print, metadata={"timed": True})

#: What an app asks each hook, and how many records the example of that hook gives.
COLLECTED: dict[str, Any] = {
    "yaat_register_converters": PathConverter,
    "yaat_register_parameter_resolvers": ParameterResolver,
    "yaat_register_return_converters": ReturnConverter,
    "yaat_register_response_types": ResponseType,
    "yaat_register_body_parsers": BodyParser,
    "yaat_register_protocols": Protocol,
    "yaat_register_routes": (Route, Mount),
    "yaat_register_exception_handlers": ExceptionHandler,
    "yaat_register_middleware": Middleware,
    "yaat_register_lifespans": Lifespan,
}


def make_example(hook: str) -> Plugin:
    """Return the plugin that the docstring of *hook* shows."""
    match = re.search(r"```python\n(.*?)```", inspect.getdoc(HOOKS[hook]) or "", re.DOTALL)
    assert match is not None
    names: dict[str, Any] = {}
    exec(compile(dedent(match[1]), f"<example of {hook}>", "exec"), names)
    (plugin,) = (each for each in names.values() if inspect.isclass(each) and issubclass(each, Plugin) and each.name)
    return plugin()


@pytest.fixture(params=HOOKS)
def hook(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_hook_of_the_design_is_specified() -> None:
    """A hook that disappears would break plugins; one that is added is written down here."""
    assert set(HOOKS) == {
        "yaat_addhooks",
        "yaat_plugin_registered",
        "yaat_configure",
        "yaat_json_codec",
        "yaat_modify_routes",
        "yaat_wrap_endpoint",
        "yaat_app_built",
        "yaat_register_commands",
        *COLLECTED,
    }


@pytest.mark.parametrize("section", ["Args:", "Returns:", "Order:", "Example:", "Called ", "Added in hook API 1."])
def test_every_hook_is_documented(hook: str, section: str) -> None:
    """What, when, with which arguments, for which result, in which order, since when."""
    assert section in (inspect.getdoc(HOOKS[hook]) or "")


def test_every_argument_is_documented(hook: str) -> None:
    """No argument has to be guessed."""
    arguments = set(inspect.signature(HOOKS[hook]).parameters) - {"self"}
    section = (inspect.getdoc(HOOKS[hook]) or "").partition("Args:")[2].partition("Returns:")[0]
    assert set(re.findall(r"^    (\w+):", section, re.MULTILINE)) == arguments


def test_every_example_is_a_plugin_that_loads(hook: str, load: Callable[..., PluginManager]) -> None:
    """It implements the hook that it is the example of."""
    plugin = make_example(hook)
    assert load(plugin).hooks[hook] == (plugin.name,)


@pytest.mark.parametrize("hook", COLLECTED)
def test_examples_give_what_the_hook_collects(hook: str, load: Callable[..., PluginManager], app: Any) -> None:
    """One record each, with the plugin as its owner."""
    plugin = make_example(hook)
    (record,) = load(plugin).collect(hook, expect=COLLECTED[hook], app=app)
    assert record.owner.plugin == plugin.name


def test_the_example_of_a_command_counts_routes(
    load: Callable[..., PluginManager], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is run with the built app and its arguments."""
    [command] = load(make_example("yaat_register_commands")).collect(
        "yaat_register_commands", expect=Command, commands=()
    )
    command.run(SimpleNamespace(report=SimpleNamespace(routes=[ROUTE])), [])
    assert (command.name, command.owner.plugin, capsys.readouterr().out) == ("count", "count", "1\n")


def test_the_example_of_added_hooks_adds_one(load: Callable[..., PluginManager]) -> None:
    """It can be called like any other."""
    assert load(make_example("yaat_addhooks")).collect("yaat_menu_entries", expect=str, app=None) == []


def test_the_example_of_announcing_hears_all(load: Callable[..., PluginManager]) -> None:
    """Itself, and those that come after it."""
    listener: Any = make_example("yaat_plugin_registered")
    load(listener, make_example("yaat_addhooks"))
    assert listener.present == ["roll-call", "menu"]


def test_the_example_of_configuring_takes_its_settings(load: Callable[..., PluginManager], app: Any) -> None:
    """And leaves what others may use."""
    load(make_example("yaat_configure"), settings={"greeting": {"text": "Moin"}}).configure(app)
    assert app.extensions == {"greeting": "Moin"}


def test_the_example_of_a_codec_is_taken(load: Callable[..., PluginManager], app: Any) -> None:
    """It writes what the example promises."""
    codec = load(make_example("yaat_json_codec")).first("yaat_json_codec", expect=JSONCodec, app=app)
    assert codec is not None
    assert codec.encode({"b": 1, "a": 2}) == b'{"a": 2, "b": 1}'


def test_the_example_of_modifying_drops_routes(load: Callable[..., PluginManager], app: Any) -> None:
    """Those that it is about, and no others."""
    manager = load(make_example("yaat_modify_routes"))
    kept = Route(path="/", handler=print)
    assert manager.revise("yaat_modify_routes", "routes", [ROUTE, kept], expect=(Route, Mount), app=app) == [kept]


def test_the_example_of_wrapping_wraps_what_it_is_about(
    load: Callable[..., PluginManager], app: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A route without the metadata keeps the very same endpoint."""
    manager = load(make_example("yaat_wrap_endpoint"))

    async def endpoint(request: str) -> str:
        return f"answer to {request}"

    def wrap(route: Route) -> Any:
        return manager.fold("yaat_wrap_endpoint", "endpoint", endpoint, expect=Callable, app=app, route=route)

    assert wrap(Route(path="/", handler=print)) is endpoint
    with pytest.raises(StopIteration, match="answer to request"):
        wrap(ROUTE)("request").send(None)
    assert capsys.readouterr().out.startswith("/drafts/1 ")


def test_the_example_of_the_end_sees_the_report(load: Callable[..., PluginManager], app: Any) -> None:
    """It reads the report and changes nothing."""
    plugin: Any = make_example("yaat_app_built")
    load(plugin).collect("yaat_app_built", app=app, report=SimpleNamespace(routes=[ROUTE]))
    assert plugin.paths == ["/drafts/1"]


def test_a_removed_hook_is_specified_no_more() -> None:
    """Each name is either there or gone, and what is gone says what to do instead."""
    assert not REMOVED_HOOKS.keys() & HOOKS.keys()
    assert all(name.startswith("yaat_") and text.endswith(".") for name, text in REMOVED_HOOKS.items())
