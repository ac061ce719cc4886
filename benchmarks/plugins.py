"""This file measures what plugins cost: a request that they do not touch, and the build of an app.

``python benchmarks/plugins.py`` prints the figures, ``--check`` fails when one is over its limit. Instructions are
counted where valgrind is there; of time, the ratio of two apps that take turns is told.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import asynccontextmanager
from math import inf
from pathlib import Path
from time import process_time
from typing import Any

from callgrind import read_count, watch
from content import GREETING
from event_loop import find_loop
from exchange import ask, find_mistakes
from instructions_worker import fork
from row import Row
from rows import BY_NAME
from table import format_table
from timing import BATCH, time_requests
from yaat import Plugin, Request, Response, Yaat, hookimpl
from yaat.records import ExceptionHandler, Lifespan, PathConverter, ResponseType
from yaat.responses import TextResponse
from yaat.routing import Route

#: As many plugins beside a route as a big app may have.
IDLE_PLUGINS = 20
#: The app whose build is measured.
BUILT_PLUGINS, ROUTES_EACH = 30, 10
ROWS = ("plaintext", "path_params")
#: Of a batch each, which takes less than a millisecond.
TURNS = 40
#: What a request may cost with the plugins, as a multiple of what it costs without.
MOST_PER_REQUEST = 1.02
MOST_BUILD_MILLISECONDS = 60


class Idle(Plugin):
    """Uses every hook that does not touch the routes of others.

    Args:
        name: Its name; its routes are below it.
        routes: How many it has.
    """

    def __init__(self, name: str, routes: int = 1) -> None:
        self.name = name
        self._routes = routes
        self._kind = type(f"Answer_{name}", (), {})
        self._error = type(f"Error_{name}", (Exception,), {})

    @hookimpl
    def yaat_configure(self, app: Any, settings: Any) -> None:
        app.extensions[self.name] = settings

    @hookimpl
    def yaat_register_converters(self, app: Any) -> PathConverter:
        return PathConverter(name=f"{self.name}_text", parse=str)

    @hookimpl
    def yaat_register_response_types(self, app: Any) -> ResponseType:
        return ResponseType(type=self._kind, convert=lambda value, request: Response())

    @hookimpl
    def yaat_register_routes(self, app: Any) -> list[Route]:
        return [
            Route(path=f"/{self.name}/{number}/{{key:int}}", handler=answer, name=str(number))
            for number in range(self._routes)
        ]

    @hookimpl
    def yaat_register_exception_handlers(self, app: Any) -> ExceptionHandler:
        return ExceptionHandler(key=self._error, handler=answer_error)

    @hookimpl
    def yaat_wrap_endpoint(self, route: Any, endpoint: Any) -> None:
        return None

    @hookimpl
    def yaat_register_lifespans(self, app: Any) -> Lifespan:
        return Lifespan(name=self.name, context=rest)


async def answer(request: Request, key: int) -> Response:
    return Response()


async def answer_error(request: Request, error: Exception) -> Response:
    return Response()


@asynccontextmanager
async def rest(app: Yaat) -> Any:
    yield


async def hello(request: Request) -> Response:
    return TextResponse(GREETING)


async def order(request: Request, name: str, number: int) -> Response:
    return TextResponse(f"{name} {number + 1}")


def make_app(plugins: int, routes: int = 1) -> Yaat:
    """Return an app with both routes that are asked for, and with as many idle plugins."""
    app = Yaat(autoload=False, plugins=[Idle(f"idle{number}", routes) for number in range(plugins)])
    app.add_route("/", hello)
    app.add_route("/users/{name}/orders/{number}", order)
    return app


# --- requests ---


async def time_row(row: Row, rounds: int) -> float:
    """Return what a request costs with the idle plugins, as a multiple of what it costs without.

    Both apps take turns; of each the quickest turn counts, which is the one that nothing else on the machine was in.
    """
    bare, full = make_app(0), make_app(IDLE_PLUGINS)
    for app in (bare, full):
        mistakes = find_mistakes(await ask(app, row), row)
        assert not mistakes, mistakes
    gc.collect()
    gc.freeze()
    least = {id(bare): inf, id(full): inf}
    for _ in range(rounds * TURNS):
        for app in (bare, full):
            least[id(app)] = min(least[id(app)], await time_requests(app, row, BATCH))
    return least[id(full)] / least[id(bare)]


def count_forks() -> None:
    """Answer requests in forks, for callgrind to count; tell by row which process did how many."""
    for name in ROWS:
        apps = {"bare": make_app(0), "full": make_app(IDLE_PLUGINS)}
        print(json.dumps({"row": name, **{key: fork(app, BY_NAME[name]) for key, app in apps.items()}}), flush=True)


def count_instructions() -> Iterator[tuple[str, float]]:
    """Yield for each row the same multiple in instructions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for found in watch([sys.executable, __file__, "--forks"], folder):
            full, bare = (read_count(folder, found[key]) for key in ("full", "bare"))
            yield found["row"], full / bare


# --- the build ---


def time_build(rounds: int) -> float:
    """Return the CPU time in milliseconds that the big app takes to be built, plugins loaded: the least of *rounds*."""
    times = []
    for _ in range(rounds):
        gc.collect()
        began = process_time()
        make_app(BUILT_PLUGINS, ROUTES_EACH).build()
        times.append(process_time() - began)
    return min(times) * 1000


# --- the report ---


def measure(rounds: int, *, with_instructions: bool) -> Iterator[tuple[str, float, float]]:
    """Yield what was measured, the figure, and its limit."""
    _, loop_factory = find_loop()
    for name in ROWS:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            figure = runner.run(time_row(BY_NAME[name], rounds))
        yield f"{BY_NAME[name].title}: time with {IDLE_PLUGINS} idle plugins, × without", figure, MOST_PER_REQUEST
    if with_instructions and shutil.which("valgrind") is None:
        print("valgrind is not on PATH, so no instructions are counted", file=sys.stderr)
    elif with_instructions:
        for name, figure in count_instructions():
            yield f"{BY_NAME[name].title}: instructions, × without", figure, MOST_PER_REQUEST
    title = f"build of {BUILT_PLUGINS} plugins × {ROUTES_EACH} routes, ms of CPU"
    yield title, time_build(rounds), MOST_BUILD_MILLISECONDS


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what plugins cost.")
    parser.add_argument("--rounds", type=int, default=25, help="how often each is measured")
    parser.add_argument("--check", action="store_true", help="fail when a figure is over its limit")
    parser.add_argument("--instructions", action=argparse.BooleanOptionalAction, default=True, help="count them too")
    parser.add_argument("--forks", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.forks:
        count_forks()
        return 0
    figures = list(measure(options.rounds, with_instructions=options.instructions))
    lines = [[title, f"{figure:.3f}", f"{limit:g}"] for title, figure, limit in figures]
    print(format_table(["what plugins cost", "measured", "at most"], lines))
    return 1 if options.check and any(figure > limit for _, figure, limit in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
