"""This file is dependencies: functions whose values handlers, and other dependencies, are given."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from yaat.arguments import EXITS, Argument, Input, Output, Phase, Site, Source
from yaat.binding import list_slots
from yaat.compilation import Plan, Respond, compile_plan
from yaat.exceptions import HandlerError
from yaat.handler import Handler, examine
from yaat.resolution import BoundParameter, resolve_parameters
from yaat.threads import ThreadLimiter

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

    def make_argument(self, use: Use, site: Site) -> Argument:
        """Return how the value of *use* is made.

        Raises:
            HandlerError: Its function cannot be called, takes what nobody gives, or uses itself.
        """
        node = self._make_node(use, site)
        return Argument(
            source=Source(get=self._make_get(node, use, site), is_async=True, phase=node.phase, has_exit=node.has_exit),
            inputs=node.inputs,
            outputs=node.outputs,
        )

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

    def _make_get(self, node: "_Node", use: Use, site: Site) -> Callable[[Any], Awaitable[Any]]:
        """Return what gives the value for one connection."""
        overrides, function, is_cached = self.overrides, use.function, use.cached
        enter = node.enter
        replacements: dict[Callable[..., Any], _Node] = {}

        async def get(connection: Any) -> Any:
            cache = connection.scope.get(CACHE)
            if cache is None:
                cache = connection.scope[CACHE] = {}
            elif is_cached and function in cache:
                return cache[function]
            if overrides and function in overrides:
                other = overrides[function]
                if other not in replacements:
                    replacements[other] = self._make_node(replace(use, function=other), site)
                _check_exit(replacements[other], function, other, connection)
                value = await replacements[other].enter(connection)
            else:
                value = await enter(connection)
            if is_cached:
                cache[function] = value
            return value

        return get


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """One function, with what it takes.

    Attributes:
        enter: Called with the connection; gives the value.
        phase: When, at the earliest.
        has_exit: Whether something is left to do when the handler is done.
    """

    enter: Respond
    phase: Phase
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
        arguments = tuple(one.argument for one in parameters.values() if one.argument is not None)
        slots = list_slots(handler, parameters, site)
        make_context = _find_context(use, site.threads)
        call = _make_call(use, handler, site.threads) if make_context is None else _make_async(make_context)
        respond = compile_plan(Plan(call=call, slots=slots))
        return cls(
            enter=respond if make_context is None else _enter(respond),
            phase=_find_phase(use, arguments),
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


def _find_context(use: Use, threads: ThreadLimiter) -> Callable[..., AbstractAsyncContextManager[Any]] | None:
    """Return what makes a context manager of a generator function, or `None` for a function of another kind."""
    function = use.function
    if inspect.isasyncgenfunction(function):
        return asynccontextmanager(function)
    if not inspect.isgeneratorfunction(function):
        return None
    make = contextmanager(function)
    enter, leave = (threads.run, threads.run_holding) if use.in_thread else (_run_here, _run_here)
    return lambda *args, **kwargs: _Threaded(make(*args, **kwargs), enter, leave)


def _make_call(use: Use, handler: Handler, threads: ThreadLimiter) -> Callable[..., Awaitable[Any]]:
    """Return what calls a function that is no generator, and gives something to await."""
    function: Callable[..., Any] = handler.function
    if handler.is_async:
        return function
    if not use.in_thread or isinstance(function, type):
        return _make_async(function)

    async def call(*args: Any, **kwargs: Any) -> Any:
        return await threads.run(function, *args, **kwargs)

    return call


def _make_async(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """Return *function*, which never blocks, as one that gives something to await."""

    async def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return call


def _enter(respond: Respond) -> Respond:
    """Return what enters the context manager that *respond* gives; it is left when the handler is done."""

    async def enter(connection: Any) -> Any:
        stack: AsyncExitStack = connection.scope[EXITS]
        return await stack.enter_async_context(await respond(connection))

    return enter


class _Threaded:
    """A plain context manager, entered by *enter* and left by *leave*: in threads, or here.

    They are not the same threads, because what waits to enter may wait for somebody who wants to leave.
    """

    def __init__(
        self,
        context: AbstractContextManager[Any],
        enter: Callable[..., Awaitable[Any]],
        leave: Callable[..., Awaitable[Any]],
    ) -> None:
        self._context = context
        self._enter = enter
        self._leave = leave

    async def __aenter__(self) -> Any:
        return await self._enter(self._context.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Any:
        return await self._leave(self._context.__exit__, kind, error, traceback)


async def _run_here(function: Callable[..., Any], *args: Any) -> Any:
    """Return what *function* returns."""
    return function(*args)


def _find_phase(use: Use, arguments: Iterable[Argument]) -> Phase:
    """Return when a dependency is called: before the content is read, unless it takes some of that."""
    needed = {each.source.phase for each in arguments}
    if use.late or "late" in needed:
        return "late"
    return "content" if "content" in needed else "access"


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
