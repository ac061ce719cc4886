"""This file tells a client's leaving from what looks like it: that of another client, and trouble on the way to it."""

import errno
from typing import Any

from .exceptions import ClientDisconnect

#: Never about an open connection, by class and by number.
_ELSEWHERE = (
    FileNotFoundError,
    FileExistsError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
    ProcessLookupError,
    ChildProcessError,
    ConnectionRefusedError,
)
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE})


def tell_clients_apart(error: Exception, connection: Any) -> Exception:
    """Return what *error*, which serving *connection* has raised, is to that connection.

    A group of nothing but its own client's leaving, as a task group raises, is that. That the client of another
    connection has left is a mistake: whoever sends to others has to expect it, and this client has an answer coming.
    What middleware around `send` has failed with is a mistake too.
    """
    if isinstance(error, ExceptionGroup):
        _, others = error.split(lambda each: isinstance(each, ClientDisconnect) and each.is_of(connection))
        return error if others is not None else _find_leaf(error)
    if not isinstance(error, ClientDisconnect):
        return error
    if not error.is_of(connection):
        return _blame_other_client(error)
    cause = error.__cause__
    return error if not isinstance(cause, OSError) or says_that_client_left(cause) else cause


def says_that_client_left(error: OSError) -> bool:
    """Return whether *error*, raised by `send`, can be what says that nobody receives any more.

    A server may raise any `OSError` for that (ASGI spec, "Disconnected client"). Those that are never about an open
    connection come from middleware around the app, which keeps a file of its own, say, on a disk that is full.
    """
    return not isinstance(error, _ELSEWHERE) and error.errno not in _NO_ROOM


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
