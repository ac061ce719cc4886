"""This file is the hook implementations of one plugin: finding them and checking them, before any runs."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pluggy

from ..provenance import Owner, find_source
from ..record import frozen
from ..signature import read_signature
from .markers import PROJECT
from .plugin import Plugin
from .problem import BrokenPlugin, suggest

#: What a plugin says of itself, which is no hook.
_DECLARED = frozenset(vars(Plugin))

#: The arguments of each hook that is specified.
Specifications = Mapping[str, tuple[str, ...]]


@frozen
class Implementation:
    """A function that a plugin marked as its implementation of a hook.

    Attributes:
        hook: The name of the hook.
        function: The function, bound to its plugin.
        parameters: What it takes, apart from `self`.
        is_optional: Whether it is left alone when nobody specifies the hook (`optionalhook=True`).
        is_wrapper: Whether it is marked to run around the others.
        attribute: What the plugin calls it.
    """

    hook: str
    function: Callable[..., Any]
    parameters: tuple[inspect.Parameter, ...]
    is_optional: bool
    is_wrapper: bool
    attribute: str = ""


class HookReader(pluggy.PluginManager):
    """A manager of pluggy's that looks for marks only where a person could have put them.

    PERF: of the attributes of an object three in four are Python's own, and half of the others what a plugin says of
    itself. Passing them over, 30 plugins with seven hooks each are loaded in 11 ms and not in 30.
    """

    def __init__(self) -> None:
        super().__init__(PROJECT)

    def parse_hookimpl_opts(self, plugin: Any, name: str) -> Any:
        """Return the options of a marked implementation, or `None`."""
        return None if name.startswith("__") or name in _DECLARED else super().parse_hookimpl_opts(plugin, name)

    def parse_hookspec_opts(self, module_or_class: Any, name: str) -> Any:
        """Return the options of a marked specification, or `None`."""
        return None if name.startswith("__") else super().parse_hookspec_opts(module_or_class, name)


def read_specifications(namespace: object) -> dict[str, tuple[str, ...]]:
    """Return the hooks that a class or module marks with `hookspec`, and their arguments."""
    reader = HookReader()
    return {
        name: tuple(each for each in read_signature(function).parameters if each != "self")
        for name, function in inspect.getmembers(namespace, inspect.isroutine)
        if reader.parse_hookspec_opts(namespace, name) is not None
    }


def find_implementations(plugin: object) -> tuple[Implementation, ...]:
    """Return what *plugin* marked with `hookimpl`, in alphabetical order."""
    reader = HookReader()
    found = []
    for attribute in dir(plugin):
        options = reader.parse_hookimpl_opts(plugin, attribute)
        if options is not None:
            function = getattr(plugin, attribute)
            found.append(
                Implementation(
                    hook=options["specname"] or attribute,
                    function=function,
                    parameters=tuple(read_signature(function).parameters.values()),
                    is_optional=options["optionalhook"],
                    is_wrapper=options["wrapper"] or options["hookwrapper"],
                    attribute=attribute,
                )
            )
    return tuple(found)


def find_unmarked(plugin: object, owner: Owner, implementations: Iterable[Implementation]) -> Iterator[BrokenPlugin]:
    """Yield an error for each function of *plugin* that is named like a hook and not one of its *implementations*."""
    marked = {each.attribute for each in implementations}
    for attribute in dir(plugin):
        if not attribute.startswith(f"{PROJECT}_") or attribute in marked:
            continue
        function = getattr(plugin, attribute, None)
        if inspect.isroutine(function):
            yield BrokenPlugin(
                owner,
                f"has a function {attribute!r} that is not marked as a hook and would never run",
                where=find_source(function),
                fix="Put @hookimpl above it, or give it another name.",
            )


def check_shape(implementation: Implementation, owner: Owner) -> Iterator[BrokenPlugin]:
    """Yield what keeps *implementation* from being called at all, whatever its hook is."""
    for what, fix in _find_faults(implementation):
        yield BrokenPlugin(
            owner,
            f"has a hook {implementation.hook!r} that {what}",
            where=find_source(implementation.function),
            fix=fix,
        )


def check_fit(
    implementation: Implementation,
    owner: Owner,
    specifications: Specifications,
    removed: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[BrokenPlugin]:
    """Yield what in *implementation* differs from what is specified: the hook's name, its arguments.

    Args:
        removed: Hooks that were specified once, and what to do instead. Such an implementation may be optional all it
            wants: nobody will ever call it.
    """
    hook, where = implementation.hook, find_source(implementation.function)
    known = specifications.get(hook)
    if known is None and hook in removed:
        what = f"has a hook {hook!r} that this core has no more"
        yield BrokenPlugin(owner, what, where=where, fix=removed[hook])
    elif known is None and not implementation.is_optional:
        fix = suggest(hook, specifications, label="The hooks")
        optional = "If another plugin brings the hook: @hookimpl(optionalhook=True)."
        yield BrokenPlugin(owner, f"has an unknown hook {hook!r}", where=where, fix=f"{fix} {optional}")
    for parameter in implementation.parameters:
        # One with a default may be an argument that only a newer core passes; one of another kind has a wrong shape.
        is_needed = parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        if known is not None and is_needed and parameter.name not in known:
            what = f"has an argument {parameter.name!r} in {hook!r} that the hook does not have"
            fix = suggest(parameter.name, known, label="Its arguments")
            yield BrokenPlugin(owner, what, where=where, fix=fix)


def _find_faults(implementation: Implementation) -> Iterator[tuple[str, str]]:
    """Yield what *implementation* is that no hook can be, each with how to mend it."""
    function = implementation.function
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        rule = "Asynchronous work belongs in a Lifespan record or in a handler."
        yield "is async, and hooks run while the app is built", f"Write it with plain def. {rule}"
    elif implementation.is_wrapper:
        rule = "Say before = or after = on the plugin to choose the order."
        yield (
            "is a wrapper, and hooks run one after the other",
            f"Write it with plain @hookimpl. {rule}",
        )
    elif inspect.isgeneratorfunction(function):
        yield "is a generator, which runs only if somebody asks for its results", "Return a list."
    for parameter in implementation.parameters:
        if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
            rule = "A hook is given the arguments that it names: write them as plain parameters."
            yield f"takes {str(parameter)!r}, which nothing is passed for", rule
