"""This file is the look-up: which middleware stands around the route that a preflight asks about.

A preflight is an OPTIONS request, which Yaat answers by itself, around all routes of its path. What counts is the
policy of the route that the request to come will reach; it may be another for each method.
"""

from collections.abc import Sequence
from typing import Any

from yaat.records import Middleware


def find_chain(request: Any, method: str) -> Sequence[Middleware]:
    """Return what stands around the route that would serve *method* where *request* is for, outermost first.

    Where a mounted ASGI app would, it is what stands around *request* itself.
    """
    place = request.app and request.app.find_place(request.scope, method)
    return list_around(place or request.place)


def list_around(place: Any) -> Sequence[Middleware]:
    """Return what stands around requests of *place*, outermost first: nothing outside an app."""
    around: Sequence[Middleware] = getattr(place, "middleware", ())
    return around
