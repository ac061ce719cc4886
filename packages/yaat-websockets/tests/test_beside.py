"""Work beside a block: it goes on as long as the block does, and errors are raised as they were."""

import asyncio

import pytest

from yaat_websockets import WebSocketDisconnect
from yaat_websockets.beside import beside


async def wait(log: list[str] | None = None) -> None:
    """Wait until this is cancelled, and write that down."""
    try:
        await asyncio.Event().wait()
    finally:
        if log is not None:
            log.append("cancelled")


async def fail(error: Exception) -> None:
    """Raise *error*."""
    raise error


async def test_all_work_ends_with_the_block() -> None:
    """After the block nothing is left running."""
    log: list[str] = []
    async with beside(wait(log), wait(log)):
        await asyncio.sleep(0)
        assert log == []
    assert log == ["cancelled", "cancelled"]


async def test_error_of_one_ends_the_block_and_the_others() -> None:
    """The error is raised as it was, and everything else is cancelled."""
    log: list[str] = []
    error = LookupError()
    with pytest.raises(LookupError) as caught:
        async with beside(wait(log), fail(error)):
            await wait(log)
    assert caught.value is error
    assert log == ["cancelled", "cancelled"]


@pytest.mark.parametrize("is_cause", [True, False], ids=["cause", "context"])
@pytest.mark.parametrize("fails", ["work", "block"])
async def test_error_keeps_what_it_came_from(fails: str, *, is_cause: bool) -> None:
    """A log shows what the error was raised from, and nothing of the group that it was in meanwhile."""

    async def translate() -> None:
        try:
            raise origin
        except KeyError:
            if is_cause:
                raise error from origin
            raise error  # noqa: B904  # the context is what this is about

    origin, error = KeyError(), LookupError()
    work, block = (translate(), wait()) if fails == "work" else (wait(), translate())
    with pytest.raises(LookupError):
        async with beside(work):
            await block
    assert error.__context__ is origin
    assert error.__cause__ is (origin if is_cause else None)
    assert error.__suppress_context__ is is_cause


async def test_error_that_two_tell_is_one() -> None:
    """When two raise the same error it is raised as it was."""
    error = LookupError()
    with pytest.raises(LookupError) as caught:
        async with beside(fail(error), fail(error)):
            await wait()
    assert caught.value is error


async def test_two_errors_are_both_told() -> None:
    """No error hides another."""
    with pytest.raises(ExceptionGroup) as caught:
        async with beside(fail(LookupError()), fail(KeyError())):
            await wait()
    assert [type(error) for error in caught.value.exceptions] == [LookupError, KeyError]


async def test_client_that_has_left_explains_nothing() -> None:
    """That the client has left is raised only where there is no other error."""
    with pytest.raises(LookupError):
        async with beside(fail(WebSocketDisconnect()), fail(LookupError())):
            await wait()
    with pytest.raises(WebSocketDisconnect):
        async with beside(fail(WebSocketDisconnect()), fail(WebSocketDisconnect())):
            await wait()
