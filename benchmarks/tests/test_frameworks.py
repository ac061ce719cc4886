"""Each framework's app does the work of each row."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from exchange import Answer, ask, find_mistakes, running
from frameworks import NAMES, Skipped, make_app
from row import Row
from rows import ROWS

WHOLE = [row for row in ROWS if not row.streamed and not row.incoming]


@pytest.fixture(autouse=True)
def _no_logs() -> Iterator[None]:
    """Keep quiet about the errors that some rows provoke."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def answer_of(framework: str, row: Row) -> Answer:
    """Return the second answer, which must be as good as the first, or skip the test."""
    if find_spec(framework) is None:
        pytest.skip(f"{framework} is not installed")
    try:
        app = make_app(framework, row)
    except Skipped as reason:
        pytest.skip(str(reason))

    async def talk() -> Answer:
        async with running(app):
            await ask(app, row)
            return await ask(app, row)

    return asyncio.run(talk())


# Peers warn about their own affairs.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("framework", [name for name in NAMES if name != "yaat"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_peer_answers_as_the_row_expects(framework: str, row: Row) -> None:
    """What is compared has done the same work."""
    assert find_mistakes(answer_of(framework, row), row) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_yaat_answers_as_the_row_expects(row: Row) -> None:
    """Yaat does the whole work of each row for which its packages are installed."""
    assert find_mistakes(answer_of("yaat", row), row) == []


@pytest.mark.parametrize("row", WHOLE, ids=lambda row: row.name)
def test_yaat_states_the_length_of_what_it_sends(row: Row) -> None:
    """Yaat's answers have a true Content-Length, as raw's have."""
    answer = answer_of("yaat", row)
    assert dict(answer.headers)["content-length"] == str(len(answer.body))
