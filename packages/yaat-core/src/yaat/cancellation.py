"""This file tells apart what looks alike: being cancelled or left, and what happens to somebody else."""

import asyncio
import sys
from typing import Any

from .exceptions import ClientDisconnect


def blame_other() -> RuntimeError:
    """Return the error that the `CancelledError` being handled stands for, where it is not the running task's own.

    Whoever serves a request passes its own cancellation on, as asyncio wants it. A task, a connection or a lock that
    others have cancelled is a failure like any other, and no reason for a server to take the request for given up.

    Raises:
        asyncio.CancelledError: That very one, where it is the running task that is cancelled.
    """
    if _is_cancelled():
        raise  # noqa: PLE0704  # it is called where an error is handled
    error = RuntimeError("It waited for something that somebody else has cancelled.")
    error.__cause__ = sys.exception()
    return error


def tell_clients_apart(error: Exception, connection: Any) -> Exception:
    """Return what *error*, which serving *connection* has raised, is to that connection.

    A group of nothing but its own client's leaving, as a task group raises, is that. That the client of another
    connection has left is a mistake: whoever sends to others has to expect it, and this client has an answer coming.
    """
    if isinstance(error, ExceptionGroup):
        _, others = error.split(lambda each: isinstance(each, ClientDisconnect) and each.is_of(connection))
        return error if others is not None else _find_leaf(error)
    if isinstance(error, ClientDisconnect) and not error.is_of(connection):
        return _blame_other_client(error)
    return error


def _find_leaf(error: Exception) -> Exception:
    """Return the first exception in a group that is no group."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _blame_other_client(error: Exception) -> RuntimeError:
    """Return the error for *error*, which says that the client of another connection has left."""
    told = f"The client of another connection has left, and nobody caught the {type(error).__name__} of sending to it."
    blamed = RuntimeError(f"{told} Catch it where something is sent to others.")
    blamed.__cause__ = error
    return blamed


def _is_cancelled() -> bool:
    """Return whether the running task is being cancelled, or there is none that could say."""
    # In a frame of its own: that of `blame_other` hangs on the error's traceback, and the task would hang on that.
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
