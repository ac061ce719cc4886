"""What handlers return becomes a response, or an error that says how to mend it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

import pytest

from yaat import Plugin, Request, Response, Yaat, hookimpl
from yaat.background import BackgroundTask, RunAfterResponse
from yaat.convert import ResponseConverter
from yaat.exceptions import ConfigurationError, ResponseError
from yaat.handler import Handler, examine
from yaat.provenance import Owner
from yaat.records import ResponseType
from yaat.responses import TextResponse

from .asgi_driver import ask


class Point(NamedTuple):
    x: int
    y: int


class Money:
    def __init__(self, cents: int) -> None:
        self.cents = cents


class Euro(Money): ...


MONEY = ResponseType(type=Money, convert=lambda value, request: TextResponse(f"{value.cents} cents"))


def convert(value: Any, *types: ResponseType, handler: Handler | None = None) -> Response:
    return asyncio.run(ResponseConverter(types).convert(value, None, handler))


def returning(value: Any) -> Yaat:
    app = Yaat(autoload=False)

    @app.get("/")
    async def handler(request: Any) -> Any:
        return value

    return app


@pytest.mark.parametrize(
    ("value", "status", "media_type", "body"),
    [
        ("héllo", 200, "text/plain; charset=utf-8", "héllo".encode()),
        (b"\x00", 200, "application/octet-stream", b"\x00"),
        ({"a": 1}, 200, "application/json", b'{"a":1}'),
        ([1, 2], 200, "application/json", b"[1,2]"),
        (("made", 201), 201, "text/plain; charset=utf-8", b"made"),
        (({"a": 1}, HTTPStatus.ACCEPTED), 202, "application/json", b'{"a":1}'),
        ((Response("x", media_type="text/css"), 404), 404, "text/css; charset=utf-8", b"x"),
        (RunAfterResponse("later", BackgroundTask(len, "")), 200, "text/plain; charset=utf-8", b"later"),
    ],
    ids=["str", "bytes", "dict", "list", "status", "status of a dict", "status of a response", "background"],
)
def test_a_value_becomes_a_response(value: Any, status: int, media_type: str, body: bytes) -> None:
    """Texts, bytes, dicts, lists, each with a status if wanted, and all of it with work for afterwards."""
    answer = ask(returning(value), "GET", "/")
    assert (answer.status, answer["content-type"], answer.body) == (status, media_type, body)


def test_a_response_is_sent_as_it_is() -> None:
    """A response passes untouched."""
    response = Response("x")
    assert convert(response) is response


def test_a_status_is_a_plain_number_afterwards() -> None:
    """Servers format the status, so it is no enumeration any more."""
    assert type(convert(("x", HTTPStatus.CREATED)).status_code) is int


@pytest.mark.parametrize("status", [200, 204, 404])
def test_none_with_a_status_is_an_empty_response(status: int) -> None:
    """`return None, 204` is a response without content."""
    response = convert((None, status))
    assert (response.status_code, response.body) == (status, b"")


def test_background_work_comes_along() -> None:
    """The work of `RunAfterResponse` goes with the response of what it holds."""
    task = BackgroundTask(len, "")
    response = convert(RunAfterResponse(({"a": 1}, 202), task))
    assert (response.status_code, response.background) == (202, task)


async def explicit_none(request: Any) -> None: ...


async def forgotten(request: Any):  # type: ignore[no-untyped-def]
    "nothing"


async def forgotten_on_a_branch(request: Any) -> str:  # type: ignore[return]  # noqa: RET503  # that is the point
    if request is not None:
        return "x"


def test_none_is_204_when_the_handler_says_so() -> None:
    """A handler with `-> None` answers 204 without content (RFC 9110 §15.3.5)."""
    app = Yaat(autoload=False)
    app.get("/")(explicit_none)
    answer = ask(app, "GET", "/")
    assert (answer.status, answer.body) == (204, b"")
    assert "content-length" not in dict(answer.headers)


@pytest.mark.parametrize(
    ("handler", "hint"),
    [
        (forgotten, "Did you forget 'return'? For an empty 204 response annotate it '-> None'."),
        (forgotten_on_a_branch, "Did you forget 'return' on one of its branches?"),
    ],
)
def test_a_forgotten_return_is_told(handler: Any, hint: str) -> None:
    """A handler that returns nothing without saying so has forgotten something; the message names it."""
    with pytest.raises(ResponseError) as caught:
        convert(None, handler=examine(handler))
    assert str(caught.value) == f"The handler {examine(handler)} returned None. {hint}"


async def unawaited() -> str:
    return ""


def test_a_forgotten_await_is_told() -> None:
    """A coroutine that nobody awaited is named, and closed, so that no warning turns up later."""
    with pytest.raises(
        ResponseError, match=r"returned <coroutine object unawaited .*nobody awaited\. Did you forget 'await'"
    ):
        convert(unawaited(), handler=examine(forgotten))


def test_an_awaitable_of_a_plain_function_is_told_with_what_that_needs() -> None:
    """It cannot await; most often it is what a decorator has made of a handler that can."""

    def plain(request: Request) -> None: ...

    with pytest.raises(ResponseError, match=r"Make it 'async def', and await that; .* needs functools\.wraps\.$"):
        convert(unawaited(), handler=examine(plain))


def test_an_awaitable_that_cannot_be_closed_is_told_too() -> None:
    """A future cannot be closed; it is told all the same."""

    class Promise:
        def __await__(self) -> Iterator[None]: ...  # type: ignore[empty-body]  # nobody awaits it

    with pytest.raises(ResponseError, match="which nobody awaited"):
        convert(Promise())


async def generate() -> AsyncIterator[str]:
    yield "x"


@pytest.mark.parametrize("make", [generate, lambda: iter("x")], ids=["asynchronous", "plain"])
def test_a_generator_is_told_how_to_stream(make: Any) -> None:
    """An iterator is not sent by itself: the message says to put it into a `StreamResponse`."""
    with pytest.raises(ResponseError, match=r"To send it part by part, return StreamResponse\(…\) of it\."):
        convert(make())


@pytest.mark.parametrize(
    "value",
    [
        5,
        1.5,
        True,
        object(),
        {1, 2},
        Point(1, 2),
        ("x", 99),
        ("x", 600),
        ("x", 101),
        ("x", True),
        ("x", 200, {}),
        ("x",),
    ],
    ids=repr,
)
def test_any_other_value_is_refused(value: Any) -> None:
    """What is neither a response nor of a known type is named, with what could be returned instead."""
    with pytest.raises(ResponseError) as caught:
        convert(value, handler=examine(forgotten))
    name = type(value).__name__
    assert str(caught.value) == (
        f"The handler {examine(forgotten)} returned {name}: {value!r}. Return a Response, a str, bytes, dict or list, "
        f"or (value, status); or register a response type for {name}."
    )


def test_what_no_handler_gave_is_refused_without_a_name() -> None:
    """What middleware and exception handlers give is converted too."""
    with pytest.raises(ResponseError, match=r"^A handler returned int: 5\. "):
        convert(5)


def test_a_value_that_is_no_response_is_a_500_that_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The client learns nothing; the log names the handler and what it returned."""
    with caplog.at_level(logging.ERROR, "yaat.error"):
        answer = ask(returning(5), "GET", "/")
    assert (answer.status, "int" in answer.text) == (500, False)
    assert "test_convert.py" in caplog.text
    assert "returned int: 5" in caplog.text


