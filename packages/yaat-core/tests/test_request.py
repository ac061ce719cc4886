"""A request with its content."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import Request, Response, Router, Yaat
from yaat.asgi import ASGIApp, Message, Receive, Scope, Send
from yaat.connection import OUTSIDE
from yaat.exceptions import BadRequest, BodyConsumed, ClientDisconnect, ContentTooLarge, UnsupportedMediaType
from yaat.headers import InvalidHeader
from yaat.query import QueryParams
from yaat.records import BodyParser
from yaat.request import parse_urlencoded_form

from .asgi_driver import ask, make_scope
from .asgi_exchange import Exchange, take_turns

PROPERTY = settings(deadline=None)
JSON = ("content-type", "application/json")
FORM = ("content-type", "application/x-www-form-urlencoded")


def make_request(*chunks: bytes, headers: Sequence[tuple[str, str]] = (), **scope: Any) -> Request[Any]:
    """Return a POST whose content has arrived in *chunks*."""
    return Request(make_scope("POST", "/", headers=headers, **scope), Exchange(*chunks).receive)


def make_echo(**options: Any) -> Yaat:
    """Return an app that gives back the JSON it is sent."""
    app = Yaat(autoload=False, **options)

    @app.post("/")
    async def echo(request: Request[Any]) -> Any:
        return [await request.json()]

    return app


# --- content ---


async def test_content_is_read_whole() -> None:
    """The content is there whole, however it arrived."""
    assert await make_request(b"he", b"llo").body() == b"hello"


async def test_content_can_be_asked_for_again() -> None:
    """Content that was read whole is kept: asking again gives it again, as bytes, as JSON, and as a stream."""
    request = make_request(b"[1", b"]", headers=[JSON])
    assert await request.body() == b"[1]"
    assert await request.body() == b"[1]"
    assert await request.json() == [1]
    assert [chunk async for chunk in request.stream()] == [b"[1]"]


async def test_content_is_streamed_as_it_arrives() -> None:
    """A stream gives the parts in which the content arrives."""
    assert [chunk async for chunk in make_request(b"he", b"", b"llo").stream()] == [b"he", b"llo"]


@pytest.mark.parametrize("read", ["body", "json", "form"])
async def test_streamed_content_cannot_be_read_again(read: str) -> None:
    """Content that was read as a stream is gone, and the message says what to do instead."""
    request = make_request(b"[1]", headers=[FORM if read == "form" else JSON])
    async for _ in request.stream():
        pass
    with pytest.raises(BodyConsumed, match=r"comes only once. Call body\(\) first"):
        await getattr(request, read)()


async def test_stream_cannot_be_read_twice() -> None:
    """A second stream is refused, even when the first one was not read to its end."""
    request = make_request(b"he", b"llo")
    assert await anext(request.stream()) == b"he"
    with pytest.raises(BodyConsumed):
        await anext(request.stream())


async def test_request_without_receive_has_no_content() -> None:
    """A request that was made from a scope alone has no content, and says so."""
    with pytest.raises(BodyConsumed, match="made without receive"):
        await Request(make_scope("POST", "/")).body()


async def test_client_that_leaves_while_its_content_is_read_is_told() -> None:
    """A client that leaves in the middle of its content ends the reading with a typed exception."""
    exchange = Exchange(b"he", is_complete=False)
    exchange.leave()
    with pytest.raises(ClientDisconnect):
        await Request(make_scope("POST", "/"), exchange.receive).body()


async def test_client_that_leaves_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    """A client that leaves in the middle of its content gets no response, and nothing is logged."""
    exchange = Exchange(b"[", is_complete=False)
    exchange.leave()
    await exchange.serve(make_echo(), "POST", headers=[JSON])
    assert exchange.sent == []
    assert caplog.records == []


async def test_messages_can_be_read_raw() -> None:
    """Who reads the content in a way of their own gets the messages as the server gives them."""
    assert (await make_request(b"hello").receive())["body"] == b"hello"


async def test_content_that_was_read_is_given_once_more() -> None:
    """Content that middleware has read is given once more to who reads the messages raw, such as an ASGI app."""
    exchange = Exchange(b"he", b"llo")
    request: Request[Any] = Request(make_scope("POST", "/"), exchange.receive)
    await request.body()
    assert await request.receive() == {"type": "http.request", "body": b"hello", "more_body": False}
    exchange.leave()
    assert await request.receive() == {"type": "http.disconnect"}


def test_method_is_that_of_the_scope() -> None:
    """The method is the one in the request line."""
    assert make_request().method == "POST"


# --- limit ---


@pytest.fixture
def limited() -> Yaat:
    """An app with a limit of 10 bytes, a router in it with one of 5, and a route in that with one of 7."""
    app, router = Yaat(autoload=False, max_body_bytes=10), Router(max_body_bytes=5)
    for target, path, limit in ((app, "/app", None), (router, "/router", None), (router, "/route", 7)):

        @target.post(path, name=path, max_body_bytes=limit)
        async def count(request: Request[Any]) -> str:
            return str(len(await request.body()))

    app.mount("/m", router)
    return app


@pytest.mark.parametrize(("path", "limit"), [("/app", 10), ("/m/router", 5), ("/m/route", 7)])
def test_limit_of_the_innermost_layer_counts(limited: Yaat, path: str, limit: int) -> None:
    """The limit of the route counts before that of the router, and that before the app's."""
    assert ask(limited, "POST", path, body=b"x" * limit).text == str(limit)
    assert ask(limited, "POST", path, body=b"x" * (limit + 1)).status == 413


