"""This file tells apart what looks alike: being cancelled, and waiting for what somebody else has cancelled."""

import asyncio
import sys


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


def _is_cancelled() -> bool:
    """Return whether the running task is being cancelled, or there is none that could say."""
    # In a frame of its own: that of `blame_other` hangs on the error's traceback, and the task would hang on that.
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
