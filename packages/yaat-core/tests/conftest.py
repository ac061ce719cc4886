"""Tests that are coroutine functions: each runs in an event loop of its own, and may leave nothing behind in it."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

import pytest

#: Far more than any of them takes; one that hangs fails instead.
SECONDS = 30


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine function."""
    if not iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    complaints: list[str] = []
    asyncio.run(_run(pyfuncitem.obj, arguments, complaints))
    assert not complaints, complaints
    return True


async def _run(function: Callable[..., Awaitable[None]], arguments: dict[str, Any], complaints: list[str]) -> None:
    """Await the test; take down what the event loop complains of, such as errors that nobody has looked at."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(str(context)))
    async with asyncio.timeout(SECONDS):
        await function(**arguments)
