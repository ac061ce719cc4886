"""A server beside this process is started, checked, and its CPU time read."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from time import process_time

import pytest

from row import Expected
from rows import BY_NAME
from serving import NotServed, Server, ask, find_children, read_cpu, serving

ROW = BY_NAME["plaintext"]
CPUS = ",".join(map(str, os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else ""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.skipif(shutil.which("taskset") is None, reason="taskset is not on PATH"),
    pytest.mark.skipif(
        None in map(find_spec, ("uvicorn", "uvloop", "httptools")), reason="uvicorn[standard] is not installed"
    ),
]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(sys.executable, "uvicorn", "raw", ROW, cpus=CPUS) as running:
        yield running


def test_requests_cost_the_server_cpu_time(server: Server) -> None:
    """Its CPU time grows with the requests, and is that of no other process."""
    before = server.read_cpu()
    for _ in range(20):
        assert ask(server.port, ROW).body == b"Hello, World!"
    assert 0 < server.read_cpu() - before < 10


def test_the_clock_of_a_process_is_its_cpu_time() -> None:
    """What is read for this process lies between two looks at its own clock."""
    before = process_time()
    assert before <= read_cpu(os.getpid()) <= process_time()


def test_children_are_found(server: Server) -> None:
    """A server's worker processes count as well: what it started is known from /proc."""
    assert server.process in find_children(os.getpid())


def test_a_wrong_answer_is_not_measured() -> None:
    """What answers something else than the row expects is told, and stopped."""
    row = replace(ROW, expected=Expected(status=204))
    with (
        pytest.raises(NotServed, match="the status is 200, not 204"),
        serving(sys.executable, "uvicorn", "raw", row, cpus=CPUS),
    ):
        pass


def test_a_server_that_ends_is_told_with_what_it_printed() -> None:
    """An app that cannot be imported is no reason to wait."""
    with (
        pytest.raises(NotServed, match="it ended: .*package frameworks.nobody_app is not installed"),
        serving(sys.executable, "uvicorn", "nobody", ROW, cpus=CPUS),
    ):
        pass
