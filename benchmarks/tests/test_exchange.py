"""The harness notices a wrong answer, and gives each request its own scope."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from exchange import Answer, Client, WebSocketClient, ask, find_mistakes, make_scope, running
from messages import Message, Receive, Scope, Send
from row import Expected
from rows import BY_NAME

ROW = BY_NAME["plaintext"]
RIGHT = Answer(200, (("content-type", "text/plain; charset=utf-8"),), b"Hello, World!", ())


def test_the_right_answer_has_no_mistakes() -> None:
    """What is as the row expects passes, whatever else is in it."""
    assert find_mistakes(RIGHT, ROW) == []


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"status": 500}, "the status is 500, not 200"),
        ({"body": b"Hello"}, "the body is b'Hello', not b'Hello, World!'"),
        ({"headers": ()}, "the field content-type is [], not 'text/plain'"),
        ({"texts": ("Hello",)}, "the WebSocket sent ('Hello',), not ()"),
    ],
)
def test_each_mistake_is_told(change: dict[str, object], mistake: str) -> None:
    """A wrong answer is refused with what is wrong about it, before anything is measured."""
    answer = replace(RIGHT, **change)  # type: ignore[arg-type]  # The fields are as typed above.
    assert find_mistakes(answer, ROW) == [mistake]


@pytest.mark.parametrize("body", [b'{"message": "Hello"}', b"no JSON"])
def test_json_is_compared_by_value(body: bytes) -> None:
    """Other values than the expected ones are a mistake; so is what is no JSON."""
    row = replace(ROW, expected=Expected(json={"message": "Bye"}))
    assert find_mistakes(replace(RIGHT, body=body), row) == [f"the JSON is {body!r}, not {{'message': 'Bye'}}"]


def test_scopes_share_nothing_that_can_change() -> None:
    """An app may write into its scope without the next request seeing it."""
    first, second = make_scope(ROW), make_scope(ROW)
    first["headers"].clear()
    first["state"]["user"] = "ada"
    assert second == make_scope(ROW)


def test_a_client_gives_its_content_once_and_leaves_after_the_answer() -> None:
    """As on a server, a second ``receive`` waits for the end of the answer."""

    async def talk() -> list[Message]:
        client = Client(b"content")
        first = await client.receive()
        second = asyncio.ensure_future(client.receive())
        await asyncio.sleep(0)
        await client.send({"type": "http.response.start", "status": 200})
        await client.send({"type": "http.response.body", "body": b"", "more_body": True})
        assert not second.done()
        await client.send({"type": "http.response.body", "body": b""})
        return [first, await second, await client.receive()]

    content, *others = asyncio.run(talk())
    assert content == {"type": "http.request", "body": b"content", "more_body": False}
    assert others == [{"type": "http.disconnect"}] * 2


def test_a_websocket_client_leaves_when_each_text_is_answered() -> None:
    """An app that reads ahead still gets to answer before it hears that the client left."""

    async def talk() -> list[Message]:
        client = WebSocketClient(("one",))
        received = [await client.receive(), await client.receive()]
        last = asyncio.ensure_future(client.receive())
        await asyncio.sleep(0)
        await client.send({"type": "websocket.accept"})
        assert not last.done()
        await client.send({"type": "websocket.send", "text": "one"})
        return [*received, await last]

    assert [message["type"] for message in asyncio.run(talk())] == [
        "websocket.connect",
        "websocket.receive",
        "websocket.disconnect",
    ]


async def no_lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 204, "headers": []})


async def failing_lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no database"})


def test_an_app_without_a_lifespan_is_run_all_the_same() -> None:
    """Raising at the lifespan scope means having none (ASGI lifespan spec, "Scope")."""

    async def talk() -> Answer:
        async with running(no_lifespan):
            return await ask(no_lifespan, ROW)

    assert asyncio.run(talk()).status == 204


def test_a_failed_start_up_ends_the_measurement() -> None:
    """An app that could not start is not measured."""

    async def talk() -> None:
        async with running(failing_lifespan):
            pass

    with pytest.raises(RuntimeError, match="no database"):
        asyncio.run(talk())
