"""WebSockets for Yaat: routes, the connection that a handler is given, and channels that many clients listen to."""

from .bounded_queue import QueueLimit
from .channel import Channel
from .close_code import CloseCode, WebSocketCloseEvent
from .exceptions import WebSocketDisconnect, WebSocketException, WebSocketStateError
from .heartbeat import heartbeat
from .plugin import WebSocketsPlugin
from .sending import sending
from .websocket import WebSocket

__all__ = [
    "Channel",
    "CloseCode",
    "QueueLimit",
    "WebSocket",
    "WebSocketCloseEvent",
    "WebSocketDisconnect",
    "WebSocketException",
    "WebSocketStateError",
    "WebSocketsPlugin",
    "heartbeat",
    "sending",
]
__version__ = "0.2.0"
