"""This file is work beside a block: it goes on for as long as the block runs, and an error of either ends the other."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from yaat.exceptions import ClientDisconnect


@asynccontextmanager
async def beside(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run each *work* in a task of its own for as long as the block runs.

    An error of one of them, or of the block, ends all the others, and is raised as it was.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in work]
            yield
            for task in tasks:
                task.cancel()
    except BaseExceptionGroup as errors:
        # When one side fails, that the client has left is what the other side sees of it. Two may tell the same error.
        told = {id(error): error for error in errors.exceptions if not isinstance(error, ClientDisconnect)}
        if len(told) > 1:
            raise
        error = [*told.values(), *errors.exceptions][0]
        context = error.__context__
        try:
            raise error
        finally:
            error.__context__ = context  # What it was raised from; raising it again has put the group there.
