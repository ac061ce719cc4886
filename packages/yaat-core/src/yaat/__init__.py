"""Yaat, yet another ASGI toolkit: a web framework made of small packages.

This package is the core: the app, routing, requests, responses, middleware, lifespan and the plugin hooks.
"""

from .app import Yaat
from .exceptions import HTTPException
from .plugins import Plugin, hookimpl, hookspec
from .records import Middleware
from .request import Request
from .response import Response
from .routing.router import Router

__all__ = [
    "HTTPException",
    "Middleware",
    "Plugin",
    "Request",
    "Response",
    "Router",
    "Yaat",
    "hookimpl",
    "hookspec",
]
__version__ = "0.2.0"
