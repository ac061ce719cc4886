"""This file is the report of a build: who gave what, as data to print or to test."""

from collections.abc import Mapping, Sequence
from typing import Any

from .explanation import Explanation
from .record import EMPTY, frozen
from .records import ExceptionHandler, PathConverter
from .route_report import (
    HandlerReport,
    MiddlewareReport,
    MountReport,
    RouteReport,
    ShadowedRoute,
    report_middleware,
    report_mount,
    report_route,
)

__all__ = [
    "BuildReport",
    "Explanation",
    "HandlerReport",
    "MiddlewareReport",
    "MountReport",
    "RouteReport",
    "ShadowedRoute",
    "report_middleware",
    "report_mount",
    "report_route",
]


@frozen
class BuildReport:
    """What an app was built of.

    Attributes:
        plugins: What became of each plugin, in their order.
        routes: In the order in which they were added, those of mounted routers in place of the mount.
        middleware: Around the whole app, outermost first.
        mounts: The ASGI apps that are mounted in it, other than Yaat apps.
        shadowed: Routes of plugins, in whole or in part, that a route of the app has taken the place of.
        hooks: Every hook that is specified, with the names of the plugins that implement it, in call order.
        converters: What reads path parameters, best first where several accept the same text.
        exception_handlers: Of plugins and of the app itself; see `RouteReport` for those of routers and routes.
    """

    plugins: Sequence[Any]
    routes: Sequence[RouteReport]
    middleware: Sequence[MiddlewareReport]
    mounts: Sequence[MountReport] = ()
    shadowed: Sequence[ShadowedRoute] = ()
    hooks: Mapping[str, tuple[str, ...]] = EMPTY
    converters: Sequence[PathConverter] = ()
    exception_handlers: Sequence[ExceptionHandler] = ()

    @property
    def unused_hooks(self) -> tuple[str, ...]:
        """The hooks that no plugin implements."""
        return tuple(hook for hook, plugins in self.hooks.items() if not plugins)

    def explain(self, method: str, path: str, *, host: str | None = None) -> Explanation:
        """Return what answers a request, with the owner of each part: `print(app.report.explain("GET", "/"))`.

        Args:
            method: A method; or the name of another protocol, such as `websocket`.
            path: As a client writes it. A query does not count.
            host: For routes that are for one host.
        """
        from .explain import explain  # noqa: PLC0415  # PERF: see there

        return explain(self.routes, self.mounts, method, path, host=host)