# --- response types ---


def test_a_registered_type_is_converted() -> None:
    """A response type makes responses of its class and, unless they have their own, of subclasses."""
    assert [convert(value, MONEY).body for value in (Money(5), Euro(6))] == [b"5 cents", b"6 cents"]


def test_the_nearest_class_counts() -> None:
    """A subclass with a response type of its own is converted by that, in whatever order they came."""
    euro = ResponseType(type=Euro, convert=lambda value, request: TextResponse("euro"))
    for types in ((MONEY, euro), (euro, MONEY)):
        assert convert(Euro(1), *types).body == b"euro"


def test_a_registered_type_may_give_another_value() -> None:
    """A conversion may end in anything that can be converted, and may be asynchronous."""

    async def to_dict(value: Money, request: Any) -> tuple[dict[str, int], int]:
        return {"cents": value.cents}, 203

    response = convert(Money(5), ResponseType(type=Money, convert=to_dict))
    assert (response.status_code, response.body) == (203, b'{"cents":5}')


def test_a_registered_type_takes_the_place_of_a_built_in_one() -> None:
    """An app may convert `str` in its own way."""
    html = ResponseType(type=str, convert=lambda value, request: Response(value, media_type="text/html"))
    assert convert("x", html).headers["content-type"] == "text/html; charset=utf-8"


def test_two_records_for_one_type_are_refused() -> None:
    """Only one plugin can say how a type is converted; the message names both."""
    other = ResponseType(type=Money, convert=print, owner=Owner(plugin="bank"))
    with pytest.raises(ConfigurationError, match="Money has two response types, of the app and of plugin 'bank'"):
        ResponseConverter([MONEY, other])


def test_a_plugin_gives_response_types() -> None:
    """Handlers may return what a plugin knows how to convert."""

    class Bank(Plugin):
        name = "bank"

        @hookimpl
        def yaat_register_response_types(self, app: Yaat) -> ResponseType:
            return MONEY

    app = Yaat(autoload=False, plugins=[Bank()])

    @app.get("/")
    async def handler(request: Any) -> Money:
        return Money(5)

    assert ask(app, "GET", "/").text == "5 cents"


def test_all_types_can_be_listed() -> None:
    """The records are there to look at, built-in ones included."""
    assert set(ResponseConverter([MONEY]).types) == {Money, str, bytes, dict, list}


def test_a_response_that_is_kept_keeps_its_status() -> None:
    """A status beside a response is that of this answer alone: the response may be one for many."""
    kept = TextResponse("ok")
    created = convert((kept, 201))
    assert (created.status_code, created.body, kept.status_code) == (201, b"ok", 200)
