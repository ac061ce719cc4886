"""The clock counts each request once and knows its noise."""

from __future__ import annotations

import asyncio

import pytest

from messages import Receive, Scope, Send
from rows import BY_NAME
from timing import BATCH, compare, quartiles, time_requests

ROW = BY_NAME["plaintext"]


class Counter:
    """An app that keeps the scopes it was called with."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)


@pytest.mark.parametrize("count", [1, BATCH, BATCH + 1])
def test_each_request_has_a_scope_of_its_own(count: int) -> None:
    """As many requests are made as asked for, none with the scope of another."""
    app = Counter()
    asyncio.run(time_requests(app, ROW, count))
    assert len({id(scope) for scope in app.scopes}) == count


def test_both_apps_are_measured_in_every_round() -> None:
    """A comparison has the middle of all rounds and its noise around it."""
    app, raw = Counter(), Counter()
    ratio = asyncio.run(compare(app, raw, ROW, rounds=3, round_seconds=0.0001))
    assert ratio.low <= ratio.median <= ratio.high
    assert app.scopes
    assert raw.scopes


def test_quartiles_hold_the_middle_half() -> None:
    """Noise is told by the quartiles, which a single outlier does not move."""
    assert quartiles([1.0, 2.0, 3.0, 4.0, 100.0]) == (2.0, 3.0, 4.0)


def test_one_round_has_no_noise() -> None:
    """A single round is its own quartiles."""
    assert quartiles([2.0]) == (2.0, 2.0, 2.0)
