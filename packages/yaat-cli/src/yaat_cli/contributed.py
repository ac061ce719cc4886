"""This file is the commands that plugins add, by the hook `yaat_register_commands`."""

import copy
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import click

from yaat import Yaat
from yaat.exceptions import ConfigurationError
from yaat.plugins import check_unique
from yaat.records import Command

from .errors import CommandFailed
from .finding import find_target
from .loading import describe_failure, load_built

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_ANY_ARGUMENTS = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


def ask_plugins(option: str | None, taken: Collection[str]) -> tuple[Mapping[str, "Contributed"], str]:
    """Return the commands of the app's plugins by name, and what kept them from being asked, if anything did.

    Nothing raises: whatever is wrong with an app or a plugin, the commands that look at it must work.

    Args:
        option: What `--app` names.
        taken: The names of yaat's own commands.
    """
    try:
        target = find_target(option)
    except click.ClickException as error:
        return {}, error.message if option else ""  # Without an app there are no plugins of one.
    try:
        app = load_built(target)
        return {each.record.name: each for each in collect_commands(app, taken)}, ""
    except click.ClickException as error:
        return {}, error.message
    except Exception as error:
        return {}, "\n".join(map(str, getattr(error, "exceptions", [error])))


class Contributed:
    """A command of a plugin, with the app that it is for."""

    def __init__(self, app: Yaat, record: Command) -> None:
        self.app = app
        self.record = record

    @property
    def summary(self) -> str:
        """What `yaat --help` says of it."""
        text = self.record.summary
        if not text and isinstance(self.record.run, click.Command):
            text = self.record.run.get_short_help_str()
        return f"{text} ({self.record.owner.plugin})".strip()


def collect_commands(app: Yaat, taken: Collection[str]) -> list[Contributed]:
    """Return the commands of the plugins of *app*, which is built.

    Raises:
        ConfigurationError: A name is none, or taken.
    """
    records = app.manager.collect("yaat_register_commands", expect=Command, commands=frozenset(taken))
    check_unique(records, key=lambda record: record.name, what="command")
    for record in records:
        if _NAME.fullmatch(record.name) is None or record.name in taken:
            reason = "is one of yaat's own" if record.name in taken else "is no name for one"
            raise ConfigurationError(f"The command {record.name!r} of {record.owner} {reason}. Choose another name.")
    return [Contributed(app, record) for record in records]


def make_command(contributed: Contributed) -> click.Command:
    """Return what click runs."""
    record = contributed.record
    if isinstance(record.run, click.Command):
        return _with_app(record.run, contributed.app)

    def run(arguments: tuple[str, ...]) -> None:
        try:
            status = record.run(contributed.app, list(arguments))
        except click.ClickException:
            raise
        except Exception as error:
            brief = describe_failure(error, Path.cwd())
            raise CommandFailed(f"The command {record.name!r} of {record.owner} failed.\n{brief}") from error
        click.get_current_context().exit(_read_status(status))

    arguments = click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)
    settings: dict[str, Any] = dict(_ANY_ARGUMENTS)
    return click.Command(record.name, callback=run, params=[arguments], context_settings=settings)


def _with_app(command: click.Command, app: Yaat) -> click.Command:
    """Return *command*, whose context has the app as its object."""
    bound = copy.copy(command)
    bound.context_settings = {**command.context_settings, "obj": app}
    return bound


def _read_status(status: object) -> int:
    """Return the exit status that a command gave."""
    return status if isinstance(status, int) else 0
