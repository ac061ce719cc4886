"""This file is a server beside this process: it is started, asked, how much CPU time it took, and stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from exchange import Answer, find_mistakes
from row import Row

HERE = Path(__file__).parent
#: By server: the rest of the command line, of which each asks for one worker, and for what is quickest.
SERVERS = {
    "uvicorn": ("--loop=uvloop", "--http=httptools", "--no-access-log", "--log-level=error"),
    "granian": ("--interface=asgi", "--workers=1", "--loop=uvloop", "--http=1", "--log-level=error"),
}
SECONDS_TO_START = 20
WARM_UP = 200


class NotServed(Exception):
    """The server did not start, or answers wrongly; the message says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """One that runs.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        process: The id of its first process.
    """

    port: int
    process: int

    def read_cpu(self) -> float:
        """Return the seconds of CPU time that all its processes have taken."""
        return sum(map(read_cpu, [self.process, *find_children(self.process)]))


@contextmanager
def serving(python: str, server: str, framework: str, row: Row, *, cpus: str) -> Iterator[Server]:
    """Serve the app of *framework* for *row* in processes of their own, on the processors *cpus*.

    Raises:
        NotServed: It did not start, or gives another answer than *row* expects.
    """
    port = find_port()
    module = ["-m", server, "served:app", "--host=127.0.0.1", f"--port={port}", *SERVERS[server]]
    command = ["taskset", "--cpu-list", cpus, python, *module]
    environment = os.environ | {"SERVED": f"{framework}/{row.name}"}
    with (
        TemporaryFile() as output,
        subprocess.Popen(command, cwd=HERE, env=environment, stdout=output, stderr=output) as process,
    ):
        try:
            wait_until_served(process, port, output)
            check(port, row)
            yield Server(port, process.pid)
        finally:
            process.terminate()


def find_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def wait_until_served(process: subprocess.Popen[bytes], port: int, output: IO[bytes]) -> None:
    """Return when somebody listens on *port*.

    Raises:
        NotServed: *process* ended, with *output*, or takes too long.
    """
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            output.seek(0)
            *_, last = output.read().decode().splitlines() or ["it printed nothing"]
            raise NotServed(f"it ended: {last}")
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.02)
    raise NotServed(f"nobody listened after {SECONDS_TO_START} s")


def check(port: int, row: Row) -> None:
    """Ask often enough that what frameworks and interpreter do for the first requests is done.

    Raises:
        NotServed: An answer is not as the row expects.
    """
    for _ in range(WARM_UP):
        if mistakes := find_mistakes(ask(port, row), row):
            raise NotServed("; ".join(mistakes))


def ask(port: int, row: Row) -> Answer:
    """Return the answer to the request of *row*."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(row.method, row.path, skip_host=True, skip_accept_encoding=True)
    for name, value in row.headers:
        connection.putheader(name.decode(), value)
    connection.endheaders(row.content)
    response = connection.getresponse()
    headers = tuple((name.lower(), value) for name, value in response.getheaders())
    answer = Answer(response.status, headers, response.read(), ())
    connection.close()
    return answer


def find_children(process: int) -> list[int]:
    """Return the processes that *process* started, and those that they did."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [*children, *(each for child in children for each in find_children(child))]


def read_cpu(process: int) -> float:
    """Return the seconds of CPU time that all threads of *process* have taken, to the nanosecond."""
    # The number of a process's clock, as the C library's clock_getcpuclockid makes it on Linux.
    return time.clock_gettime((~process << 3) | 2)
