"""This file is dependencies where there is no request: at start-up, in lifespans, commands and tasks."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import wraps
from typing import Any

from yaat import Yaat
from yaat.arguments import EXITS, Site
from yaat.binding import list_slots, make_call
from yaat.compilation import Plan, Respond, compile_plan
from yaat.connection import OUTSIDE, Connection
from yaat.handler import Handler, examine
from yaat.record import frozen, replace
from yaat.records import ParameterResolver
from yaat.resolution import resolve_parameters
from yaat.state import State
from yaat.threads import ThreadLimiter

from .dependency import Dependencies
from .resolvers import make_use_resolver, resolve_app
from .unresolved import refuse_unresolved


class AppConnection(Connection[State]):
    """What stands in for a connection where there is none: it knows the app, and nothing of a client."""


@frozen
class _AppPlace:
    """Where such a connection is: in an app, or in none."""

    app: Any
    threads: ThreadLimiter
    route: None = OUTSIDE.route
    max_body_bytes: int = OUTSIDE.max_body_bytes
    encode: Callable[[Any], bytes] = OUTSIDE.encode
    decode: Callable[[bytes], Any] = OUTSIDE.decode
    body_parsers: Any = None


def inject(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return *function* with its dependencies given, for a place where there is no request.

    What comes back takes the app, or nothing. Of a plain or asynchronous function it gives something to await:
    `app.on_startup(inject(warm_up))`, `asyncio.run(inject(clean_up)(app))`. Of an asynchronous generator function it
    gives an asynchronous context manager, as `Yaat(lifespan=…)` takes it. What the dependencies leave behind is left at
    the end.

    Args:
        function: Each of its parameters is marked with `Use`, or is for the app.

    Raises:
        HandlerError: It takes something else.
    """
    handler = examine(function)
    parameters = [each.replace(annotation=Yaat) if _is_app(each) else each for each in handler.parameters]
    handler = replace(handler, parameters=tuple(parameters))
    if inspect.isasyncgenfunction(function):
        handler = replace(handler, function=_give(asynccontextmanager(function)), is_async=True)
    if not any(isinstance(each.annotation, str) for each in parameters):
        _prepare(handler, _make_place(None))

    @wraps(function)
    async def call(app: Any = None) -> Any:
        async with _connect(app) as connection:
            return await _prepare(handler, connection.place)(connection)

    @wraps(function)
    @asynccontextmanager
    async def hold(app: Any = None) -> AsyncIterator[Any]:
        async with _connect(app) as connection:
            context = await _prepare(handler, connection.place)(connection)
            yield await connection.scope[EXITS].enter_async_context(context)

    return hold if inspect.isasyncgenfunction(function) else call


def _make_place(app: Any) -> _AppPlace:
    """Return the place of a connection in *app*; without one it has threads of its own."""
    threads = ThreadLimiter("dependencies") if app is None else app.threads
    return _AppPlace(app=app, threads=threads, body_parsers={})


@asynccontextmanager
async def _connect(app: Any) -> AsyncIterator[AppConnection]:
    """Give a stand-in for a connection; in the end leave what its dependencies have entered."""
    place = _make_place(app)
    try:
        async with AsyncExitStack() as stack:
            yield AppConnection({"type": "yaat.app", EXITS: stack}, place)
    finally:
        if app is None:
            place.threads.close()


def _prepare(handler: Handler, place: Any) -> Respond:
    """Return what calls *handler* for such a connection.

    Raises:
        HandlerError: It takes what nobody gives.
    """
    known = place.app.extensions.get("typed") if place.app is not None else None
    dependencies = Dependencies() if known is None else known.dependencies
    site = Site(
        app=place.app,
        given=AppConnection,
        handler=handler,
        threads=place.threads,
        where="It is called where there is no request.",
        resolvers=[
            make_use_resolver(dependencies),
            ParameterResolver(name="app", resolve=resolve_app),
            ParameterResolver(name="type", resolve=_resolve_nothing, is_fallback=True),
        ],
    )
    slots = list_slots(handler, resolve_parameters(handler, site), site)
    return compile_plan(Plan(call=make_call(handler, place.threads.run_holding), slots=slots))


def _resolve_nothing(parameter: inspect.Parameter, site: Site) -> None:
    """Raise for what may be marked, but nobody can tell.

    Raises:
        HandlerError: It names what is not there.
    """
    refuse_unresolved(parameter.annotation, "its annotation")


def _give(make: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """Return *make* as a coroutine function."""

    async def call(*args: Any, **kwargs: Any) -> Any:
        return make(*args, **kwargs)

    return call


def _is_app(parameter: inspect.Parameter) -> bool:
    """Return whether a parameter is for the app, by its name."""
    return parameter.name == "app" and parameter.annotation in (parameter.empty, Any)
