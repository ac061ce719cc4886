"""This file tells apart what looks alike: being cancelled, and waiting for what somebody else has cancelled."""

import asyncio


def find_foreign(cancelled: asyncio.CancelledError) -> RuntimeError | None:
    """Return the error that *cancelled*, just caught, stands for; `None` when it is the running task that is cancelled.

    Whoever serves a request passes its own cancellation on, as asyncio wants it. A task, a connection or a lock that
    others have cancelled is a failure like any other, and no reason for a server to take the request for given up.
    """
    task = asyncio.current_task()
    if task is None or task.cancelling():
        return None
    error = RuntimeError("It waited for something that somebody else has cancelled.")
    error.__cause__ = cancelled
    return error
