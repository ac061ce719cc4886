"""This file is the lifespan: what is entered before the first request and left after the last."""

import asyncio
import inspect
import logging
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import Any

from .asgi import ASGIApp, Receive, Scope, Send
from .cancellation import blame_other
from .exceptions import ConfigurationError
from .plugins.problem import switch_off
from .provenance import APP, CORE
from .records import Lifespan
from .signature import read_signature
from .stopping import watch_signals
from .threads import ThreadLimiter

logger = logging.getLogger("yaat.lifespan")


class LifespanRunner:
    """Enters the lifespans of one app in order, and leaves them in reverse.

    Args:
        app: Given to each of them.
        lifespans: In the order in which they are entered.
        tell_stopping: Called when the app is about to be stopped.
    """

    def __init__(self, app: Any, lifespans: Sequence[Lifespan], tell_stopping: Callable[[], None]) -> None:
        self._app = app
        self._lifespans = tuple(lifespans)
        self._tell_stopping = tell_stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the connection of type `lifespan` (ASGI spec, "Lifespan Protocol")."""
        await receive()
        state: dict[str, Any] = scope.setdefault("state", {})
        is_started = False
        try:
            async with self.run(state):
                with watch_signals(self._tell_stopping):
                    is_started = True
                    await send({"type": "lifespan.startup.complete"})
                    await receive()
                self._tell_stopping()
        except Exception as error:
            phase = "shutdown" if is_started else "startup"
            logger.error("The %s failed", phase, exc_info=error)
            reason = "".join(traceback.format_exception(error)).rstrip()
            await send({"type": f"lifespan.{phase}.failed", "message": f"{describe(error)}\n{reason}"})
            return
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def run(self, state: dict[str, Any]) -> AsyncIterator[None]:
        """Enter everything, and leave it in reverse; what is entered is left even when something fails.

        Args:
            state: What the lifespans yield is put there.
        """
        async with AsyncExitStack() as stack:
            for lifespan in self._lifespans:
                try:
                    context = lifespan.context(self._app)
                    if not hasattr(context, "__aenter__"):
                        raise ConfigurationError(f"It gave {context!r:.100}, which is no asynchronous context manager.")
                    with _tell_apart():
                        yielded = await context.__aenter__()
                except Exception as error:
                    _blame(lifespan, error)
                    raise
                stack.push_async_exit(partial(_leave, lifespan, context))
                _join(state, yielded, lifespan)
            yield


async def _leave(lifespan: Lifespan, context: AbstractAsyncContextManager[Any], *exit_arguments: Any) -> None:
    """Leave *context*, which cannot hush up what others raised; what it raises by itself names *lifespan*."""
    try:
        with _tell_apart():
            await context.__aexit__(*exit_arguments)
    except Exception as error:
        if error is not exit_arguments[1]:
            _blame(lifespan, error)
        raise


@contextmanager
def _tell_apart() -> Iterator[None]:
    """Make an error of a cancellation that is not this task's: a server takes that for an app without a lifespan.

    Raises:
        RuntimeError: What was waited for was cancelled by somebody else.
    """
    try:
        yield
    except asyncio.CancelledError as error:
        raise blame_other() from error


def _blame(lifespan: Lifespan, error: Exception) -> None:
    """Tell whose lifespan raised *error*, and of a plugin how to go without it."""
    error.add_note(f"Raised by the lifespan {lifespan.name!r} of {lifespan.owner}.")
    switch = _find_switch(lifespan)
    if switch:
        error.add_note(switch)


def _find_switch(lifespan: Lifespan) -> str:
    """Return how to go without the plugin that a lifespan is of, if it is of one."""
    return "" if lifespan.owner in (APP, CORE) else switch_off(lifespan.owner)


def _join(state: dict[str, Any], yielded: Mapping[str, Any] | None, lifespan: Lifespan) -> None:
    """Put what a lifespan yielded into *state*."""
    if yielded is None:
        return
    if not isinstance(yielded, Mapping):
        raise ConfigurationError(
            f"The lifespan {lifespan.name!r} of {lifespan.owner} yielded {yielded!r:.100}. "
            f'Yield a mapping such as {{"db": db}}, or nothing. {_find_switch(lifespan)}'.rstrip()
        )
    taken = state.keys() & yielded.keys()
    if taken:
        raise ConfigurationError(
            f"The lifespan {lifespan.name!r} of {lifespan.owner} yielded {sorted(taken)[0]!r}, "
            f"which the state has already. Choose another name. {_find_switch(lifespan)}".rstrip()
        )
    state.update(yielded)


def describe(error: BaseException) -> str:
    """Return the class, text and notes of *error* in one line."""
    return " ".join("".join(traceback.format_exception_only(error)).split())


def make_callbacks_lifespan(
    startup: Sequence[Callable[..., Any]],
    shutdown: Sequence[Callable[..., Any]],
    threads: ThreadLimiter,
) -> Lifespan:
    """Return the lifespan that calls the functions of `on_startup` and `on_shutdown`, of either kind, in their order.

    All of *shutdown* are called, whatever one of them raises; one error is raised in the end, several as a group. When
    a later lifespan fails they are called too, and its error is the one that is raised.
    """

    @asynccontextmanager
    async def context(app: Any) -> AsyncIterator[None]:
        for function in startup:
            await _call(function, app, threads)
        try:
            yield
        except (Exception, asyncio.CancelledError) as error:
            for second in await _call_all(shutdown, app, threads):
                error.add_note(f"After that: {describe(second)}")
            raise
        errors = await _call_all(shutdown, app, threads)
        if errors:
            raise (errors[0] if len(errors) == 1 else ExceptionGroup("Several on_shutdown functions failed", errors))

    return Lifespan(name="on_startup and on_shutdown", context=context)


async def _call_all(functions: Sequence[Callable[..., Any]], app: Any, threads: ThreadLimiter) -> list[Exception]:
    """Call all of *functions* and return what they raised; whoever cancels this meanwhile is heard in the end."""
    errors: list[Exception] = []
    cancelled: asyncio.CancelledError | None = None
    for function in functions:
        try:
            await _call(function, app, threads)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception as error:
            errors.append(error)
    if cancelled is not None:
        raise cancelled
    return errors


async def _call(function: Callable[..., Any], app: Any, threads: ThreadLimiter) -> None:
    """Call a function of either kind, with the app if it takes an argument."""
    try:
        arguments = (app,) if _takes_argument(function) else ()
        with _tell_apart():
            if inspect.iscoroutinefunction(function):
                await function(*arguments)
            else:
                result = await threads.run_to_end(function, *arguments)
                if inspect.isawaitable(result):
                    await result
    except Exception as error:
        error.add_note(f"Raised by {getattr(function, '__qualname__', function)!r}, one of on_startup or on_shutdown.")
        raise


def _takes_argument(function: Callable[..., Any]) -> bool:
    """Return whether *function* has a parameter that must be given."""
    try:
        parameters = read_signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(
        parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        for parameter in parameters
    )


def make_user_lifespan(function: Any) -> Lifespan:
    """Return the record of the app's own `lifespan=`.

    Args:
        function: An asynchronous generator function, or one that returns an asynchronous context manager.

    Raises:
        ConfigurationError: It is neither.
    """
    name = getattr(function, "__name__", "lifespan")
    if inspect.isasyncgenfunction(function):
        function = asynccontextmanager(function)
    elif not callable(function) or inspect.iscoroutinefunction(function):
        raise ConfigurationError(
            f"lifespan= takes an asynchronous generator function (async def lifespan(app): …; yield {{…}}; …) "
            f"or a function that returns an asynchronous context manager, not {function!r}."
        )
    makes: Callable[[Any], AbstractAsyncContextManager[Any]] = function
    return Lifespan(name=name, context=makes)


def refuse_startup(error: Exception) -> ASGIApp:
    """Return what answers a lifespan that cannot begin, because the app could not be built.

    The messages of wiring mistakes say all that is needed; of anything else the traceback is sent too.
    """

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        message = "\n\n".join(_list_messages(error))
        await send({"type": "lifespan.startup.failed", "message": f"The app could not be built.\n{message}"})

    return refuse


def _list_messages(error: BaseException) -> list[str]:
    """Return what *error*, or each error of a group, has to say."""
    if isinstance(error, BaseExceptionGroup):
        return [message for each in error.exceptions for message in _list_messages(each)]
    if isinstance(error, ConfigurationError) and error.__cause__ is None:
        return [describe(error)]
    return ["".join(traceback.format_exception(error)).rstrip()]
