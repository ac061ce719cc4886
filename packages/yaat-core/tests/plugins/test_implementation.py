"""The hook implementations of one plugin, before any runs."""

from collections.abc import AsyncIterator, Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from yaat.plugins import Plugin, hookimpl, hookspec
from yaat.plugins.implementation import (
    check_fit,
    check_shape,
    find_implementations,
    find_unmarked,
    read_specifications,
)
from yaat.provenance import Owner

TOY = Owner(plugin="toy", distribution="yaat-toy", version="1.2")
SPECIFICATIONS = {"yaat_register_routes": ("app",), "yaat_modify_routes": ("app", "routes"), "yaat_none": ()}


class Toy(Plugin):
    name = "toy"

    @hookimpl
    def yaat_register_routes(self, app: Any) -> None: ...

    @hookimpl(specname="yaat_modify_routes", optionalhook=True)
    def change(self, routes: Any, depth: int = 1) -> None: ...

    def helper(self) -> None: ...


def plugin_with(**functions: Callable[..., Any]) -> object:
    return SimpleNamespace(**{name: hookimpl(function) for name, function in functions.items()})


def faults(function: Callable[..., Any], **marks: Any) -> list[str]:
    plugin = SimpleNamespace(yaat_register_routes=hookimpl(**marks)(function))
    (found,) = find_implementations(plugin)
    return [str(error) for error in check_shape(found, TOY)]


def misfits(plugin: object) -> list[str]:
    return [str(error) for each in find_implementations(plugin) for error in check_fit(each, TOY, SPECIFICATIONS)]


def test_marked_functions_are_found() -> None:
    """The hook is the name of the function, or what the mark says."""
    found = {each.hook: each for each in find_implementations(Toy())}
    assert found.keys() == {"yaat_register_routes", "yaat_modify_routes"}
    assert [parameter.name for parameter in found["yaat_modify_routes"].parameters] == ["routes", "depth"]
    assert found["yaat_modify_routes"].is_optional
    assert not found["yaat_register_routes"].is_optional


def test_functions_of_modules_are_found() -> None:
    """A module is a plugin by what it marks."""
    module = ModuleType("toy")
    module.yaat_none = hookimpl(lambda: None)  # type: ignore[attr-defined]  # a module made on the spot
    assert [each.hook for each in find_implementations(module)] == ["yaat_none"]


def test_what_is_specified_is_read() -> None:
    """A class or a module marks hooks; `self` is no argument."""

    class Specifications:
        @hookspec
        def yaat_toys(self, app: Any, colour: str) -> None: ...

        def helper(self) -> None: ...

    assert read_specifications(Specifications) == {"yaat_toys": ("app", "colour")}


def test_a_forgotten_mark_is_an_error() -> None:
    """A function that is named like a hook and never runs is worse than none."""

    def yaat_register_routes(app: Any) -> None: ...

    (error,) = find_unmarked(SimpleNamespace(yaat_register_routes=yaat_register_routes), TOY, ())
    message = str(error)
    assert "has a function 'yaat_register_routes' that is not marked as a hook and would never run" in message
    assert f"test_implementation.py:{yaat_register_routes.__code__.co_firstlineno}\n" in message
    assert "Put @hookimpl above it, or give it another name." in message


def test_other_attributes_are_no_forgotten_hooks() -> None:
    """Marked hooks, modules that are imported and functions with other names are left alone."""
    plugin = SimpleNamespace(yaat_templates=ModuleType("yaat_templates"), helper=len, yaat_x=hookimpl(lambda: None))
    assert list(find_unmarked(plugin, TOY, find_implementations(plugin))) == []


def test_a_plain_function_has_no_faults() -> None:
    """What takes plain arguments and returns can be called."""
    assert faults(lambda app, depth=1: None) == []


def test_an_async_hook_is_refused() -> None:
    """It would return a coroutine that nobody awaits; the message says where such work belongs."""

    async def work(app: Any) -> None: ...

    (message,) = faults(work)
    assert "has a hook 'yaat_register_routes' that is async, and hooks run while the app is built" in message
    assert f"test_implementation.py:{work.__code__.co_firstlineno}" in message
    assert "Asynchronous work belongs in a Lifespan record or in a handler." in message


def test_an_async_generator_hook_is_refused() -> None:
    """It is asynchronous too."""

    async def work(app: Any) -> AsyncIterator[None]:
        yield

    assert "that is async" in faults(work)[0]


def test_a_generator_hook_is_refused() -> None:
    """Whether it runs would depend on whether its results are asked for."""

    def work(app: Any) -> Iterator[None]:
        yield

    (message,) = faults(work)
    assert "that is a generator" in message
    assert "Return a list." in message


@pytest.mark.parametrize("mark", ["wrapper", "hookwrapper"])
def test_a_wrapper_is_refused(mark: str) -> None:
    """Hooks do not run around each other; the order is said on the plugin."""

    def work(app: Any) -> Iterator[None]:
        yield

    (message,) = faults(work, **{mark: True})
    assert "that is a wrapper, and hooks run one after the other" in message


