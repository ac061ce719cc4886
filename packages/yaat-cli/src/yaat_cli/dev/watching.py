"""This file is the process that watches: it holds the port, and starts a new process to serve with each save."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import cache_from_source
from pathlib import Path
from types import FrameType

import click
from watchfiles import Change, DefaultFilter, watch

from ..brief import shorten
from ..finding import Target

#: What an app is made of. What only browsers read, such as styles, needs no new process.
SUFFIXES = (".py", ".html", ".jinja", ".jinja2", ".j2", ".toml", ".env")
#: How often it is looked whether the serving process is still there.
_LOOK_MILLISECONDS = 500
_GRACE_SECONDS = 5


class SourceFilter(DefaultFilter):
    """Lets through what an app is made of, outside the folders of tools and environments."""

    def __call__(self, change: Change, path: str) -> bool:
        """Return whether a change of *path* is one of the app."""
        return path.endswith(SUFFIXES) and super().__call__(change, path)


class Watcher:
    """Serves an app by one process after another, until it is interrupted.

    Args:
        target: Where the app is.
        listener: What it is served on. It stays open between two processes, so no browser is turned away.
    """

    def __init__(self, target: Target, listener: socket.socket) -> None:
        self._target = target
        self._listener = listener
        self._serving: subprocess.Popen[bytes] | None = None
        self._is_told = False

    def run(self) -> None:
        """Serve until Ctrl-C or a request to end."""
        with raise_on_terminate():
            try:
                self._start()
                for changes in self._watch():
                    if changes:
                        self._restart(sorted({path for _, path in changes}))
                    else:
                        self._look()
            except KeyboardInterrupt:
                click.echo("", err=True)
            finally:
                self._stop()

    def _watch(self) -> Iterator[set[tuple[Change, str]]]:
        """Yield the changes of each save; none when it is time to look after the process."""
        return watch(
            self._target.folder,
            watch_filter=SourceFilter(),
            rust_timeout=_LOOK_MILLISECONDS,
            yield_on_timeout=True,
            debounce=200,
        )

    def _restart(self, paths: list[str]) -> None:
        """Serve what was saved."""
        names = ", ".join(shorten(path, self._target.folder) for path in paths[:3])
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        click.echo(f"Saved: {names}{more}", err=True)
        self._stop()
        forget_compiled(paths)
        self._start()

    def _look(self) -> None:
        """Say so, once, when the process has ended by itself."""
        status = self._serving.poll() if self._serving else None
        if status is not None and not self._is_told:
            self._is_told = True
            click.echo(f"The app ended its process (status {status}). It starts anew with the next save.", err=True)

    def _start(self) -> None:
        """Start a process that serves."""
        self._is_told = False
        command = [sys.executable, "-m", "yaat_cli.dev.serving", f"--app={self._target}"]
        command += [f"--folder={self._target.folder}", f"--parent={os.getpid()}"]
        if os.name == "posix":
            number = self._listener.fileno()
            self._serving = subprocess.Popen([*command, f"--fd={number}"], pass_fds=(number,))
        else:  # pragma: no cover - Windows hands no sockets down like this; the child takes the port itself
            host, port = self._listener.getsockname()[:2]
            self._listener.close()
            self._serving = subprocess.Popen([*command, f"--host={host}", f"--port={port}"])

    def _stop(self) -> None:
        """End the process that serves."""
        if self._serving is None:
            return
        self._serving.terminate()
        try:
            self._serving.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._serving.kill()
            self._serving.wait()
        self._serving = None


def forget_compiled(paths: Iterable[str]) -> None:
    """Delete what Python has compiled of the sources among *paths*.

    It knows a source by its length and by the second in which it was saved, and quick saves may agree in both.
    """
    for path in paths:
        if path.endswith(".py"):
            with suppress(OSError):  # Of a folder that nobody may write to, nothing was kept.
                Path(cache_from_source(path)).unlink()


@contextmanager
def raise_on_terminate() -> Iterator[None]:
    """Treat a request to end like Ctrl-C, so that the process that serves is not left behind."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
