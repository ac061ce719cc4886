"""This file is class-based views: a class whose methods are called when a client comes, speaks and leaves."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial, wraps
from typing import Any

from yaat.exceptions import ClientDisconnect, HandlerError, HTTPException
from yaat.handler import Handler, examine
from yaat.leaving import tell_clients_apart
from yaat.signature import read_signature

from .close_code import CloseCode, find_code
from .exceptions import WebSocketException
from .websocket import WebSocket

#: What a view may have, and what each method is given apart from path parameters.
METHODS: Mapping[str, tuple[str, ...]] = {
    "on_connect": ("websocket",),
    "on_receive": ("websocket", "message"),
    "on_disconnect": ("websocket", "code"),
}

#: How a view reads what it gives to `on_receive`, by its attribute `encoding`; `None` takes messages as they come.
READERS: Mapping[str | None, Callable[[WebSocket[Any]], Awaitable[Any]]] = {
    None: WebSocket.receive_data,
    "text": WebSocket.receive_text,
    "bytes": WebSocket.receive_bytes,
    "json": WebSocket.receive_json,
}

Call = Callable[..., Awaitable[None]]


def is_view(target: Any) -> bool:
    """Return whether *target* is a view class, or an instance of one."""
    return isinstance(target, type) or any(hasattr(target, name) for name in METHODS)


def examine_handler(target: Any) -> Handler:
    """Return a handler of either kind as Yaat sees it; a view takes what its methods take.

    Raises:
        HandlerError: It is neither a function nor a view.
    """
    if not is_view(target):
        return examine(target)
    methods = find_methods(target)
    parameters = {p.name: p for method in methods.values() for p in method.parameters}
    first = next(iter(methods.values()))
    return Handler(
        function=first.function,
        view=first.view,
        parameters=tuple(parameters.values()),
        returns=inspect.Signature.empty,
        is_async=True,
    )


def find_methods(view: Any) -> dict[str, Handler]:
    """Return the methods that *view*, a class or an instance, has of `METHODS`.

    Raises:
        HandlerError: It has none, one is no coroutine function, or the class cannot be made without arguments.
    """
    kind = view if isinstance(view, type) else None
    found = {name: examine(getattr(view, name), view=kind) for name in METHODS if hasattr(view, name)}
    if not found:
        raise HandlerError(f"The view {view!r} has none of the methods of a WebSocket view: {', '.join(METHODS)}.")
    for handler in found.values():
        if not handler.is_async:
            raise HandlerError(f"The method {handler} must be a coroutine function: write 'async def'.")
    if kind is not None:
        check_constructor(kind)
    return found


def check_constructor(view: type) -> None:
    """Raise unless *view* can be made anew for every connection.

    Raises:
        HandlerError: It takes arguments.
    """
    try:
        read_signature(view).bind()
    except TypeError:
        raise HandlerError(
            f"The view class {view.__qualname__} cannot be made without arguments, and a new one is made for every "
            f"connection. Give an instance to the route: add_websocket_route(path, {view.__name__}(…))."
        ) from None


def list_extras(name: str, method: Handler, path_names: Iterable[str], where: str) -> list[inspect.Parameter]:
    """Return what one method of a view takes beyond what every such method is given.

    Raises:
        HandlerError: It does not take that first.
    """
    given = METHODS[name]
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    leading = [p.name for p in method.parameters if p.kind in by_position][: len(given)]
    if len(leading) < len(given) or not set(leading).isdisjoint(path_names):
        raise HandlerError(f"The method {method} must take {' and '.join(given)} first.\n{where}")
    return [p for p in method.parameters if p.name not in leading and p.kind is not p.VAR_POSITIONAL]


def make_handler(view: Any, path_names: Iterable[str], where: str) -> Handler:
    """Return a handler that serves a connection with *view*; it takes what the methods take, by name.

    A class is made anew for every connection, so what a method puts on `self` stays with that connection. An instance
    is shared by all. What is resolved, a dependency for example, is made once for a connection.

    Args:
        path_names: The names of the path parameters; each method may take those it wants.
        where: The route, for messages.

    Raises:
        HandlerError: A method does not take what it is given, or the encoding is unknown.
    """
    encoding = getattr(view, "encoding", None)
    if encoding not in READERS:
        known = ", ".join(map(repr, READERS))
        raise HandlerError(f"The view {view!r} has encoding = {encoding!r}. It can be {known}.\n{where}")
    read = READERS[encoding]
    names = tuple(path_names)
    methods = find_methods(view)
    extras = {name: list_extras(name, method, names, where) for name, method in methods.items()}
    wanted = {name: _list_names(parameters, names) for name, parameters in extras.items()}

    @wraps(next(iter(methods.values())).function)
    async def serve(websocket: WebSocket[Any], **values: Any) -> None:
        instance = view() if isinstance(view, type) else view
        calls = {
            name: partial(getattr(instance, name), websocket, **{n: values[n] for n in taking if n in values})
            for name, taking in wanted.items()
        }
        await run_view(websocket, calls, read)

    named = {
        p.name: p.replace(kind=p.KEYWORD_ONLY)
        for taken in extras.values()
        for p in taken
        if p.kind is not p.VAR_KEYWORD
    }
    parameters = (
        inspect.Parameter("websocket", inspect.Parameter.POSITIONAL_ONLY, annotation=WebSocket),
        *named.values(),
        inspect.Parameter("path_params", inspect.Parameter.VAR_KEYWORD),  # No method has to take them.
    )
    return Handler(function=serve, view=None, parameters=parameters, returns=inspect.Signature.empty, is_async=True)


def _list_names(parameters: Iterable[inspect.Parameter], path_names: Iterable[str]) -> set[str]:
    """Return the names that one method is given values by; `**` takes all of the path."""
    names = {p.name for p in parameters if p.kind is not p.VAR_KEYWORD}
    takes_all = any(p.kind is p.VAR_KEYWORD for p in parameters)
    return names | set(path_names) if takes_all else names


async def run_view(
    websocket: WebSocket[Any], calls: Mapping[str, Call], read: Callable[[WebSocket[Any]], Awaitable[Any]]
) -> None:
    """Call the methods of a view as the connection goes; the last one in any case, once it was open."""
    on_connect: Call = calls.get("on_connect", websocket.accept)
    on_receive: Call = calls.get("on_receive", ignore)
    on_disconnect: Call = calls.get("on_disconnect", ignore)
    code: int = CloseCode.INTERNAL_ERROR  # As for a handler that is cancelled while the connection is open.
    try:
        await on_connect()
        while websocket.is_open:
            await on_receive(await read(websocket))
    except Exception as error:
        if isinstance(tell_clients_apart(error, websocket), ClientDisconnect):
            return
        code = find_error_code(error)
        raise
    finally:
        if websocket.was_open:
            await on_disconnect(websocket.close_code or code)


def find_error_code(error: Exception) -> int:
    """Return the code that *error* ends an open connection with, unless a handler of errors chooses another."""
    if isinstance(error, WebSocketException):
        return error.code
    return find_code(error.status_code if isinstance(error, HTTPException) else 500, is_open=True)


async def ignore(value: Any) -> None:
    """Do nothing, for a method that a view does not have."""
