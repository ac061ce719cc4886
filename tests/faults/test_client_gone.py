"""A client that leaves, at whatever message, is no error: nobody is told, and everything is let go of."""

import logging
from typing import Any

import pytest

from yaat import Yaat

from .connections import CONNECTIONS, Connection
from .driving import Site, Watch, run
from .exchange import Exchange
from .requests import CASES, Case


async def leave_everywhere(site: Site[Yaat], case: Case | Connection, log: list[Any]) -> None:
    """Let the client leave after each number of its own messages; then let `send` raise after each of the app's."""
    count = (await case.visit(site.app)).tried
    watch = Watch(site)
    incoming = case.list_messages()
    end = {"type": f"{case.make_scope()['type']}.disconnect"}
    # A WebSocket begins with an opening, whatever comes then.
    first = int(isinstance(case, Connection))
    exchanges = [Exchange(case.make_scope(), [*incoming[:at], end]) for at in range(first, len(incoming) + 1)]
    exchanges += [Exchange(case.make_scope(), case.list_messages(), breaks_at=at) for at in range(count)]
    # A server may say it in both ways.
    exchanges += [Exchange(case.make_scope(), [*incoming[:1], end], breaks_at=at) for at in range(count)]
    for number, exchange in enumerate(exchanges):
        await exchange.serve(site.app)
        await watch.check(number)
        exchange.check(is_complete=False)
        assert log == [], number
    await case.visit(site.app)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_client_that_leaves_its_request_is_no_error(
    case: Case, site: Site[Yaat], caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is raised, nothing is logged, files are closed, and everything that was entered is left once."""
    caplog.set_level(logging.WARNING)
    run(leave_everywhere(site, case, caplog.records))


@pytest.mark.parametrize("case", CONNECTIONS.values(), ids=list(CONNECTIONS))
def test_a_client_that_leaves_its_connection_is_no_error(
    case: Connection, websocket_site: Site[Yaat], caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is raised, nothing is logged, and everything that was entered is left once."""
    caplog.set_level(logging.WARNING)
    run(leave_everywhere(websocket_site, case, caplog.records))


@pytest.mark.parametrize("at", range(3))
def test_background_work_runs_for_a_client_that_left(at: int, site: Site[Yaat]) -> None:
    """Work that belongs to a response runs once, whether its client has waited for the response or not."""
    case = CASES["background work"]
    before = site.ledger.left["background"]
    run(Exchange(case.make_scope(), case.list_messages(), breaks_at=at).serve(site.app))
    assert site.ledger.left["background"] == before + 1
