"""This file is `yaat routes`: what the app answers, and who added it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from yaat.provenance import APP
from yaat.report import RouteReport

from ..finding import Target
from ..loading import load_built
from ..options import app_option, json_option
from ..printing import join_paths, print_json, print_table


@click.command()
@app_option
@click.option("--all", "is_all", is_flag=True, help="Those too that plugins have for themselves.")
@json_option
def command(*, target: Target, is_all: bool, as_json: bool) -> None:
    """List the routes, and who added them."""
    routes = load_built(target).report.routes
    if as_json:
        print_json([describe_route(route) for route in routes])
        return
    left_out = [] if is_all else [route for route in routes if is_internal(route)]
    rows = [describe_route(route) for route in routes if route not in left_out]
    columns = ("methods", "path", "name", "handler", "of", "added at")
    print_table(
        [name.capitalize() for name in columns],
        [(",".join(row["methods"]), *(str(row[name] or "") for name in _KEYS)) for row in rows],
    )
    for text in summarise(left_out):
        click.echo(text)


_KEYS = ("path", "name", "handler", "owner", "source")


def is_internal(route: RouteReport) -> bool:
    """Return whether a plugin has a route for itself: it is none of the app's, and in no document."""
    return route.owner != APP and route.metadata.get("has_schema") is False


def summarise(routes: Iterable[RouteReport]) -> Iterator[str]:
    """Yield a line for the routes of each plugin that are not listed."""
    paths: dict[str, list[str]] = {}
    for route in routes:
        paths.setdefault(route.owner.plugin, []).append(f"{route.host or ''}{route.path}")
    for plugin, found in paths.items():
        yield f"And {len(found)} of {plugin}, at {join_paths(found)}: yaat routes --all"


def describe_route(route: RouteReport) -> dict[str, Any]:
    """Return a route as data."""
    handlers: Mapping[str, Any] = route.handlers
    names = dict.fromkeys(str(each.handler).partition(" (")[0] for each in handlers.values())
    return {
        "methods": list(route.methods) or [route.protocol],
        "path": f"{route.host or ''}{route.path}",
        "name": route.name,
        "handler": ", ".join(names),
        "owner": route.owner.plugin,
        "source": str(route.source) if route.source else None,
        "middleware": list(route.middleware),
    }
