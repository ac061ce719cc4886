"""This file is `yaat info`: versions, for a bug report. Nothing of the app or of a plugin is imported for it."""

import os
import platform
import sys
from importlib.metadata import distributions
from typing import Any

import click

from yaat.plugins import PluginErrors
from yaat.plugins.discovery import find_installed

from ..finding import find_target
from ..options import json_option
from ..printing import print_json
from ..servers import SERVERS

#: What an operator says about plugins.
_VARIABLES = ("YAAT_APP", "YAAT_AUTOLOAD", "YAAT_BLOCK")


@click.command()
@click.option("--app", metavar="MODULE:NAME", help="The app.")
@json_option
@click.pass_context
def command(ctx: click.Context, *, app: str | None, as_json: bool) -> None:
    """Print versions, to put into a bug report."""
    facts = find_facts(app or ctx.find_root().params.get("app"))
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        rows = value.items() if isinstance(value, dict) else [(name, value)]
        if isinstance(value, dict):
            click.echo(f"{name}:" if value else f"{name}: none")
        for key, text in rows:
            indent = "  " if isinstance(value, dict) else ""
            click.echo(f"{indent}{key}: {text}")


def find_facts(option: str | None) -> dict[str, Any]:
    """Return what a bug report should say; values of the environment other than these are nobody's business."""
    versions = {each.name.lower(): each.version for each in distributions()}
    return {
        "python": f"{platform.python_version()} ({platform.python_implementation()}, {sys.executable})",
        "platform": platform.platform(),
        "app": find_app(option),
        "packages": {name: versions[name] for name in sorted(versions) if name.split("-")[0] == "yaat"},
        "servers": {name: versions[name] for name in SERVERS if name in versions},
        "plugins": find_plugins(),
        "environment": {name: os.environ[name] for name in _VARIABLES if name in os.environ},
    }


def find_app(option: str | None) -> str:
    """Return where the app is, or why it is nowhere."""
    try:
        target = find_target(option)
    except click.ClickException as error:
        return error.message.partition("\n")[0]
    return f"{target} ({target.reason})"


def find_plugins() -> dict[str, str]:
    """Return each installed plugin with the package that brings it."""
    try:
        return {each.owner.plugin: f"{each.owner.distribution} {each.owner.version}" for each in find_installed()}
    except PluginErrors as errors:
        return {"unreadable": str(errors.errors[0]).partition("\n")[0]}
