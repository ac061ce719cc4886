"""The baseline does each row's whole work, rightly, for each request."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from exchange import Answer, ask, find_mistakes, make_call
from frameworks import Skipped, make_raw_app
from messages import App, Message
from row import Row
from rows import BY_NAME, ROWS

#: Those whose answer is one body.
WHOLE = [row for row in ROWS if not row.streamed and not row.incoming]


def find_app(row: Row) -> App:
    """Return the raw app of *row*, or skip the test."""
    try:
        return make_raw_app(row)
    except Skipped as reason:
        pytest.skip(str(reason))


def answer_of(row: Row) -> Answer:
    return asyncio.run(ask(find_app(row), row))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_raw_answers_as_the_row_expects(row: Row) -> None:
    """Each raw app gives the status, body and fields that are asked of every framework."""
    assert find_mistakes(answer_of(row), row) == []


@pytest.mark.parametrize("row", WHOLE, ids=lambda row: row.name)
def test_raw_states_the_length_of_what_it_sends(row: Row) -> None:
    """A raw answer has a true Content-Length."""
    answer = answer_of(row)
    assert dict(answer.headers)["content-length"] == str(len(answer.body))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_raw_makes_its_messages_for_each_request(row: Row) -> None:
    """No message is kept for the next request, as a framework could not keep it either."""
    app = find_app(row)

    async def collect() -> list[Message]:
        sent: list[Message] = []
        scope, receive, send = make_call(row)

        async def keep(message: Message) -> None:
            sent.append(message)
            await send(message)

        await app(scope, receive, keep)
        return sent

    first, second = asyncio.run(collect()), asyncio.run(collect())
    assert not {id(message) for message in first} & {id(message) for message in second}
    headers = [message["headers"] for message in (first[0], second[0]) if "headers" in message]
    assert len({id(fields) for fields in headers}) == len(headers)


@pytest.mark.parametrize(
    ("name", "change", "status"),
    [
        ("path_params", {"path": "/users/ada/orders/many"}, 404),
        ("path_params", {"path": "/users/ada"}, 404),
        ("query_params", {"query": b"city=Berlin"}, 400),
        ("query_params", {"query": b"city=Berlin&limit=many"}, 400),
        ("json_echo", {"content": b'{"a": '}, 400),
        ("json_model", {"content": b'{"number": 17}'}, 400),
        ("json_model", {"content": b"[]"}, 400),
        ("json_model", {"content": BY_NAME["json_model"].content.replace(b"17", b"true")}, 400),
        ("json_model", {"content": BY_NAME["json_model"].content.replace(b"20.5", b"null")}, 400),
        ("json_model", {"content": BY_NAME["json_model"].content.replace(b'"home"', b"1")}, 400),
        ("not_found", {"path": "/"}, 200),
        ("static", {"path": "/static/nothing.txt"}, 404),
        ("static", {"path": "/static/"}, 404),
        ("static", {"path": "/static/../content.py"}, 404),
        ("static", {"path": "/static/story.txt\0"}, 404),
        ("mounted", {"path": "/one/two/hello"}, 404),
    ],
)
def test_raw_minds_what_else_a_client_may_send(name: str, change: dict[str, object], status: int) -> None:
    """The baseline checks its input, because a framework has to."""
    row = replace(BY_NAME[name], **change)  # type: ignore[arg-type]  # The fields are as typed above.
    assert answer_of(row).status == status


def test_raw_decodes_a_query_that_needs_it() -> None:
    """The quick way for plain queries does not change the meaning of others."""
    row = replace(BY_NAME["query_params"], query=b"city=S%C3%A3o+Paulo&limit=20")
    assert answer_of(row).body == "São Paulo 21".encode()


def test_raw_405_names_the_right_methods() -> None:
    """A 405 lists the methods that would have worked (RFC 9110 §15.5.6)."""
    assert dict(answer_of(BY_NAME["method_not_allowed"]).headers)["allow"] == "GET"


def test_raw_stream_stops_when_the_client_leaves() -> None:
    """Once ``send`` raises OSError nothing more is sent (ASGI HTTP spec 2.4)."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        if len(sent) == 3:
            raise OSError
        sent.append(message)

    async def ask_and_leave() -> None:
        row = BY_NAME["stream"]
        app = find_app(row)
        scope, receive, _ = make_call(row)
        await app(scope, receive, send)

    asyncio.run(ask_and_leave())
    assert len(sent) == 3
