"""This file is dependencies: functions whose values handlers, and other dependencies, are given."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from yaat.arguments import EXITS, Argument, Input, InvalidInput, Output, Phase, Site, Source
from yaat.binding import list_slots
from yaat.compilation import Plan, Respond, compile_plan
from yaat.exceptions import HandlerError
from yaat.handler import Handler, examine
from yaat.record import frozen, replace
from yaat.resolution import BoundParameter, resolve_parameters

from .call import enter_context, find_context, make_async, make_call
from .markers import Use

#: Where, in the scope, the values are that are used again, by their function.
CACHE = "yaat.dependencies"


class Dependencies:
    """The dependencies of one app.

    Attributes:
        overrides: What takes the place of functions while tests run.
    """

    def __init__(self) -> None:
        self.overrides: dict[Callable[..., Any], Callable[..., Any]] = {}
        self._under_way: list[Callable[..., Any]] = []

    @contextmanager
    def override(self, function: Callable[..., Any], replacement: Callable[..., Any]) -> Iterator[None]:
        """Let *replacement* take the place of *function* inside a `with` block."""
        before = self.overrides.get(function, function)
        self.overrides[function] = replacement
        try:
            yield
        finally:
            if before is function:
                del self.overrides[function]
            else:
                self.overrides[function] = before

    def make_argument(self, use: Use, site: Site) -> Argument:
        """Return how the value of *use* is made.

        Raises:
            HandlerError: Its function cannot be called, takes what nobody gives, or uses itself.
        """
        node = self._make_node(use, site)
        return Argument(
            source=Source(
                get=self._make_get(node, use, site),
                is_async=True,
                phase=node.phase,
                has_exit=node.has_exit,
                needs=tuple(self._unless_replaced(use.function, each) for each in node.early),
            ),
            inputs=node.inputs,
            outputs=node.outputs,
        )

    def _unless_replaced(self, function: Callable[..., Any], early: Source) -> Source:
        """Return *early*, which *function* needs, for as long as nothing takes the place of that function."""
        overrides = self.overrides

        async def get(connection: Any) -> None:
            if function not in overrides:
                await early.get(connection)

        return Source(get=get, is_async=True, phase=early.phase, has_exit=early.has_exit)

    def _make_node(self, use: Use, site: Site) -> "_Node":
        """Return how a function is called."""
        if use.function in self._under_way:
            circle = " → ".join(name_function(each) for each in (*self._under_way, use.function))
            raise HandlerError(f"dependencies use each other in a circle: {circle}.")
        self._under_way.append(use.function)
        try:
            return _Node.make(use, site)
        finally:
            self._under_way.pop()

    def _make_finder(self, use: Use, site: Site) -> Callable[[Any], Respond]:
        """Return what tells how the function is called, for one connection, that takes the place of another one."""
        replacements: dict[Callable[..., Any], _Node] = {}

        def find(connection: Any) -> Respond:
            other = self.overrides[use.function]
            if other not in replacements:
                replacements[other] = self._make_node(replace(use, function=other), site)
            _check_exit(replacements[other], use.function, other, connection)
            return replacements[other].enter

        return find

    def _make_get(self, node: "_Node", use: Use, site: Site) -> Callable[[Any], Awaitable[Any]]:
        """Return what gives the value for one connection."""
        overrides, function, is_cached = self.overrides, use.function, use.cached
        enter, find_replacement = node.enter, self._make_finder(use, site)

        async def get(connection: Any) -> Any:
            cache = connection.scope.get(CACHE)
            if cache is None:
                cache = connection.scope[CACHE] = {}
            elif is_cached and function in cache:
                value = cache[function]
                if value.__class__ is _Refusal:
                    raise value.error
                return value
            is_replaced = overrides and function in overrides
            chosen = find_replacement(connection) if is_replaced else enter
            try:
                value = await chosen(connection)
            except InvalidInput as error:  # Others are asked yet, for all mistakes are told at once.
                if is_cached:
                    cache[function] = _Refusal(error=error)
                raise
            if is_cached:
                cache[function] = value
            return value

        return get


@frozen
class _Refusal:
    """Stands for the value of a function that has found mistakes, and would find the same ones again.

    Attributes:
        error: It tells them.
    """

    error: InvalidInput


@frozen
class _Node:
    """One function, with what it takes.

    Attributes:
        enter: Called with the connection; gives the value.
        phase: When, at the earliest.
        early: What it uses, directly or through others, and what yet comes before it: who is there and what they may.
        has_exit: Whether something is left to do when the handler is done.
    """

    enter: Respond
    phase: Phase
    early: tuple[Source, ...]
    has_exit: bool
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]

    @classmethod
    def make(cls, use: Use, site: Site) -> "_Node":
        """Return how the function of *use* is called at *site*."""
        try:
            handler = examine(use.function)
            site = replace(site, handler=handler)
            parameters = resolve_parameters(handler, site)
        except HandlerError as error:
            raise HandlerError(f"its dependency {name_function(use.function)!r} cannot be: {error}") from error
        phase = _find_phase(use, _list_arguments(parameters))
        if phase != "access":
            parameters = _remember_early(parameters)
        arguments = _list_arguments(parameters)
        slots = list_slots(handler, parameters, site)
        make_context = find_context(use, site.threads)
        call = make_call(use, handler, site.threads) if make_context is None else make_async(make_context)
        respond = compile_plan(Plan(call=call, slots=slots))
        return cls(
            enter=respond if make_context is None else enter_context(respond),
            phase=phase,
            early=() if phase == "access" else _list_early(arguments),
            has_exit=make_context is not None or any(one.source.has_exit for one in arguments),
            inputs=_list_inputs(parameters, handler),
            outputs=_list_outputs(arguments),
        )


def _check_exit(node: _Node, function: Any, other: Any, connection: Any) -> None:
    """Raise for a generator that takes the place of what is none, where nobody would leave it.

    Raises:
        HandlerError: It does.
    """
    if node.has_exit and EXITS not in connection.scope:
        raise HandlerError(
            f"{name_function(other)!r} is to take the place of {name_function(function)!r}, but it is a generator, or "
            "uses one. Let a function that returns the value take it."
        )


def _find_phase(use: Use, arguments: Iterable[Argument]) -> Phase:
    """Return when a dependency is called: before the content is read, unless it takes some of that."""
    needed = {each.source.phase for each in arguments}
    if use.late or "late" in needed:
        return "late"
    return "content" if "content" in needed else "access"


def _list_arguments(parameters: Mapping[str, BoundParameter]) -> list[Argument]:
    """Return what resolvers have answered."""
    return [one.argument for one in parameters.values() if one.argument is not None]


def _remember_early(parameters: Mapping[str, BoundParameter]) -> dict[str, BoundParameter]:
    """Return *parameters* with sources that give what they have given before, where that may have been earlier."""
    sources: dict[Source, Source] = {}
    found = dict(parameters)
    for name, one in parameters.items():
        if one.argument is not None and one.argument.source.phase == "access":
            source = sources.setdefault(one.argument.source, _remember(one.argument.source))
            found[name] = replace(one, argument=replace(one.argument, source=source))
    return found


def _remember(source: Source) -> Source:
    """Return *source*, asked once for each connection however often this one is."""

    async def get(connection: Any) -> Any:
        cache = connection.scope.setdefault(CACHE, {})
        if source not in cache:
            value = source.get(connection)
            cache[source] = await value if source.is_async else value
        return cache[source]

    return replace(source, get=get, is_async=True)


def _list_early(arguments: Iterable[Argument]) -> tuple[Source, ...]:
    """Return what comes before the content in what a later dependency takes."""
    found: dict[Source, None] = {}
    for one in arguments:
        found |= dict.fromkeys([one.source] if one.source.phase == "access" else one.source.needs)
    return tuple(found)


def _list_inputs(parameters: Mapping[str, BoundParameter], handler: Handler) -> tuple[Input, ...]:
    """Return what of the client's a dependency takes, path parameters that the core gives included."""
    annotations = {each.name: each.annotation for each in handler.parameters}
    found: dict[tuple[str, str], Input] = {}
    for one in parameters.values():
        inputs = one.argument.inputs if one.argument is not None else ()
        if one.argument is None and one.resolver == "path":
            inputs = (Input(place="path", name=one.name, type=annotations[one.name]),)
        for each in inputs:
            found.setdefault((each.place, each.name), each)
    return tuple(found.values())


def _list_outputs(arguments: Iterable[Argument]) -> tuple[Output, ...]:
    """Return what the client may be answered because of what a dependency takes, each once."""
    found: list[Output] = []
    for one in arguments:
        found += [each for each in one.outputs if each not in found]
    return tuple(found)


def name_function(function: Any) -> str:
    """Return the name of a function, for messages."""
    return getattr(function, "__qualname__", repr(function))
