"""This file is `yaat hooks`: what plugins can take part in, and which do."""

import inspect
from collections.abc import Mapping
from typing import Any

import click

from yaat.plugins.specs import SPECIFICATIONS

from ..errors import CommandFailed
from ..finding import Target, find_target
from ..loading import load_built
from ..options import json_option
from ..printing import print_json, print_table


@click.command()
@click.option("--app", metavar="MODULE:NAME", help="The app; without any, the hooks of the core are listed.")
@json_option
@click.pass_context
def command(ctx: click.Context, *, app: str | None, as_json: bool) -> None:
    """List the hooks, and the plugins that implement them."""
    named = app or ctx.find_root().params.get("app")
    rows = [(hook, plugins, find_summary(hook)) for hook, plugins in find_hooks(named).items()]
    if as_json:
        print_json([{"hook": hook, "plugins": plugins, "summary": summary} for hook, plugins, summary in rows])
    else:
        print_table(
            ("Hook", "Implemented by", "What for"),
            [(hook, ", ".join(plugins), summary) for hook, plugins, summary in rows],
        )


def find_hooks(option: str | None) -> Mapping[str, tuple[str, ...]]:
    """Return every hook, with the plugins of the app that implement it; those of the core alone without an app."""
    target: Target | None = None
    try:
        target = find_target(option)
    except CommandFailed:
        if option:
            raise
    return load_built(target).manager.hooks if target else dict.fromkeys(_list_own(), ())


def find_summary(hook: str) -> str:
    """Return the first sentence about a hook of the core."""
    own: Any = _list_own().get(hook)
    return (inspect.getdoc(own) or "").partition("\n")[0]


def _list_own() -> dict[str, Any]:
    """Return the hooks of the core by name."""
    return {name: hook for each in SPECIFICATIONS for name, hook in vars(each).items() if name.startswith("yaat_")}
