"""Rendering inside and outside of requests."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from yaat import Request
from yaat.response import Response
from yaat_templates import Jinja2Templates, TemplateResponse

REQUEST: Request[Any] = Request({"type": "http", "method": "GET", "path": "/", "headers": []})


async def give_name(request: Any) -> Mapping[str, Any]:
    """An asynchronous context processor."""
    return {"name": "Ada"}


def test_page_is_rendered_as_text() -> None:
    """For a mail or a file there is the text alone."""
    templates = Jinja2Templates({"mail.txt": "Dear {{ name }}"})
    assert templates.render("mail.txt", {"name": "Ada"}) == "Dear Ada"


def test_block_is_rendered_as_text() -> None:
    """A part of a page can be had alone."""
    templates = Jinja2Templates({"a.html": "x{% block b %}B{% endblock %}"})
    assert templates.render("a.html", block="b") == "B"


def test_rendering_at_once_is_refused_where_a_processor_is_asynchronous() -> None:
    """The error says why, and what to write instead."""
    templates = Jinja2Templates({"a.html": ""}, context_processors=[give_name])
    with pytest.raises(TypeError, match=r"a context processor is asynchronous. Write 'await templates.render_async"):
        templates.render("a.html")


def test_rendering_at_once_is_refused_where_templates_await() -> None:
    """The same holds for templates that are rendered asynchronously, and no coroutine is left behind."""
    templates = Jinja2Templates({"a.html": ""}, enable_async=True)
    with pytest.raises(TypeError, match="templates are rendered asynchronously here"):
        templates.render("a.html")


@pytest.mark.parametrize("enable_async", [False, True])
def test_awaited_rendering_works_with_everything(enable_async: bool) -> None:
    """`render_async` takes every kind of engine and of processor."""
    files = {"a.html": "{{ greeting }} {{ name }}"}
    templates = Jinja2Templates(files, enable_async=enable_async, context_processors=[give_name])
    text = asyncio.run(templates.render_async("a.html", {"greeting": "Dear"}, request=REQUEST))
    assert text == "Dear Ada"


def test_response_is_there_at_once_where_nothing_waits() -> None:
    """The common page costs no coroutine."""
    templates = Jinja2Templates({"a.html": "A"})
    response = templates.respond(TemplateResponse("a.html"), REQUEST)
    assert isinstance(response, Response)
    assert response.body == b"A"


@pytest.mark.parametrize(
    "options", [{"enable_async": True}, {"context_processors": [give_name]}, {}, {"enable_async": True, "debug": True}]
)
@pytest.mark.parametrize("stream", [False, True])
def test_response_is_the_same_whatever_is_awaited(options: dict[str, Any], stream: bool) -> None:
    """Status, headers and content do not hang on the way in which a page is made."""
    templates = Jinja2Templates({"a.html": "{{ x }}"}, **options)
    page = TemplateResponse("a.html", {"x": "<"}, 404, {"x-a": "1"}, stream=stream)

    async def run() -> tuple[int, dict[str, str], bytes]:
        response = templates.respond(page, REQUEST)
        if not isinstance(response, Response):
            response = await response
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            await asyncio.Event().wait()

        await response({"type": "http", "method": "GET"}, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        headers.pop("content-length", None)
        return sent[0]["status"], headers, b"".join(message["body"] for message in sent[1:])

    headers = {"content-type": "text/html; charset=utf-8", "x-a": "1"}
    assert asyncio.run(run()) == (404, headers, b"&lt;")


def test_mistake_in_the_first_part_of_a_stream_is_raised_before_anything_is_sent() -> None:
    """So there can still be an error response."""
    templates = Jinja2Templates({"a.html": "<head>{{ 1 / 0 }}"})
    page = TemplateResponse("a.html", stream=True)

    async def run() -> None:
        response = templates.respond(page, REQUEST)
        assert not isinstance(response, Response)
        await response

    with pytest.raises(ZeroDivisionError):
        asyncio.run(run())


def test_stream_sends_the_top_of_a_page_while_its_data_is_awaited() -> None:
    """A page that waits in the middle has been seen up to there."""
    seen: list[bytes] = []

    async def run() -> None:
        is_seen = asyncio.Event()

        async def numbers() -> AsyncIterator[int]:
            await is_seen.wait()
            yield 1

        files = {"a.html": "<head></head>{% for n in numbers %}{{ n }}{% endfor %}"}
        templates = Jinja2Templates(files, enable_async=True)
        response = templates.respond(TemplateResponse("a.html", {"numbers": numbers()}, stream=True), REQUEST)
        assert not isinstance(response, Response)

        async def send(message: Any) -> None:
            if message.get("body"):
                seen.append(message["body"])
                is_seen.set()

        async def receive() -> Any:
            await asyncio.Event().wait()

        await (await response)({"type": "http", "method": "GET"}, receive, send)

    asyncio.run(run())
    assert seen == [b"<head></head>", b"1"]
