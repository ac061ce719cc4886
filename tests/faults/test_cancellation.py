"""What is cancelled, wherever it waits, leaves nothing behind, and the next one is served."""

import asyncio
import logging
from typing import Any

import pytest

from yaat import Yaat

from .connections import CONNECTIONS, Connection
from .driving import HOWS, How, Interruption, Site, Watch, run
from .exchange import Exchange
from .requests import CASES, Case


async def cancel_everywhere(site: Site[Yaat], case: Case | Connection, how: How, log: list[Any]) -> int:
    """Cancel one visit after the other, each at the next place; return the number of places."""
    await case.visit(site.app)
    watch, at = Watch(site), 0
    while True:
        exchange = Exchange(case.make_scope(), case.list_messages())
        interruption = Interruption(at, how)
        task = asyncio.ensure_future(interruption.drive(site.app(exchange.scope, exchange.receive, exchange.send)))
        await asyncio.wait([task])
        if not interruption.is_done:
            return at
        assert task.cancelled(), f"at {at}: {task}"
        del task
        await watch.check(at)
        exchange.check(is_complete=False)
        assert log == [], at
        await case.visit(site.app)
        at += 1


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_cancelled_request_leaves_nothing_behind(
    case: Case, how: How, site: Site[Yaat], caplog: pytest.LogCaptureFixture
) -> None:
    """Cancelled at any place, a request passes that on; all that it has entered is left once, and files are closed."""
    caplog.set_level(logging.WARNING)
    assert run(cancel_everywhere(site, case, how, caplog.records)) > 1


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("case", CONNECTIONS.values(), ids=list(CONNECTIONS))
def test_a_cancelled_connection_leaves_nothing_behind(
    case: Connection, how: How, websocket_site: Site[Yaat], caplog: pytest.LogCaptureFixture
) -> None:
    """Cancelled at any place, a WebSocket connection passes that on; everything it has entered is left once."""
    caplog.set_level(logging.WARNING)
    assert run(cancel_everywhere(websocket_site, case, how, caplog.records)) > 1
