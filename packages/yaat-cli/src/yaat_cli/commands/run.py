"""This file is `yaat run`: the app for real."""

import os
import subprocess
import sys

import click

from yaat import Yaat

from ..finding import VARIABLE, Target
from ..loading import build, load_or_fail
from ..options import app_option
from ..ports import check_port, format_url
from ..servers import SERVERS, Options, make_command


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on; 0.0.0.0 for all.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    envvar="PORT",
    type=click.IntRange(1, 65535),
    help="PORT in the environment says it too.",
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes that serve.")
@click.option("--server", default="uvicorn", show_default=True, type=click.Choice(list(SERVERS)), help="What serves.")
@click.option("--root-path", default="", help="Where a proxy has mounted the app, such as /shop.")
@click.option(
    "--log-level",
    default="info",
    show_default=True,
    type=click.Choice(["critical", "error", "warning", "info", "debug"]),
    help="How much the server tells.",
)
@app_option
def command(server: str, target: Target, **values: object) -> None:
    """Serve the app for real: debug is off, and nothing is reloaded."""
    options = Options(**values)  # type: ignore[arg-type] # click has checked them
    words = make_command(server, options)
    check_app(target)
    check_port(options.host, options.port)
    url = format_url(options.host, options.port)
    click.echo(f"{target} ({target.reason}) on {url} by {server}, {options.workers} worker(s), debug off", err=True)
    replace_process(words, target)


def check_app(target: Target) -> None:
    """Find out before any worker does whether the app can be imported and built.

    Raises:
        CommandFailed: It cannot.
    """
    app = load_or_fail(target)
    if not isinstance(app, Yaat):
        return
    if app.debug:
        click.echo("The app says debug=True; it is off here. `yaat dev` has it on.", err=True)
    build(app, target)


def replace_process(words: list[str], target: Target) -> None:
    """Go on as the server: what stops or supervises this process then speaks with the server itself."""
    paths = [str(target.import_folder), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, VARIABLE: str(target), "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    os.chdir(target.folder)
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(words[0], words, environment)
    else:  # pragma: no cover - Windows returns from exec at once
        raise SystemExit(subprocess.call(words, env=environment))