@pytest.mark.parametrize(
    ("function", "parameter"),
    [(lambda *args: None, "*args"), (lambda **options: None, "**options"), (lambda *, app: None, "app")],
)
def test_arguments_are_plain(function: Callable[..., Any], parameter: str) -> None:
    """A hook is given what it names, so anything else would stay empty."""
    (message,) = faults(function)
    assert f"takes {parameter!r}, which nothing is passed for" in message


def test_what_is_as_specified_fits() -> None:
    """An implementation may leave out arguments; one with a default need not be known."""
    assert misfits(Toy()) == []


def test_an_unknown_hook_is_an_error() -> None:
    """The right one is suggested."""
    (message,) = misfits(plugin_with(yaat_register_route=lambda app: None))
    assert "has an unknown hook 'yaat_register_route'" in message
    assert "Did you mean 'yaat_register_routes'?" in message
    assert "@hookimpl(optionalhook=True)" in message


def test_an_optional_hook_may_be_unknown() -> None:
    """The plugin that specifies it may not be installed."""
    plugin = SimpleNamespace(yaat_menu_entries=hookimpl(optionalhook=True)(lambda app: None))
    assert misfits(plugin) == []


def test_an_unknown_argument_is_an_error() -> None:
    """The known ones are named."""
    (message,) = misfits(plugin_with(yaat_modify_routes=lambda app, rules: None))
    assert "has an argument 'rules' in 'yaat_modify_routes' that the hook does not have" in message
    assert "Did you mean 'routes'?" in message


def test_an_argument_of_a_hook_that_has_none_is_an_error() -> None:
    """There is nothing to suggest."""
    (message,) = misfits(plugin_with(yaat_none=lambda app: None))
    assert "Its arguments: there are none." in message


@pytest.mark.parametrize(
    ("errors", "what", "fix"),
    [
        (
            lambda function: faults(function, wrapper=True),
            "has a hook 'yaat_register_routes' that is a wrapper, and hooks run one after the other",
            "Write it with plain @hookimpl. Say before = or after = on the plugin to choose the order.",
        ),
        (
            faults,
            "has a hook 'yaat_register_routes' that is a generator, which runs only if somebody asks for its results",
            "Return a list.",
        ),
        (
            lambda function: misfits(plugin_with(zebra=function)),
            "has an unknown hook 'zebra'",
            "The hooks are: yaat_modify_routes, yaat_none, yaat_register_routes. "
            "If another plugin brings the hook: @hookimpl(optionalhook=True).",
        ),
        (
            lambda function: misfits(plugin_with(yaat_modify_routes=function)),
            "has an argument 'wheels' in 'yaat_modify_routes' that the hook does not have",
            "Its arguments are: app, routes.",
        ),
    ],
    ids=["wrapper", "generator", "unknown hook", "unknown argument"],
)
def test_each_message_says_what_where_and_how_to_mend_it(
    errors: Callable[[Callable[..., Any]], list[str]], what: str, fix: str
) -> None:
    """A message about a hook has a line for each of these, and says how to go without the plugin."""

    def work(wheels: Any) -> Iterator[None]:
        yield

    (message,) = errors(work)
    first, place, *rest = message.split("\n")
    assert first == f"Plugin 'toy' (yaat-toy 1.2) {what}."
    assert place.endswith(f"test_implementation.py:{work.__code__.co_firstlineno}")
    assert rest == [fix, 'To go without it: Yaat(block=["toy"]), or YAAT_BLOCK=toy in the environment.']


def test_the_message_about_an_async_hook_says_where_such_work_belongs() -> None:
    """It is mended by a plain function."""

    async def work(app: Any) -> None: ...

    (message,) = faults(work)
    assert "that is async, and hooks run while the app is built.\n    at " in message
    assert "\nWrite it with plain def. Asynchronous work belongs in a Lifespan record or in a handler.\n" in message


def test_the_message_about_an_argument_says_what_arguments_are() -> None:
    """A hook names what it is given."""
    (message,) = faults(lambda *, app: None)
    assert "has a hook 'yaat_register_routes' that takes 'app', which nothing is passed for.\n    at " in message
    assert "\nA hook is given the arguments that it names: write them as plain parameters.\n" in message


def test_the_message_about_a_forgotten_mark_is_whole() -> None:
    """What, where, and both ways to mend it."""
    (error,) = find_unmarked(SimpleNamespace(yaat_toys=misfits), TOY, ())
    lines = str(error).split("\n")
    assert lines[0].endswith("has a function 'yaat_toys' that is not marked as a hook and would never run.")
    assert lines[2] == "Put @hookimpl above it, or give it another name."


def test_an_attribute_that_is_not_there_after_all_is_no_forgotten_hook() -> None:
    """An object may list names that it has only at other times."""

    class Moody:
        @property
        def yaat_toys(self) -> None:
            raise AttributeError("not now")

    assert list(find_unmarked(Moody(), TOY, ())) == []
