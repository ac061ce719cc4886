"""This file is `yaat new`: the beginning of a project or of a plugin."""

from pathlib import Path

import click

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
    folder = folder or Path(values["distribution"] if plugin else name)
    files = render(find_plugin_template() if plugin else STARTER, name, folder)
    for file in files:
        click.echo(f"  {file}")
    if plugin:
        click.echo(f"\n{values['distribution']} is in {folder}. Begin with its README.md.")
    else:
        click.echo(f"\n{name} is in {folder}. Serve it:\n\n  cd {folder}\n  yaat dev")
