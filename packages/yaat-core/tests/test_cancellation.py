"""Being cancelled, and waiting for what somebody else has cancelled, are told apart."""

import asyncio
from typing import Any

import pytest

from yaat.cancellation import blame_other


async def wait_for(other: "asyncio.Future[Any]") -> Exception:
    """Wait for *other*, and return the error that its cancellation stands for."""
    try:
        await other
    except asyncio.CancelledError:
        return blame_other()
    raise AssertionError


async def test_waiting_for_what_others_have_cancelled_is_an_error() -> None:
    """The error says so, and its cause is the cancellation."""
    other: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    other.cancel("by somebody")
    error = await wait_for(other)
    assert isinstance(error, RuntimeError)
    assert str(error) == "It waited for something that somebody else has cancelled."
    assert isinstance(error.__cause__, asyncio.CancelledError)
    assert error.__cause__.args == ("by somebody",)


async def test_own_cancellation_is_passed_on() -> None:
    """A task that is cancelled ends as one that was."""
    waiting = asyncio.ensure_future(wait_for(asyncio.get_running_loop().create_future()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()


async def test_cancellation_that_was_taken_back_is_over() -> None:
    """After a timeout of its own a task is cancelled no more."""
    loop = asyncio.get_running_loop()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
    other: asyncio.Future[Any] = loop.create_future()
    other.cancel()
    assert isinstance(await wait_for(other), RuntimeError)


async def test_without_a_task_any_cancellation_is_passed_on() -> None:
    """Where a server runs coroutines in its own way nobody can tell, and so it is the server's."""
    other: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    other.cancel()
    told: list[type] = []

    def advance() -> None:
        try:
            wait_for(other).send(None)
        except BaseException as error:
            told.append(type(error))

    asyncio.get_running_loop().call_soon(advance)
    await asyncio.sleep(0)
    assert told == [asyncio.CancelledError]
