"""This file is the command `yaat`: it finds the command that was asked for, its own or a plugin's, and runs it."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version as find_version
from types import MappingProxyType
from typing import Any

import click

from .contributed import ask_plugins, make_command
from .errors import CommandFailed, suggest

#: Each command and what `yaat --help` says of it. Its module is imported only when it is asked for.
COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "check": "Say what is wrong with the app; with --deploy, what production would regret.",
        "dev": "Serve the app while it is being written: reload and debug are on.",
        "explain": "Say what answers a request, and who gave each part of it.",
        "get": "Send the app one request, without a server.",
        "hooks": "List the hooks, and the plugins that implement them.",
        "info": "Print versions, to put into a bug report.",
        "new": "Begin a project, or the package of a plugin.",
        "plugins": "List the plugins, check them, or ask why one is there or not.",
        "routes": "List the routes, and who added them.",
        "run": "Serve the app for real: debug is off.",
        "shell": "Open a Python prompt with the app.",
    }
)

#: Commands that come with packages beside this one: what to install for each.
PACKAGES: Mapping[str, str] = MappingProxyType({"openapi": "yaat-openapi"})


class YaatGroup(click.Group):
    """The commands of yaat, and those of the app's plugins."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*COMMANDS, *self._find_contributed(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or `None`; plugins are asked only when it is no own one."""
        if cmd_name in COMMANDS:
            command: click.Command = import_module(f"yaat_cli.commands.{cmd_name}").command
            return command
        record = self._find_contributed(ctx).get(cmd_name)
        return None if record is None else make_command(record)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that *args* begin with, and the rest of them.

        Raises:
            CommandFailed: There is no such command.
        """
        name = args[0]
        command = self.get_command(ctx, name)
        if command is not None:
            return name, command, args[1:]
        if name.startswith("-"):
            return super().resolve_command(ctx, args)
        problem = ctx.meta.get("yaat_cli.problem")
        if problem and name in PACKAGES:
            raise CommandFailed(f"The command {name!r} is a plugin's, and those could not be asked.", problem)
        more = f"\nOr it is of a plugin, and those could not be asked:\n{problem}" if problem else ""
        fix = suggest(name, self.list_commands(ctx), label="The commands")
        if name in PACKAGES:
            fix = f"A plugin of the app brings it. Install it: pip install {PACKAGES[name]}"
        raise CommandFailed(f"There is no command {name!r}.", f"{fix}{more}")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, and why those of plugins are missing, if they are."""
        contributed = self._find_contributed(ctx)
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        if contributed:
            with formatter.section("Commands of plugins"):
                formatter.write_dl([(name, contributed[name].summary) for name in sorted(contributed)])
        problem = ctx.meta.get("yaat_cli.problem")
        if problem:
            with formatter.section("Commands of plugins"):
                formatter.write_text("The app's plugins could not be asked. Say why: yaat plugins check")

    def _find_contributed(self, ctx: click.Context) -> Mapping[str, Any]:
        """Return the commands of the app's plugins by name; a reason why there are none is kept for messages."""
        if "yaat_cli.contributed" not in ctx.meta:
            commands, problem = ask_plugins(ctx.params.get("app"), COMMANDS)
            ctx.meta["yaat_cli.contributed"], ctx.meta["yaat_cli.problem"] = commands, problem
        found: Mapping[str, Any] = ctx.meta["yaat_cli.contributed"]
        return found


def print_version(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    """Print the versions of the command and of the core, and end."""
    if value and not ctx.resilient_parsing:
        click.echo(f"yaat-cli {find_version('yaat-cli')}, yaat-core {find_version('yaat-core')}")
        ctx.exit()


@click.group(cls=YaatGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=print_version, help="Print it.")
@click.option("--app", metavar="MODULE:NAME", is_eager=True, help="The app, for all commands.")
@click.pass_context
def cli(ctx: click.Context, app: str | None) -> None:
    """Begin, serve and examine apps made with Yaat.

    The app is looked for in app.py, main.py and packages below src/, or named by --app or in pyproject.toml.
    """
    ctx.obj = app


def main() -> None:
    """Run the command that the arguments of this process ask for."""
    cli(prog_name="yaat")
