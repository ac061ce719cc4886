"""This file is servers in processes of their own, what they are called with, and how they end."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
#: Longer than anything here takes.
PATIENCE_SECONDS = 30
_RUN = ["-m", "yaat_cli", "run", "--app={app}", "--port={port}", "--log-level=warning"]
#: What each server is called with.
SERVERS: dict[str, list[str]] = {
    "uvicorn": ["-m", "uvicorn", "{app}", "--port={port}", "--ws=websockets-sansio", "--log-level=warning"],
    "granian": ["-m", "granian", "{app}", "--port={port}", "--interface=asgi", "--log-level=warning"],
    "hypercorn": ["-m", "hypercorn", "{app}", "--bind=127.0.0.1:{port}", "--workers=0", "--log-level=warning"],
    "hypercorn --workers 2": ["-m", "hypercorn", "{app}", "--bind=127.0.0.1:{port}", "--workers=2"],
    "yaat run": _RUN,
    "yaat run --workers 2": [*_RUN, "--workers=2"],
    "yaat run --server granian --workers 2": [*_RUN, "--server=granian", "--workers=2"],
    "yaat run --server hypercorn": [*_RUN, "--server=hypercorn"],
    "yaat run --server hypercorn --workers 2": [*_RUN, "--server=hypercorn", "--workers=2"],
}


class Server:
    """A server that serves one of the apps in this folder.

    Args:
        name: Of `SERVERS`.
        app: Module and attribute.
        ledger: The file in which the app notes what has happened.
    """

    def __init__(self, name: str, app: str, ledger: Path) -> None:
        for module in {"uvicorn", "granian", "hypercorn"} & set(name.split()):
            if find_spec(module) is None:
                pytest.skip(f"{module} is not installed")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        paths = [str(FOLDER.parent), os.environ.get("PYTHONPATH", "")]
        self._log_path = ledger.with_suffix(".log")
        with self._log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *(word.format(app=app, port=self.port) for word in SERVERS[name])],
                cwd=FOLDER,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "SOAK_LEDGER": str(ledger),
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_connectable()

    @property
    def log(self) -> str:
        """What it has printed."""
        return self._log_path.read_text("utf-8")

    def stop(self) -> None:
        """Send it SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Return its status when it has ended."""
        return self.process.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        """End it, and all that it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _wait_until_connectable(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except ConnectionRefusedError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.kill()
                    pytest.fail(f"It does not listen:\n{self.log}")
                time.sleep(0.02)
            else:
                return
