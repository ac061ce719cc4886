"""A pytest plugin: the fixtures of pytest-httpbin, with the example behind them, under uvicorn."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

FOLDER = Path(__file__).parents[2] / "examples" / "httpbin"
#: Longer than a server takes to start or to stop.
PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Server:
    """A server that listens."""

    url: str


@pytest.fixture(scope="session")
def httpbin() -> Iterator[Server]:
    """The example over http: the one at HTTPBIN_URL, or one that is started now."""
    if url := os.environ.get("HTTPBIN_URL"):
        yield Server(url)
        return
    with serve() as port:
        yield Server(f"http://127.0.0.1:{port}")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the certificate of an authority, and one of a server with its key."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    server = authority.issue_cert("127.0.0.1", "localhost")
    server.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    return folder


@pytest.fixture(scope="session")
def httpbin_secure(certificates: Path) -> Iterator[Server]:
    """The example over https."""
    with serve("--ssl-certfile", str(certificates / "server.pem")) as port:
        yield Server(f"https://127.0.0.1:{port}")


@pytest.fixture
def httpbin_ca_bundle(certificates: Path) -> str:
    """The certificate to check `httpbin_secure` with."""
    return str(certificates / "authority.pem")


@contextmanager
def serve(*options: str) -> Iterator[int]:
    """Serve the example on a port of its own while the context lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), "--log-level", "warning", *options]
    with subprocess.Popen(command, cwd=FOLDER) as server:
        try:
            wait_until_connectable(server, port)
            yield port
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)


def wait_until_connectable(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Return when *port* accepts connections."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            assert server.poll() is None, f"{server.args!r} ended with {server.returncode}."
            assert time.monotonic() < deadline, f"{server.args!r} does not listen on {port}."
            time.sleep(0.05)
        else:
            return
