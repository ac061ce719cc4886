"""The hooks of one app."""

from types import SimpleNamespace
from typing import Any

import pytest
from pluggy import PluginValidationError

from yaat.exceptions import ConfigurationError, PluginError
from yaat.plugins import hookimpl, hookspec
from yaat.plugins.registry import HookRegistry
from yaat.provenance import Owner


class ToyHooks:
    @hookspec
    def yaat_toys(self, app: Any, colour: str) -> None: ...


@pytest.fixture
def registry() -> HookRegistry:
    registry = HookRegistry()
    registry.add_hookspecs(ToyHooks)
    return registry


def register(registry: HookRegistry, **marks: dict[str, bool]) -> None:
    registry.register((Owner(plugin=name), make_plugin(mark)) for name, mark in marks.items())


def make_plugin(mark: Any) -> object:
    return SimpleNamespace(yaat_toys=hookimpl(**mark)(lambda app, depth=1: None))


def test_hooks_are_specified_once(registry: HookRegistry) -> None:
    """Two plugins cannot mean different things by one name."""
    with pytest.raises(PluginError, match="The hook 'yaat_toys' is specified already"):
        registry.add_hookspecs(ToyHooks)


def test_names_of_hooks_begin_alike() -> None:
    """So a forgotten mark is recognised by the name of the function."""

    class Hooks:
        @hookspec
        def toys(self) -> None: ...

    with pytest.raises(PluginError, match="The hook 'toys' needs a name that begins with 'yaat_'"):
        HookRegistry().add_hookspecs(Hooks)


def test_a_class_without_hooks_is_an_error() -> None:
    """It is the wrong class, or one whose marks were forgotten."""
    with pytest.raises(ValueError, match="did not find any"):
        HookRegistry().add_hookspecs(object)


def test_the_first_plugin_is_called_first(registry: HookRegistry) -> None:
    """The order is that of the plugins, not that of a stack."""
    register(registry, c={}, a={}, b={})
    assert registry.find_order("yaat_toys") == ("c", "a", "b")


def test_single_implementations_come_before_and_after_all_others(registry: HookRegistry) -> None:
    """Among themselves they stand in plugin order too."""
    register(registry, a={"trylast": True}, b={}, c={"trylast": True}, d={"tryfirst": True}, e={}, f={"tryfirst": True})
    assert registry.find_order("yaat_toys") == ("d", "f", "b", "e", "a", "c")


def test_calls_know_their_plugin(registry: HookRegistry) -> None:
    """A call has the owner, the hook and what the function takes."""
    register(registry, a={})
    (call,) = registry.prepare("yaat_toys", {"app", "colour"})
    assert registry.prepare("yaat_toys", {"app", "colour"}) == (call,)
    assert (call.owner, call.hook, call.parameters) == (Owner(plugin="a"), "yaat_toys", ("app", "depth"))


def test_pluggy_has_the_last_word_on_unknown_hooks(registry: HookRegistry) -> None:
    """What got past the checks is not kept in silence; what is specified, or optional, passes."""
    register(registry, a={})
    registry.check_pending()
    registry.register([(Owner(plugin="b"), SimpleNamespace(yaat_dolls=hookimpl(lambda: None)))])
    with pytest.raises(PluginValidationError, match="unknown hook 'yaat_dolls'"):
        registry.check_pending()


def test_an_unknown_hook_cannot_be_called(registry: HookRegistry) -> None:
    """The right one is suggested."""
    with pytest.raises(ConfigurationError, match="There is no hook 'yaat_toy'. Did you mean 'yaat_toys'?"):
        registry.prepare("yaat_toy", ())


@pytest.mark.parametrize("arguments", [["app"], ["app", "colour", "depth"]])
def test_a_hook_is_called_with_its_arguments(registry: HookRegistry, arguments: list[str]) -> None:
    """Whoever calls it passes all of them and nothing else."""
    with pytest.raises(TypeError, match="The hook 'yaat_toys' takes app, colour, not app"):
        registry.prepare("yaat_toys", arguments)


class MoreHooks:
    @hookspec
    def yaat_dolls(self, app: Any) -> None: ...


def test_the_messages_about_specifications_say_how_to_name_a_hook(registry: HookRegistry) -> None:
    """A name is free, and begins with the name of the project."""
    with pytest.raises(PluginError) as taken:
        registry.add_hookspecs(ToyHooks)
    with pytest.raises(PluginError) as foreign:
        registry.add_hookspecs(SimpleNamespace(toys=hookspec(lambda: None)))
    assert [str(error.value) for error in (taken, foreign)] == [
        "The hook 'yaat_toys' is specified already. Choose another name.",
        "The hook 'toys' needs a name that begins with 'yaat_'.",
    ]


def test_the_message_about_an_unknown_hook_lists_those_there_are(registry: HookRegistry) -> None:
    """Where no name is similar, all are told."""
    registry.add_hookspecs(MoreHooks)
    with pytest.raises(ConfigurationError) as caught:
        registry.prepare("zebra", ())
    assert str(caught.value) == "There is no hook 'zebra'. The hooks are: yaat_dolls, yaat_toys."


def test_the_message_about_arguments_compares_them(registry: HookRegistry) -> None:
    """Those of the hook in their order, those given in alphabetical order."""
    with pytest.raises(TypeError) as caught:
        registry.prepare("yaat_toys", ["depth", "colour"])
    assert str(caught.value) == "The hook 'yaat_toys' takes app, colour, not colour, depth."
