"""This file is the servers that `yaat run` knows: what each is called with."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from .errors import CommandFailed

#: What every worker imports; it finds the app again by the environment.
FACTORY = "yaat_cli.production:make_app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to serve."""

    host: str
    port: int
    workers: int
    root_path: str
    log_level: str


def make_command(server: str, options: Options) -> list[str]:
    """Return the command that serves the app, as a list of words.

    Raises:
        CommandFailed: The server is not installed.
    """
    if find_spec(server) is None:
        fix = f"Install it: pip install {server}"
        raise CommandFailed(f"The server {server} is not installed.", fix)
    return [sys.executable, "-m", server, *SERVERS[server](options)]


def _call_uvicorn(options: Options) -> list[str]:
    """Return the words for uvicorn."""
    words = [FACTORY, "--factory", f"--host={options.host}", f"--port={options.port}", f"--workers={options.workers}"]
    # Older versions choose a way to speak WebSocket that is deprecated.
    words += ["--ws=websockets-sansio", f"--root-path={options.root_path}"]
    return [*words, f"--log-level={options.log_level}"]


def _call_granian(options: Options) -> list[str]:
    """Return the words for granian."""
    words = [FACTORY, "--factory", "--interface=asgi", f"--host={options.host}", f"--port={options.port}"]
    path = [f"--url-path-prefix={options.root_path}"] if options.root_path else []
    return [*words, f"--workers={options.workers}", *path, f"--log-level={options.log_level}"]


def _call_hypercorn(options: Options) -> list[str]:
    """Return the words for hypercorn."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    # Its worker processes do not hear that they will be stopped until their connections are cancelled; 0 makes none.
    workers = 0 if options.workers == 1 else options.workers
    words = [f"{FACTORY}()", f"--bind={host}:{options.port}", f"--workers={workers}"]
    path = [f"--root-path={options.root_path}"] if options.root_path else []
    return [*words, *path, f"--log-level={options.log_level}", "--access-logfile=-", "--error-logfile=-"]


SERVERS: Mapping[str, Callable[[Options], list[str]]] = {
    "uvicorn": _call_uvicorn,
    "granian": _call_granian,
    "hypercorn": _call_hypercorn,
}