@pytest.mark.parametrize(("length", "status"), [(16 * 1024 * 1024, 200), (16 * 1024 * 1024 + 1, 413)])
def test_content_is_limited_where_nobody_says_a_limit(length: int, status: int) -> None:
    """An app that says nothing takes up to 16 MiB."""
    app = Yaat(autoload=False)

    @app.post("/")
    async def count(request: Request[Any]) -> str:
        return str(len(await request.body()))

    assert ask(app, "POST", "/", body=bytes(length)).status == status


async def test_chunks_are_counted_as_they_arrive(limited: Yaat) -> None:
    """Content without a length is counted as it arrives, and what comes after the limit is not read."""
    exchange = Exchange(b"x" * 6, b"x" * 6, b"x" * 6)
    await exchange.serve(limited, "POST", "/app")
    assert (exchange.status, exchange.received) == (413, 2)


async def test_length_that_is_a_lie_does_not_help(limited: Yaat) -> None:
    """What counts is what arrives, whatever Content-Length says."""
    exchange = Exchange(b"x" * 11)
    await exchange.serve(limited, "POST", "/app", headers=[("content-length", "1")])
    assert exchange.status == 413


async def test_declared_length_over_the_limit_is_refused_unread(limited: Yaat) -> None:
    """Content whose length is declared over the limit is refused before a byte of it is asked for."""
    exchange = Exchange(b"x" * 11)
    await exchange.serve(limited, "POST", "/app", headers=[("content-length", "11")])
    assert (exchange.status, exchange.received) == (413, 0)


@pytest.mark.parametrize(("length", "status"), [("0" * 30 + "5", 200), ("0" * 5000, 200), ("0" * 30 + "11", 413)])
async def test_zeros_in_front_of_a_declared_length_say_nothing(limited: Yaat, length: str, status: int) -> None:
    """A length is any number of digits (RFC 9110 §8.6)."""
    exchange = Exchange(b"x" * 5)
    await exchange.serve(limited, "POST", "/app", headers=[("content-length", length)])
    assert exchange.status == status


@pytest.mark.parametrize("reader", ["body", "json", "form"])
def test_every_reader_has_the_limit(reader: str) -> None:
    """The limit holds however the content is read."""
    app = Yaat(autoload=False, max_body_bytes=5)

    @app.post("/")
    async def read(request: Request[Any]) -> str:
        await getattr(request, reader)()
        return ""

    assert ask(app, "POST", "/", body=b"[1,2,3]", headers=[FORM if reader == "form" else JSON]).status == 413


