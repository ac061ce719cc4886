"""This file is the vocabulary of ASGI 3: the types every other module speaks in."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

#: One connection's facts (ASGI spec, "Connection Scope"). Untyped by the specification.
Scope = MutableMapping[str, Any]
#: One event of a connection, in either direction (ASGI spec, "Events").
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Header fields as they travel: names in lower case, both as bytes.
RawHeaders = list[tuple[bytes, bytes]]
