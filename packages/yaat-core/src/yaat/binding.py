"""This file is how a handler gets its arguments: prepared once, so that a request only makes the call."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_origin

from .connection import Connection
from .exceptions import HandlerError
from .handler import Handler
from .request import Request
from .threads import ThreadLimiter

#: Calls a handler for a request.
Respond = Callable[[Any], Awaitable[Any]]

_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def bind(
    handler: Handler,
    path_names: Iterable[str],
    threads: ThreadLimiter,
    where: str,
    *,
    given: type[Connection[Any]] = Request,
) -> Respond:
    """Return what calls *handler* with the request and the path parameters it takes.

    A handler that takes the request and nothing else is returned as it is, so it costs nothing.

    Args:
        path_names: The names of the path parameters.
        threads: Where plain functions run.
        where: The route, for messages.
        given: What takes the place of the request on routes of another protocol.

    Raises:
        HandlerError: The handler takes something nobody gives, or lacks a path parameter.
    """
    names = tuple(path_names)
    request_name = _find_request(handler, names, given)
    _check_fit(handler, names, request_name, where)
    call = _make_call(handler, threads)
    first = handler.parameters[0].name if handler.parameters else None
    if request_name is None:
        return _bind_names(call, names)
    if request_name != first or handler.parameters[0].kind is inspect.Parameter.KEYWORD_ONLY:
        return _bind_keyword(call, request_name, names)
    if not names:
        return call
    return _bind_positions(call, handler, names)


def find_annotated_converters(handler: Handler, converters: Mapping[type, str]) -> dict[str, str]:
    """Return the converter that each annotation of *handler* asks for, by parameter name."""
    return {
        parameter.name: converters[parameter.annotation]
        for parameter in handler.parameters
        if isinstance(parameter.annotation, type) and parameter.annotation in converters
    }


def _bind_positions(call: Callable[..., Awaitable[Any]], handler: Handler, names: tuple[str, ...]) -> Respond:
    """Return what calls a handler that takes the request first.

    PERF: a plain function that returns the coroutine adds no frame, and one or two arguments are quicker by position
    than by a dictionary (row "two path parameters").
    """
    positions = [p.name for p in handler.parameters[1 : len(names) + 1] if p.kind is p.POSITIONAL_OR_KEYWORD]
    if hasattr(handler.function, "__wrapped__"):  # A decorator may take by keyword alone what it says it takes.
        positions = []
    if set(positions) == set(names) and len(names) == 1:
        (only,) = positions
        return lambda request: call(request, request.scope["path_params"][only])
    if set(positions) == set(names) and len(names) == 2:
        first, second = positions

        def respond(request: Any) -> Awaitable[Any]:
            parameters = request.scope["path_params"]
            return call(request, parameters[first], parameters[second])

        return respond
    return lambda request: call(request, **_pick(request, names))


def _bind_names(call: Callable[..., Awaitable[Any]], names: tuple[str, ...]) -> Respond:
    """Return what calls a handler that does not take the request."""
    if not names:
        return lambda request: call()
    return lambda request: call(**_pick(request, names))


def _bind_keyword(call: Callable[..., Awaitable[Any]], request_name: str, names: tuple[str, ...]) -> Respond:
    """Return what calls a handler that takes the request by keyword."""
    return lambda request: call(**{request_name: request}, **_pick(request, names))


def _pick(request: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the path parameters that the handler takes."""
    parameters = request.scope.get("path_params") or {}
    return {name: parameters[name] for name in names}


def _make_call(handler: Handler, threads: ThreadLimiter) -> Callable[..., Awaitable[Any]]:
    """Return a function that calls *handler* and gives something to await."""
    function: Callable[..., Any] = handler.function
    if handler.view is not None:
        view, method = handler.view, handler.function

        def function(*args: Any, **kwargs: Any) -> Any:
            return method(view(), *args, **kwargs)

    if handler.is_async:
        return function

    async def call(*args: Any, **kwargs: Any) -> Any:
        return await threads.run(function, *args, **kwargs)

    return call


def _find_request(handler: Handler, names: tuple[str, ...], given: type[Connection[Any]]) -> str | None:
    """Return the name of the parameter that takes the request.

    It is the one called `request` or annotated as one; else the first, if it is no path parameter, has no default and
    no annotation that says something else. The `*args` of a decorator that does not tell what it takes is a first one.
    For another *given* than a request it is called by that class's name.
    """
    usual = given.__name__.lower()
    for parameter in handler.parameters:
        annotation = get_origin(parameter.annotation) or parameter.annotation
        if isinstance(annotation, type) and issubclass(annotation, given):
            return parameter.name
    candidates = [p for p in handler.parameters if p.name == usual and p.name not in names]
    candidates += handler.parameters[:1]
    for parameter in candidates:
        is_plain = parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
        is_free = (
            parameter.name == usual
            or parameter.annotation in (parameter.empty, Any)
            or parameter.kind is parameter.VAR_POSITIONAL
        )
        if is_plain and is_free and parameter.name not in names:
            return parameter.name
    return None


def _check_fit(handler: Handler, names: tuple[str, ...], request_name: str | None, where: str) -> None:
    """Check that *handler* takes every path parameter and, beside the request, nothing else.

    Raises:
        HandlerError: It takes something else without a default, or lacks one.
    """
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in handler.parameters)
    taken = [p for p in handler.parameters if p.name != request_name]
    for parameter in taken:
        is_required = parameter.default is parameter.empty and parameter.kind in (
            *_BY_NAME,
            parameter.POSITIONAL_ONLY,
        )
        if is_required and (parameter.name not in names or parameter.kind not in _BY_NAME):
            raise HandlerError(_explain_unknown(handler, parameter.name, names, where))
    own = {parameter.name for parameter in taken if parameter.kind in _BY_NAME}
    for name in names:
        if name not in own and not takes_all:
            raise HandlerError(_explain_lacking(handler, name, own, where))


def _explain_unknown(handler: Handler, name: str, names: tuple[str, ...], where: str) -> str:
    """Return the message for a parameter that nobody gives."""
    gives = f"The path gives: {', '.join(names)}." if names else "The path has no parameters."
    similar = get_close_matches(name, names, n=1, cutoff=0.4)
    if name in names:
        return f"The handler {handler} takes {name!r} by position.\n{where}\n{gives} Names are needed: drop the '/'."
    hint = f"Did you mean {similar[0]!r}?" if similar else f"Put {{{name}}} into the path, or give it a default."
    return f"The handler {handler} takes {name!r}, which nothing gives.\n{where}\n{gives} {hint}"


def _explain_lacking(handler: Handler, name: str, own: Iterable[str], where: str) -> str:
    """Return the message for a path parameter that the handler lacks."""
    similar = get_close_matches(name, own, n=1, cutoff=0.4)
    hint = (
        f"Did you mean {name!r} where it takes {similar[0]!r}?"
        if similar
        else f"Add a parameter {name!r}, or **path_params."
    )
    return f"The path gives {name!r}, but the handler {handler} does not take it.\n{where}\n{hint}"
