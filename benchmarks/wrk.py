"""This file is wrk, the client that makes the load: how it is called, and what it prints."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

from row import Row

INSTALL = "wrk is not on PATH. On Debian and Ubuntu: apt-get install wrk. On macOS: brew install wrk"
#: What wrk writes behind a time, in milliseconds.
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}

#: What must not be in a report. That answers took more than two seconds, which wrk calls a timeout, is no failure.
FAILURES = (r"Non-2xx or 3xx responses: \d+", r"Socket errors: (?!connect 0, read 0, write 0).*")


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk did in one run.

    Attributes:
        requests: Those that were answered.
        rate: Requests per second.
        median, slowest: The latency in milliseconds, and that of one request in a hundred.
    """

    requests: int
    rate: float
    median: float
    slowest: float


def make_load(row: Row, port: int, *, seconds: int, connections: int, cpus: str) -> Load:
    """Send requests of *row* to a server on this machine.

    Args:
        cpus: The processors to do that on, as taskset takes them.

    Raises:
        subprocess.CalledProcessError: wrk did not reach its end.
        ValueError: Not all answers were right, or wrk printed something else than expected.
    """
    path = row.path + (f"?{row.query.decode()}" if row.query else "")
    fields = [f"--header={name.decode()}: {value.decode()}" for name, value in row.headers if name != b"host"]
    options = ["--threads=1", f"--connections={connections}", f"--duration={seconds}s", "--latency", *fields]
    command = ["taskset", "--cpu-list", cpus, "wrk", *options, f"http://127.0.0.1:{port}{path}"]
    return parse_report(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def parse_report(text: str) -> Load:
    """Return what the report of wrk says.

    Raises:
        ValueError: Requests failed or were answered with an error, or this is no report.
    """
    for failure in FAILURES:
        if found := re.search(failure, text):
            raise ValueError(f"wrk reports {found[0]!r}")
    return Load(
        requests=int(find(r"(\d+) requests in", text)),
        rate=float(find(r"Requests/sec:\s+([\d.]+)", text)),
        median=parse_time(find(r"^ +50% +(\S+) *$", text)),
        slowest=parse_time(find(r"^ +99% +(\S+) *$", text)),
    )


def find(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise ValueError(f"the report of wrk has no {pattern!r}: {text[-500:]!r}")
    return found[1]


def parse_time(text: str) -> float:
    """Return the milliseconds of a time as wrk writes it: ``1.50ms``."""
    found = re.fullmatch(r"([\d.]+)([a-z]+)", text)
    if found is None or found[2] not in UNITS:
        raise ValueError(f"{text!r} is not a time with one of the units {', '.join(UNITS)}")
    return float(found[1]) * UNITS[found[2]]
