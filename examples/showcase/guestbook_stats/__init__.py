"""A plugin for any Yaat app: it times requests, and shows on a page of its own how many there were.

A plugin joins an app by hooks, each a method that says what it contributes. All of them run once, while the app is
built. Made a package of its own, with an entry point in the group `yaat`, it would join every app by being installed.
"""

import logging
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from yaat import Middleware, Plugin, Request, Response, Yaat, hookimpl
from yaat.records import Lifespan
from yaat.routing import Route
from yaat_templates import TemplateResponse

logger = logging.getLogger("guestbook_stats")


@dataclass
class Stats:
    """What was counted since the app was started."""

    requests: int = 0
    seconds: float = 0.0

    @property
    def average_milliseconds(self) -> float:
        """How long a request took."""
        return self.seconds / self.requests * 1000 if self.requests else 0.0


class StatsPlugin(Plugin):
    """Counts and times requests."""

    name = "stats"
    requires = ("templates",)

    @hookimpl
    def yaat_configure(self, app: Yaat) -> None:
        """Keep the numbers where the handlers of the app and other plugins find them."""
        app.extensions["stats"] = Stats()

    @hookimpl
    def yaat_register_middleware(self, app: Yaat) -> Middleware:
        """Time every request, those included that end in an error."""
        return Middleware(time_request, stage="observe", stats=app.extensions["stats"])

    @hookimpl
    def yaat_register_routes(self, app: Yaat) -> Route:
        """Show the numbers at /stats."""
        return Route(path="/stats", handler=show_stats, name="page", metadata={"tags": ["pages"]})

    @hookimpl
    def yaat_register_lifespans(self, app: Yaat) -> Lifespan:
        """Begin anew with every start, and sum up at the end."""
        return Lifespan(name="stats", context=keep_stats)

    # The next two hooks belong to yaat-templates, the last one to yaat-openapi, which may not be installed.

    @hookimpl
    def yaat_templates_loaders(self, app: Yaat) -> Path:
        """Give the template of the page; the app may have another one of the same name."""
        return Path(__file__).parent / "templates"

    @hookimpl
    def yaat_templates_context(self, app: Yaat) -> Mapping[str, Any]:
        """Let every template show `stats`."""
        return {"stats": app.extensions["stats"]}

    @hookimpl(optionalhook=True)
    def yaat_openapi_operation(self, operation: dict[str, Any]) -> None:
        """Say in the document that every response carries the time."""
        for response in operation.get("responses", {}).values():
            header = {"description": "How long it took", "schema": {"type": "string"}}
            response.setdefault("headers", {})["Server-Timing"] = header


def time_request(request: Request, stats: Stats) -> Generator[None, Response, None]:
    """Middleware: what stands before the `yield` runs before the handler, the rest when there is a response."""
    begin = perf_counter()
    response = yield
    seconds = perf_counter() - begin
    stats.requests += 1
    stats.seconds += seconds
    response.headers["server-timing"] = f"app;dur={seconds * 1000:.2f}"


async def show_stats(request: Request) -> TemplateResponse:
    """Show how many requests there were, and how long they took."""
    return TemplateResponse("stats/page.html")


@asynccontextmanager
async def keep_stats(app: Yaat) -> AsyncIterator[None]:
    """Set the numbers back at the start; log them in the end."""
    stats: Stats = app.extensions["stats"]
    stats.requests, stats.seconds = 0, 0.0
    yield
    logger.info("%d requests, %.2f ms on average", stats.requests, stats.average_milliseconds)
