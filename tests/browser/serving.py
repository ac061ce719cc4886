"""Serves the apps of these tests with uvicorn, each in a process of its own, on ports that nobody has."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

FOLDER = Path(__file__).parent
#: Longer than anything here takes.
PATIENCE_SECONDS = 20


class Server:
    """One app that is being served.

    Args:
        factory: The function in `apps.py` that makes the app.
        listener: Where to serve it.
        environment: Goes to the app.
    """

    def __init__(self, factory: str, listener: socket.socket, environment: Mapping[str, str]) -> None:
        command = ["-m", "uvicorn", "--factory", f"apps:{factory}", f"--app-dir={FOLDER}", "--lifespan=on"]
        descriptor = listener.fileno()
        self._host, self._port = listener.getsockname()
        self._process = subprocess.Popen(
            [sys.executable, *command, "--ws=websockets-sansio", "--log-level=critical", f"--fd={descriptor}"],
            env={**os.environ, **environment},
            pass_fds=[descriptor],
        )

    def wait_until_up(self) -> None:
        """Return when it has answered: the system keeps a connection waiting until the app is there."""
        connection = HTTPConnection(self._host, self._port, timeout=PATIENCE_SECONDS)
        with closing(connection):
            connection.request("GET", "/")
            connection.getresponse()

    def stop(self) -> None:
        """Let the server end what it does, and return when it is gone."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(PATIENCE_SECONDS)
        finally:
            self._process.kill()
            self._process.wait()


def listen() -> socket.socket:
    """Return a socket that listens on a free port of this machine."""
    return socket.create_server(("127.0.0.1", 0))


def name_origin(listener: socket.socket) -> str:
    """Return the origin of what is served at *listener*."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"
