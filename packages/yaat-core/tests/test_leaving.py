"""Leaving: whose client has left, and which errors of sending cannot say so."""

import errno
from typing import Any

import pytest

from yaat import Request
from yaat.exceptions import ClientDisconnect
from yaat.leaving import says_that_client_left, tell_clients_apart

from .asgi_driver import make_scope
from .asgi_exchange import Exchange


class Elsewhere(ClientDisconnect):
    """The leaving of the client of a connection that is no request."""

    def is_of(self, connection: Any) -> bool:
        return False


@pytest.fixture
def request_() -> Request[Any]:
    """The connection whose errors are looked at."""
    return Request(make_scope("GET", "/"), Exchange().receive)


def raised_from(error: Exception, cause: Exception) -> Exception:
    """Return *error* as one that was raised from *cause*."""
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("error", [LookupError(), OSError(), ClientDisconnect()], ids=repr)
def test_error_of_the_connection_is_what_it_is(request_: Request[Any], error: Exception) -> None:
    """Neither what has nothing to do with clients is changed, nor the leaving of this one."""
    assert tell_clients_apart(error, request_) is error


def test_client_of_another_connection_is_a_mistake(request_: Request[Any]) -> None:
    """This client has an answer coming, so the error says what to do."""
    error = Elsewhere()
    told = tell_clients_apart(error, request_)
    assert type(told) is RuntimeError
    assert str(told) == (
        "The client of another connection has left, and nobody caught the Elsewhere of sending to it. "
        "Catch it where something is sent to others."
    )
    assert told.__cause__ is error


@pytest.mark.parametrize(
    ("cause", "is_told"),
    [(OSError(), False), (ConnectionResetError(), False), (PermissionError(), True), (LookupError(), False)],
    ids=repr,
)
def test_what_middleware_has_failed_with_is_no_leaving(
    request_: Request[Any], cause: Exception, *, is_told: bool
) -> None:
    """An error of `send` that no client can be the reason of is told in the place of the leaving."""
    error = raised_from(ClientDisconnect(), cause)
    assert tell_clients_apart(error, request_) is (cause if is_told else error)


def test_group_of_nothing_but_leaving_is_that(request_: Request[Any]) -> None:
    """However deep it is, the first one is told."""
    first, second = ClientDisconnect(), ClientDisconnect()
    assert tell_clients_apart(ExceptionGroup("outer", [ExceptionGroup("inner", [first]), second]), request_) is first


@pytest.mark.parametrize("other", [LookupError(), Elsewhere()], ids=repr)
def test_group_with_anything_else_is_told_whole(request_: Request[Any], other: Exception) -> None:
    """No error in it is hidden by the client's leaving."""
    group = ExceptionGroup("both", [ClientDisconnect(), other])
    assert tell_clients_apart(group, request_) is group


@pytest.mark.parametrize(
    ("error", "can_be"),
    [
        (OSError(), True),
        (BrokenPipeError(), True),
        (TimeoutError(), True),
        (OSError(errno.EIO, "broken"), True),
        (OSError(errno.ENOSPC, "full"), False),
        (OSError(errno.EMFILE, "too many"), False),
        (FileNotFoundError(), False),
        (ConnectionRefusedError(), False),
    ],
    ids=repr,
)
def test_errors_that_are_never_about_an_open_connection(error: OSError, *, can_be: bool) -> None:
    """A server may raise any other `OSError` (ASGI spec, "Disconnected client")."""
    assert says_that_client_left(error) is can_be
