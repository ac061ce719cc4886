"""A server whose `send` fails for a reason of its own is told so, once, and goes on with the next connection."""

import logging
from typing import Any

import pytest

from yaat import Yaat

from .connections import CONNECTIONS, Connection
from .driving import Site, Watch, run
from .exchange import Exchange
from .requests import CASES, Case


class ServerError(Exception):
    """A mistake of the server's."""


async def break_everywhere(site: Site[Yaat], case: Case | Connection, log: list[Any]) -> None:
    """Let `send` raise at each message of the app, and see that this is told: logged at most once, raised if not."""
    count = (await case.visit(site.app)).tried
    watch = Watch(site)
    for at in range(count):
        exchange = Exchange(case.make_scope(), case.list_messages(), breaks_at=at, error=ServerError)
        is_raised = False
        try:
            await exchange.serve(site.app)
        except ServerError:
            is_raised = True
        assert (is_raised, len(log)) in ((True, 0), (True, 1), (False, 1)), at
        log.clear()
        await watch.check(at)
        exchange.check(is_complete=False)
    await case.visit(site.app)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_request_whose_answer_cannot_be_sent_is_told(
    case: Case, site: Site[Yaat], caplog: pytest.LogCaptureFixture
) -> None:
    """The error reaches the server, or it is logged, and never more than once; all files are closed."""
    caplog.set_level(logging.WARNING)
    run(break_everywhere(site, case, caplog.records))


@pytest.mark.parametrize("case", CONNECTIONS.values(), ids=list(CONNECTIONS))
def test_a_connection_that_cannot_be_used_is_told(
    case: Connection, websocket_site: Site[Yaat], caplog: pytest.LogCaptureFixture
) -> None:
    """The error reaches the server, or it is logged, and never more than once."""
    caplog.set_level(logging.WARNING)
    run(break_everywhere(websocket_site, case, caplog.records))
