"""This file is what users import: test clients for ASGI apps, and what they raise.

The clients here are those of httpx; `yaat_testclient.httpx2` has the same for httpx2. Neither library is
imported before one of them is asked for, so that the referee and the pytest plugin need none.
"""

from importlib import import_module

from .errors import (
    AppLeftBehindWarning,
    ASGIViolation,
    ClientDisconnected,
    LifespanError,
    WebSocketDenied,
    WebSocketDisconnect,
)
from .referee import Referee, check_app

__all__ = [
    "ASGIViolation",
    "AppLeftBehindWarning",
    "AsyncTestClient",
    "ClientDisconnected",
    "LifespanError",
    "Referee",
    "TestClient",
    "WebSocketDenied",
    "WebSocketDisconnect",
    "check_app",
]


def __getattr__(name: str) -> object:
    if name not in {"AsyncTestClient", "TestClient"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.httpx"), name)