def test_error_is_in_the_form_of_all_others(limited: Yaat) -> None:
    """Content over the limit is answered as any other error: negotiated, with the limit in it."""
    answer = ask(limited, "POST", "/app", body=b"x" * 11)
    assert answer["content-type"] == "application/problem+json"
    assert '"max_bytes":10' in answer.text


def test_declared_and_counted_content_get_one_answer(limited: Yaat) -> None:
    """Whether the length is told or found out, whoever sends too much is told the same."""
    counted = ask(limited, "POST", "/app", body=b"x" * 11)
    declared = ask(limited, "POST", "/app", body=b"x" * 11, headers=[("content-length", "11")])
    assert (declared.status, declared.headers, declared.body) == (413, counted.headers, counted.body)


def wrap_raw(app: ASGIApp) -> ASGIApp:
    """Return an app with raw ASGI middleware around it that has a `receive` of its own."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def receive_on() -> Message:
            return await receive()

        await app(scope, receive_on, send)

    return wrapped


class Reading:
    """Middleware that reads the content before the handler does."""

    async def process_request(self, request: Request[Any]) -> None:
        """Read all of it."""
        await request.body()


class Passing:
    """Middleware that sees every response."""

    def process_response(self, request: Request[Any], response: Response) -> None:
        """Mark it."""
        response.headers["x-passed"] = "yes"


@pytest.mark.parametrize("middleware", [[wrap_raw], [Reading], [Passing, Reading, wrap_raw]])
def test_limit_holds_through_middleware(middleware: list[Any]) -> None:
    """The answer is 413 whatever middleware is around the handler, and whether or not it reads the content itself."""
    app = make_echo(middleware=middleware, max_body_bytes=5)
    assert ask(app, "POST", "/", body=b"[1]", headers=[JSON]).body == b"[[1]]"
    answer = ask(app, "POST", "/", body=b"[1,2,3]", headers=[JSON])
    assert answer.status == 413
    assert (("x-passed", "yes") in answer.headers) is (Passing in middleware)


async def test_nothing_is_read_before_somebody_asks() -> None:
    """Middleware that refuses a request does so before a byte of its content is read."""
    app = make_echo(middleware=[Refusing])
    exchange = Exchange(b"x" * 200_000)
    await exchange.serve(app, "POST")
    assert (exchange.status, exchange.received) == (401, 0)


class Refusing:
    """Middleware that lets nobody in."""

    def process_request(self, request: Request[Any]) -> tuple[str, int]:
        """Answer early."""
        return "Who are you?", 401


@pytest.mark.parametrize(("key", "status"), [("", 401), ("app", 402), ("app router", 403), ("app router route", 200)])
async def test_guards_add_up_before_anything_is_read(key: str, status: int) -> None:
    """Who is to be let in passes the guards of app, router and route, in this order; the rest uploads nothing."""

    def guard(place: str, refusal: int) -> Any:
        def check(request: Request[Any]) -> Any:
            yield None if place in request.headers["key"].split() else ("no", refusal)

        return check

    app, router = Yaat(autoload=False, middleware=[guard("app", 401)]), Router(middleware=[guard("router", 402)])

    @router.post("/", middleware=[guard("route", 403)])
    async def receive(request: Request[Any]) -> Any:
        return await request.json()

    app.mount("/m", router)
    exchange = Exchange(b"[1]")
    await exchange.serve(app, "POST", "/m/", headers=[JSON, ("key", key)])
    assert (exchange.status, exchange.received) == (status, int(status == 200))


async def test_refused_content_is_not_read_on() -> None:
    """Content that was over the limit cannot be read again: what is left of it is not the content."""
    app = Yaat(autoload=False, max_body_bytes=5)

    @app.post("/")
    async def read(request: Request[Any]) -> bytes:
        with pytest.raises(ContentTooLarge):
            await request.body()
        return await request.body()

    exchange = Exchange(b"123", b"456", b"789")
    await exchange.serve(app, "POST")
    assert exchange.status != 200


# --- JSON ---


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/problem+json",
        "application/vnd.api+json ;a=b",
    ],
)
def test_json_is_decoded(content_type: str) -> None:
    """JSON is decoded, whatever kind of JSON the type says."""
    answer = ask(make_echo(), "POST", "/", body=b'{"a": 1}', headers=[("content-type", content_type)])
    assert answer.body == b'[{"a":1}]'


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json", "text/html+json2", ""],
)
def test_other_types_are_refused(content_type: str) -> None:
    """Content of another type is answered with 415, which names the type that came."""
    answer = ask(make_echo(), "POST", "/", body=b"{}", headers=[("content-type", content_type)])
    assert answer.status == 415
    assert "The content must be JSON" in answer.text
    assert content_type in answer.text


def test_missing_type_is_refused() -> None:
    """Without a type the content might be anything; the answer says what to send."""
    answer = ask(make_echo(), "POST", "/", body=b"{}")
    assert answer.status == 415
    assert "send 'Content-Type: application/json'" in answer.text


async def test_any_type_is_read_when_asked() -> None:
    """`any_type=True` reads the content whatever its type."""
    assert await make_request(b"[1]", headers=[("content-type", "text/plain")]).json(any_type=True) == [1]
    assert await make_request(b"[1]").json(any_type=True) == [1]


@pytest.mark.parametrize(
    ("body", "detail", "line", "column"),
    [
        (b"", "Expecting value", 1, 1),
        (b'{"a": 1,\n  b}', "Expecting property name", 2, 3),
        (b"[NaN]", "NaN is not JSON", 1, 2),
        (b'"\xff"', "Not UTF-8", 1, 2),
    ],
)
def test_malformed_json_is_the_clients_mistake(body: bytes, detail: str, line: int, column: int) -> None:
    """What is no JSON is answered with 400, which tells line and column."""
    answer = ask(make_echo(), "POST", "/", body=body, headers=[JSON])
    assert answer.status == 400
    assert f"The content is not JSON: {detail}" in answer.text
    assert f'"line":{line},"column":{column}' in answer.text


def test_place_is_left_out_where_nobody_knows_it() -> None:
    """An error without a place has neither line nor column."""
    answer = ask(make_echo(), "POST", "/", body=b"[NaN" + b" " * 1_000_000 + b"]", headers=[JSON])
    assert answer.status == 400
    assert "line" not in answer.text


async def test_error_of_another_codec_is_the_clients_mistake_too() -> None:
    """A codec that a plugin gave may raise any ValueError for what it cannot read."""

    def decode(content: bytes) -> Any:
        raise ValueError("no such thing")

    place = replace(OUTSIDE, decode=decode)
    request: Request[Any] = Request(make_scope("POST", "/", headers=[JSON]), Exchange(b"{").receive, place)
    with pytest.raises(BadRequest, match="400 The content is not JSON: no such thing"):
        await request.json()


async def test_json_is_decoded_once() -> None:
    """The same value is given each time."""
    request = make_request(b"{}", headers=[JSON])
    assert await request.json() is await request.json()


@PROPERTY
@given(st.lists(st.binary(max_size=6), max_size=6))
def test_whatever_is_sent_there_is_one_response(chunks: list[bytes]) -> None:
    """Whatever the content and its chunks, there is exactly one whole response, and it is never a 500."""

    async def serve() -> Exchange:
        exchange = Exchange(*chunks)
        await exchange.serve(make_echo(max_body_bytes=20), "POST", headers=[JSON])
        return exchange

    exchange = asyncio.run(serve())
    assert exchange.is_finished
    assert exchange.status in (200, 400, 413)


# --- forms ---


async def read_form(request: Request[Any]) -> QueryParams:
    """Return the form of *request*."""
    form = await request.form()
    assert isinstance(form, QueryParams)
    return form


async def test_form_is_decoded() -> None:
    """Fields of a form are decoded; repeated ones are kept."""
    form = await read_form(make_request(b"a=1&b=x+y&a=%C3%A4", headers=[FORM]))
    assert form.multi_items() == [("a", "1"), ("b", "x y"), ("a", "ä")]


async def test_form_is_parsed_once() -> None:
    """The same form is given each time."""
    request = make_request(b"a=1", headers=[("content-type", "Application/X-WWW-Form-Urlencoded; charset=utf-8")])
    assert await request.form() is await request.form()


@pytest.mark.parametrize(("count", "status"), [(1000, 200), (1001, 400)])
def test_form_with_too_many_fields_is_refused(count: int, status: int) -> None:
    """More than a thousand fields are answered with 400."""
    app = Yaat(autoload=False)

    @app.post("/")
    async def count_fields(request: Request[Any]) -> str:
        return str(len((await read_form(request)).multi_items()))

    assert ask(app, "POST", "/", body=b"&".join([b"a=1"] * count), headers=[FORM]).status == status


async def test_multipart_form_names_the_package_for_it() -> None:
    """A multipart form without the package that reads it is refused with the line that installs it."""
    with pytest.raises(
        UnsupportedMediaType, match="'multipart/form-data'. Multipart forms need: pip install yaat-forms"
    ):
        await make_request(headers=[("content-type", "multipart/form-data; boundary=x")]).form()


@pytest.mark.parametrize("headers", [[], [("content-type", "text/plain")]])
async def test_what_is_no_form_is_refused(headers: list[tuple[str, str]]) -> None:
    """Content of a type that nobody reads as a form is refused, without a hint that would not help."""
    with pytest.raises(UnsupportedMediaType) as raised:
        await make_request(b"a=1", headers=headers).form()
    assert "pip install" not in str(raised.value)


async def test_parser_of_a_plugin_reads_its_type() -> None:
    """A parser that a plugin registers reads forms of its type."""

    async def parse(request: Request[Any]) -> str:
        return (await request.body()).decode()

    place = replace(OUTSIDE, body_parsers={"text/form": BodyParser(media_type="text/form", parse=parse)})
    scope = make_scope("POST", "/", headers=[("content-type", "text/form; a=b")])
    assert await Request[Any](scope, Exchange(b"hello").receive, place).form() == "hello"


async def test_parts_come_from_the_parser() -> None:
    """`multipart` gives the parts that the parser of the media type gives."""

    async def stream(request: Request[Any]) -> AsyncIterator[bytes]:
        async for chunk in request.stream():
            yield chunk.upper()

    parser = BodyParser(media_type="multipart/mixed", parse=Request.body, stream=stream)
    scope = make_scope("POST", "/", headers=[("content-type", "Multipart/Mixed; boundary=a")])
    place = replace(OUTSIDE, body_parsers={"multipart/mixed": parser})
    request = Request[Any](scope, Exchange(b"he", b"llo").receive, place)
    assert [part async for part in request.multipart()] == [b"HE", b"LLO"]


@pytest.mark.parametrize(
    ("content_type", "hint"), [("multipart/form-data", "pip install yaat-forms"), ("text/form", "'text/form'")]
)
def test_what_does_not_come_in_parts_is_refused(content_type: str, hint: str) -> None:
    """Where nobody reads such content in parts, the error says so at the call."""
    parser = BodyParser(media_type="text/form", parse=Request.body)
    scope = make_scope("POST", "/", headers=[("content-type", content_type)])
    with pytest.raises(UnsupportedMediaType, match=hint):
        Request[Any](scope, None, replace(OUTSIDE, body_parsers={"text/form": parser})).multipart()


# --- the end ---


def test_closers_are_called_last_first() -> None:
    """What was opened last is closed first, and each once."""
    request = make_request(b"")
    calls: list[str] = []
    request.add_closer(lambda: calls.append("one"))
    request.add_closer(lambda: calls.append("two"))
    request.close()
    request.close()
    assert calls == ["two", "one"]


def test_a_closer_that_fails_leaves_the_others(caplog: pytest.LogCaptureFixture) -> None:
    """A closer that fails is logged, and the next is called."""
    request = make_request(b"")
    calls: list[str] = []
    request.add_closer(lambda: calls.append("one"))
    request.add_closer(lambda: 1 // 0)
    request.close()
    assert calls == ["one"]
    assert "could not be closed" in caplog.text


async def test_form_parser_can_be_called_alone() -> None:
    """The parser for forms in the query notation is a function for others to use."""
    assert (await parse_urlencoded_form(make_request(b"a=1")))["a"] == "1"


# --- the client's leaving ---


async def test_asking_whether_the_client_has_left_loses_no_content() -> None:
    """A handler may ask whether the client is there, and read the content afterwards."""
    exchange = Exchange(b"he", b"llo")
    request: Request[Any] = Request(make_scope("POST", "/"), exchange.receive)
    assert not await request.is_disconnected()
    assert await request.body() == b"hello"
    exchange.leave()
    assert await request.is_disconnected()


async def test_asking_between_the_parts_of_a_stream_loses_none() -> None:
    """A handler may ask whether the client is there between the parts of a stream."""
    exchange = Exchange(b"he", b"llo", b"!")
    request: Request[Any] = Request(make_scope("POST", "/"), exchange.receive)
    chunks = []
    async for chunk in request.stream():
        chunks.append(chunk)
        assert not await request.is_disconnected()
    assert chunks == [b"he", b"llo", b"!"]
    request.close()


async def test_reading_and_asking_share_one_call_of_receive() -> None:
    """While one task waits for content, another one may ask whether the client is there."""
    exchange = Exchange(is_complete=False)
    request: Request[Any] = Request(make_scope("POST", "/"), exchange.receive)
    request.open_inbox()
    reading = asyncio.create_task(request.body())
    await take_turns()
    assert not await request.is_disconnected()
    exchange.give(b"hello")
    assert await reading == b"hello"


async def test_asking_while_content_is_awaited_shares_the_call() -> None:
    """Asking for the first time while another task waits for content does not call `receive` a second time."""
    exchange = Exchange(is_complete=False)
    request: Request[Any] = Request(make_scope("POST", "/"), exchange.receive)
    reading = asyncio.create_task(request.body())
    await take_turns()
    asking = asyncio.create_task(request.is_disconnected())
    await take_turns()
    exchange.give(b"hello")
    assert await reading == b"hello"
    assert not await asking


def test_request_that_nobody_watches_needs_no_closing() -> None:
    """Closing a request that nobody watches does nothing."""
    make_request().close()


@pytest.mark.parametrize(
    "method",
    [
        "GET",
        "HEAD",
    ],
)
async def test_asking_leaves_no_task_behind(method: str) -> None:
    """After the response nothing waits for messages any more."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show(request: Request[Any]) -> str:
        return str(await request.is_disconnected())

    exchange = Exchange()
    await exchange.serve(app, method)
    await take_turns()
    assert len(asyncio.all_tasks()) == 1


