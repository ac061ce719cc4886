"""This file is `yaat routes`: what the app answers, and who added it."""

from collections.abc import Mapping
from typing import Any

import click

from yaat.report import RouteReport

from ..finding import Target
from ..loading import load_built
from ..options import app_option, json_option
from ..printing import print_json, print_table


@click.command()
@app_option
@json_option
def command(*, target: Target, as_json: bool) -> None:
    """List the routes, and who added them."""
    rows = [describe_route(route) for route in load_built(target).report.routes]
    if as_json:
        print_json(rows)
        return
    columns = ("methods", "path", "name", "handler", "of", "added at")
    print_table(
        [name.capitalize() for name in columns],
        [(",".join(row["methods"]), *(str(row[name] or "") for name in _KEYS)) for row in rows],
    )


_KEYS = ("path", "name", "handler", "owner", "source")


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
