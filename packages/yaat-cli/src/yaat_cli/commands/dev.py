"""This file is `yaat dev`: the app while it is being written."""

import click

from ..dev.watching import Watcher
from ..finding import Target
from ..options import app_option
from ..ports import format_url, open_socket


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@app_option
def command(*, host: str, port: int, target: Target) -> None:
    """Serve the app while it is being written.

    It starts anew with each save, and shows what goes wrong in the browser and here.
    """
    with open_socket(host, port) as listener:
        url = format_url(host, listener.getsockname()[1])
        click.echo(f"{target} ({target.reason}) on {click.style(url, bold=True)}, Ctrl-C ends", err=True)
        if host not in ("127.0.0.1", "::1", "localhost"):
            click.echo("Debug is on: whoever reaches this address sees the source of errors.", err=True)
        Watcher(target, listener).run()
