"""What a request costs beside Starlette's own client."""

import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("starlette", reason="starlette is not installed")

with warnings.catch_warnings():
    # Starlette prefers httpx2 and says so when it is not there.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient as StarletteClient

BODY = b"Hello World"


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Live, and say hello."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"11")]})
    await send({"type": "http.response.body", "body": BODY})


def measure(get: Callable[[str], Any]) -> float:
    """Return the seconds of work that a hundred requests take, in all threads together."""
    start = time.process_time()
    for _ in range(100):
        get("/")
    return time.process_time() - start


def test_a_thousand_requests_cost_at_most_half_of_starlettes(http: Any) -> None:
    """Ten rounds of a hundred, taken in turns, the medians compared."""
    with http.TestClient(hello) as ours, StarletteClient(hello) as theirs:
        rounds = [(measure(ours.get), measure(theirs.get)) for _ in range(10)]
    our_seconds, their_seconds = map(statistics.median, zip(*rounds, strict=True))
    assert our_seconds <= their_seconds / 2
