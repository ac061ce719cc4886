"""This file is `yaat explain`: what answers a request, and who gave each part of it."""

from typing import Any

import click

from yaat.report import Explanation, MiddlewareReport

from ..errors import CommandFailed
from ..finding import Target
from ..loading import load_built
from ..options import app_option, json_option
from ..printing import print_json
from .routes import describe_route


@click.command()
@click.argument("method")
@click.argument("path", required=False)
@click.option("--host", help="For routes that are for one host.")
@app_option
@json_option
def command(*, method: str, path: str | None, host: str | None, target: Target, as_json: bool) -> None:
    """Say what answers a request: `yaat explain GET /items/7`.

    METHOD may be left out for GET, and be `websocket`.
    """
    if path is None:
        method, path = "GET", method
    if not path.startswith("/"):
        raise CommandFailed(f"The path {path!r} has no leading '/'.", f"Write: yaat explain {method} /{path}")
    explanation = load_built(target).report.explain(method, path, host=host)
    if as_json:
        print_json(describe(explanation))
    else:
        click.echo(str(explanation))
    if explanation.route is None:
        raise SystemExit(1)


def describe(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as data."""
    route = explanation.route
    return {
        "method": explanation.method,
        "path": explanation.path,
        "route": describe_route(route) if route else None,
        "parameters": dict(explanation.parameters),
        "middleware": [describe_middleware(each) for each in route.around] if route else [],
        "wrapped_by": [owner.plugin for owner in route.wrapped_by] if route else [],
        "methods": list(explanation.methods),
        "nearest": [each.path for each in explanation.nearest],
    }


def describe_middleware(report: MiddlewareReport) -> dict[str, Any]:
    """Return a middleware as data."""
    source = str(report.source) if report.source else None
    return {"name": report.name, "owner": report.owner.plugin, "source": source, "reason": report.reason}
