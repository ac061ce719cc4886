"""This file is `yaat new`: the beginning of a project or of a plugin."""

from pathlib import Path

import click

from yaat import Plugin
from yaat.plugins.plugin import check_declaration
from yaat.provenance import Owner

from ..errors import CommandFailed
from ..rendering import STARTER, find_plugin_template, make_values, render


@click.command()
@click.argument("name")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--plugin", is_flag=True, help="Begin the package of a plugin.")
def command(*, name: str, folder: Path | None, plugin: bool) -> None:
    """Begin a project called NAME in FOLDER, which is NAME when left out.

    With --plugin it is the package yaat-NAME.
    """
    if plugin:
        name = name.removeprefix("yaat-")
    values = make_values(name)
    if plugin:
        check_plugin_name(name)
    folder = folder or Path(values["distribution"] if plugin else name)
    files = render(find_plugin_template() if plugin else STARTER, name, folder)
    for file in files:
        click.echo(f"  {file}")
    if plugin:
        click.echo(f"\n{values['distribution']} is in {folder}. Begin with its README.md.")
    else:
        click.echo(f"\n{name} is in {folder}. Serve it:\n\n  cd {folder}\n  yaat dev")


def check_plugin_name(name: str) -> None:
    """See that the core would load a plugin of that name.

    Raises:
        CommandFailed: It would not: it has names for itself.
    """
    if any(check_declaration(Plugin(), Owner(plugin=name))):
        raise CommandFailed(f"No plugin can be called {name!r}.", f"Choose another name, such as my-{name}.")
