"""This file is the report of a build: who gave what, as data to print or to test."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .provenance import Owner, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteReport:
    """One route as it is served.

    Attributes:
        path: From the root of the app.
        methods: Sorted; empty for another protocol than HTTP.
        name: For `url_for`.
        middleware: The names of the middleware around it, outermost first.
    """

    path: str
    host: str | None
    protocol: str
    methods: tuple[str, ...]
    name: str
    middleware: tuple[str, ...]
    metadata: Any
    owner: Owner
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MiddlewareReport:
    """One middleware of the app and its place, outermost first."""

    name: str
    stage: str
    owner: Owner
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What an app was built of.

    Attributes:
        plugins: What became of each plugin, in their order.
        routes: In the order in which they were added, those of mounted routers in place of the mount.
        middleware: Around the whole app.
    """

    plugins: Sequence[Any]
    routes: Sequence[RouteReport]
    middleware: Sequence[MiddlewareReport]
