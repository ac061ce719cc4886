"""This file is the process that serves: `python -m yaat_cli.dev.serving`, until it is told to make room."""

import argparse
import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import uvicorn

from ..brief import format_brief
from ..errors import CommandFailed
from ..finding import find_target
from ..ports import open_socket
from .logs import log_accesses, set_up_logging
from .stage import Stage

#: A page that is still open, such as a WebSocket, does not hold up the next save.
_GRACE_SECONDS = 1
#: How often it looks whether the process that watches is still there.
_PARENT_SECONDS = 1.0


def serve(arguments: Sequence[str]) -> None:
    """Serve the app that the options name, until this process is told to end."""
    options = read_options(arguments)
    set_up_logging(options.folder)
    _follow(options.parent)
    server = make_server(options)
    listener = socket.socket(fileno=options.fd) if options.fd is not None else open_socket(options.host, options.port)
    # The watching process interrupts it in the middle of anything; there is nothing to say about that.
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what the watching process says: the app, the folder of the project, and what to serve on."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--app")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--fd", type=int)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--parent", type=int)
    return parser.parse_args(arguments)


def make_server(options: argparse.Namespace) -> "Server":
    """Return what serves the app, or its error; it tells the terminal of either."""
    begin = time.monotonic()
    failures: list[BaseException] = []

    def tell(error: BaseException) -> None:
        failures.append(error)
        click.echo(format_failure(error, options.folder), err=True)

    stage = Stage(find_target(options.app, options.folder), tell)
    # Older versions of uvicorn choose a way to speak WebSocket that is deprecated.
    config = uvicorn.Config(stage, log_config=None, ws="websockets-sansio", timeout_graceful_shutdown=_GRACE_SECONDS)
    log_accesses()
    return Server(config, lambda: announce(time.monotonic() - begin, has_failed=bool(failures)))


class Server(uvicorn.Server):
    """A server that says when it answers.

    Args:
        config: As uvicorn has it.
        on_started: Called then.
    """

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._on_started()


def announce(seconds: float, *, has_failed: bool) -> None:
    """Say that the app is there, or what will show that it is not."""
    if has_failed:
        click.echo("The browser shows this error until the next save.", err=True)
    else:
        click.echo(f"Ready in {seconds:.1f} s.", err=True)


def format_failure(error: BaseException, folder: Path) -> str:
    """Return why the app does not start, in a few lines."""
    if isinstance(error, CommandFailed):
        return error.message
    return format_brief(error, folder)


def _follow(parent: int | None) -> None:
    """End when the process that watches is gone, however it went."""
    if parent is None or os.name != "posix":
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_SECONDS)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    serve(sys.argv[1:])
