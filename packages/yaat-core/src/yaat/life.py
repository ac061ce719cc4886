"""This file is the life of an app and of those mounted in it: what is entered when the first of them starts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from .asgi_lifespan import make_mounted_lifespan
from .lifespan import make_callbacks_lifespan
from .provenance import CORE
from .record import replace
from .records import Lifespan
from .routing.placement import PlacedArea

#: What a lifespan enters, for an app.
Context = Callable[[Any], AbstractAsyncContextManager[Mapping[str, Any] | None]]


def list_lifespans(apps: Sequence[Any], areas: Iterable[PlacedArea]) -> Iterator[Lifespan]:
    """Yield what is entered when the first of *apps* starts: the others are mounted in it, and so are *areas*.

    Threads are there for all others to use; background work, which may use all others, is waited for first of all.
    """
    for app in apps:
        yield Lifespan(name="threads", context=bind_context(hold_threads, app), owner=CORE)
        callbacks = make_callbacks_lifespan(app._on_startup, app._on_shutdown, app.threads)
        for record in (*app.parts.lifespans, *app._lifespans, callbacks):
            yield replace(record, context=bind_context(record.context, app))
    for area in {id(area.app): area for area in areas if area.app is not None}.values():
        yield make_mounted_lifespan(area.app, f"of the app mounted at {area.template}")
    for app in apps:
        yield Lifespan(name="background", context=bind_context(hold_background, app), owner=CORE)


def bind_context(context: Context, app: Any) -> Context:
    """Return *context* for *app*, whichever app is being started."""
    return lambda _: context(app)


def tell_stopping(apps: Iterable[Any]) -> None:
    """Let streams that are still open know that *apps* are about to be stopped, and background work begin its grace."""
    for app in apps:
        app.stopping.set()
        app.background.begin_grace()


@asynccontextmanager
async def hold_threads(app: Any) -> AsyncIterator[None]:
    """Begin a new run of *app*; in the end let its threads go."""
    app.stopping = asyncio.Event()  # An event belongs to the loop in which it was first waited for.
    app.threads.open()
    try:
        yield
    finally:
        app.threads.close()


@asynccontextmanager
async def hold_background(app: Any) -> AsyncIterator[None]:
    """In the end wait for the background work of *app*."""
    try:
        yield
    finally:
        await app.background.drain()
