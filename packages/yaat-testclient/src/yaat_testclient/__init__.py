"""This file is what users import: test clients for ASGI apps, what they raise, and the kit for plugin authors.

The clients here are those of httpx; `yaat_testclient.httpx2` has the same for httpx2. Neither library is
imported before one of them is asked for, so that the referee and the pytest plugin need none; nor is the core.
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
    "PluginContract",
    "Referee",
    "TestClient",
    "WebSocketDenied",
    "WebSocketDisconnect",
    "check_app",
    "make_app",
]

#: Where the names are that need a library, or the core.
_LAZY = {"AsyncTestClient": "httpx", "TestClient": "httpx", "PluginContract": "contract", "make_app": "apps"}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
