"""This file is the options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from .finding import Target, find_target

F = TypeVar("F", bound=Callable[..., Any])


def app_option(function: F) -> F:
    """Give a command the option `--app`; what it gets as `target` is where the app is."""
    option = click.option(
        "--app",
        "target",
        metavar="MODULE:NAME",
        callback=lambda ctx, parameter, value: find(ctx, value),
        help="The app; found by itself in app.py, main.py or src/ when left out.",
    )
    return option(function)


def json_option(function: F) -> F:
    """Give a command the option `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(function)


def find(ctx: click.Context, option: str | None) -> Target:
    """Return where the app is that the option names, of this command or in front of it."""
    return find_target(option or ctx.find_root().params.get("app"))
