"""This file is what all tests share: both HTTP libraries, and the check that no thread is left."""

import gc
import threading
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from yaat_testclient import run


@pytest.fixture(params=["httpx", "httpx2"])
def http(request: pytest.FixtureRequest) -> Any:
    """The module with the clients of one HTTP library."""
    pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    return import_module(f"yaat_testclient.{request.param}")


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, which the client needs."""
    return "asyncio"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apps that do not notice what they should are not waited for as long as usual."""
    monkeypatch.setattr(run, "NOTICE_SECONDS", 0.05)
    monkeypatch.setattr(run, "CANCEL_SECONDS", 0.05)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Whatever a test does, the threads of its clients end with it."""
    before = set(threading.enumerate())
    yield
    # Frameworks have threads of their own, for their logs.
    ours = ("yaat-testclient", "asyncio_")
    left = {thread for thread in set(threading.enumerate()) - before if thread.name.startswith(ours)}
    if left:
        # A client that nobody closed ends when nobody has it; a caught exception may.
        gc.collect()
    for thread in left:
        thread.join(timeout=5)
    assert not [thread for thread in left if thread.is_alive()]