class Slow:
    """An app whose handler reads its content and then waits until it may go on.

    Attributes:
        done: What has happened.
    """

    def __init__(self, on_disconnect: Literal["finish", "cancel"], method: str = "POST") -> None:
        self.done: list[str] = []
        self.may_go_on = asyncio.Event()
        self.app = Yaat(autoload=False)

        @self.app.route("/", [method], on_disconnect=on_disconnect)
        async def work(request: Request[Any]) -> str:
            try:
                await request.body()
                await self.may_go_on.wait()
                self.done.append("finished")
            finally:
                self.done.append("left")
            return "done"

    async def start(self, exchange: Exchange, method: str = "POST") -> "asyncio.Task[None]":
        """Serve up to where the handler waits, and let the client leave."""
        task = asyncio.create_task(exchange.serve(self.app, method))
        await take_turns()
        exchange.leave()
        await take_turns()
        return task


async def test_handler_goes_on_when_the_client_leaves() -> None:
    """Unless a route says otherwise, its handler runs to its end when the client leaves."""
    slow = Slow("finish")
    task = await slow.start(Exchange(b"hello"))
    assert slow.done == []
    slow.may_go_on.set()
    await task
    assert slow.done == ["finished", "left"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_handler_is_cancelled_where_the_route_says_so(method: str, caplog: pytest.LogCaptureFixture) -> None:
    """A route with `on_disconnect="cancel"` has its handler cancelled where it waits; nothing is sent or logged."""
    slow, exchange = Slow("cancel", "GET" if method == "HEAD" else method), Exchange(b"hello")
    await (await slow.start(exchange, method))
    assert slow.done == ["left"]
    assert (exchange.sent, caplog.records) == ([], [])


async def test_handler_that_can_be_cancelled_answers_who_stays() -> None:
    """A route with `on_disconnect="cancel"` answers as any other while the client stays, and leaves no task behind."""
    slow, exchange = Slow("cancel"), Exchange(b"he", b"llo")
    task = asyncio.create_task(exchange.serve(slow.app, "POST"))
    await take_turns()
    slow.may_go_on.set()
    await task
    assert (exchange.status, exchange.body) == (200, b"done")
    await take_turns()
    assert len(asyncio.all_tasks()) == 1


# --- early hints ---


HINTS: dict[str, Any] = {"extensions": {"http.response.early_hint": {}}}


async def test_early_hints_are_sent_ahead() -> None:
    """Links are sent ahead of the response where the server can (RFC 8297)."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show(request: Request[Any]) -> str:
        await request.send_early_hints("</app.css>; rel=preload; as=style", "</app.js>; rel=preload; as=script")
        return "page"

    exchange = Exchange()
    await exchange.serve(app, **HINTS)
    assert exchange.sent[0] == {
        "type": "http.response.early_hint",
        "links": [b"</app.css>; rel=preload; as=style", b"</app.js>; rel=preload; as=script"],
    }
    assert (exchange.status, exchange.body) == (200, b"page")


@pytest.mark.parametrize("scope", [{}, {"extensions": None}, {"extensions": {}}])
async def test_early_hints_are_left_out_where_the_server_cannot(scope: dict[str, Any]) -> None:
    """A server that cannot send early hints is not asked to."""
    exchange = Exchange()
    await Request[Any](make_scope("GET", "/", **scope), send=exchange.send).send_early_hints("</a>; rel=preload")
    assert exchange.sent == []


async def test_request_without_send_sends_no_hints() -> None:
    """A request that was made without `send` leaves the hints out."""
    await Request[Any](make_scope("GET", "/", **HINTS)).send_early_hints("</a>; rel=preload")


@pytest.mark.parametrize("link", ["</a>\r\nset-cookie: a=b", "</a>\n", "</a\x00>", "</€>"])
async def test_hint_that_could_end_a_header_is_refused(link: str) -> None:
    """A link that could start a header of its own is refused, as in every header."""
    exchange = Exchange()
    with pytest.raises(InvalidHeader):
        await Request[Any](make_scope("GET", "/", **HINTS), send=exchange.send).send_early_hints(link)


# --- errors ---


def test_error_is_there_for_middleware() -> None:
    """Middleware finds what went wrong before the response at hand was made."""
    seen: list[Any] = []

    class Watching:
        """Middleware that looks at errors."""

        def process_response(self, request: Request[Any], response: Response) -> None:
            """Note what went wrong."""
            seen.append((response.status_code, request.error))

    app = make_echo(middleware=[Watching])
    ask(app, "POST", "/", body=b"[", headers=[JSON])
    ask(app, "POST", "/", body=b"[]", headers=[JSON])
    assert seen[0][0] == 400
    assert isinstance(seen[0][1], BadRequest)
    assert seen[1] == (200, None)


async def drain_slowly(stream: AsyncIterator[bytes]) -> list[bytes]:
    """Return the parts of a stream, with a turn for others after each."""
    parts = []
    async for part in stream:
        parts.append(part)
        await asyncio.sleep(0)
    return parts


@PROPERTY
@given(st.lists(st.binary(max_size=6), min_size=1, max_size=6), st.integers(0, 6))
def test_watching_never_changes_the_content(chunks: list[bytes], count: int) -> None:
    """However often somebody asks for the client before and while content is read, the content is the same."""

    async def read() -> bytes:
        request = make_request(*chunks)
        for _ in range(count):
            await request.is_disconnected()
        return b"".join(await drain_slowly(request.stream()))

    assert asyncio.run(read()) == b"".join(chunks)


def test_python_calls_a_request_by_its_public_name() -> None:
    """Whoever looks for what it does not have reads of no class that is not theirs to know."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def index(request: Any) -> str:
        with pytest.raises(AttributeError, match=r"^'Request' object has no attribute 'args'"):
            _ = request.args
        return repr(request)

    assert ask(app, "GET", "/").text == "<Request GET '/'>"
