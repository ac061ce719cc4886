"""This file is the vocabulary of ASGI 3: the types every other module speaks in, and how one is called in a task."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar

T = TypeVar("T")

#: One connection's facts, as the server gives them (ASGI spec, "Connection Scope"). Untyped by the specification.
Scope = MutableMapping[str, Any]
#: One event of a connection, in either direction (ASGI spec, "Events").
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


async def call(function: Callable[..., Awaitable[T]], *arguments: Any) -> T:
    """Return what awaiting the call of an ASGI app, `receive` or `send` gives; for tasks, which want a coroutine.

    All that such a call has to return is an awaitable. Some look like a future of asyncio and are none: that would wait
    for them in vain, or not at all.
    """
    return await function(*arguments)
