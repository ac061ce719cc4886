"""What handlers declare to return."""

import inspect
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, ForwardRef, Literal, TypeVar

import msgspec
import pytest

from yaat import Plugin, Request, Response, Yaat, hookimpl
from yaat.background import BackgroundTask, RunAfterResponse
from yaat.exceptions import HandlerError
from yaat.records import ResponseType
from yaat.responses import StreamResponse, TextResponse
from yaat_typed.plugin import TypedPlugin


class Public(msgspec.Struct):
    name: str


class Secret(Public):
    password: str


@dataclass
class Point:
    x: int
    y: int = 0


def find_caller() -> str:
    """Return the name of the function that has called the handler that asks."""
    frame = sys._getframe(2)
    return frame.f_code.co_name


def answer(app: Yaat, fetch: Any, returns: Any, value: Any, **options: Any) -> Any:
    """Return what is answered for *value* by a handler that declares to return *returns*."""

    async def handler(request: Request) -> Any:
        return value

    handler.__annotations__["return"] = returns
    app.add_route("/", handler, **options)
    return fetch(app, "GET /")


@pytest.mark.parametrize(
    "returns",
    [Response, TextResponse, Response | TextResponse, str, bytes, dict, list, Any, object, str | Response],
    ids=str,  # Since Python 3.14 a union has a name, and all have the same.
)
def test_declarations_that_say_nothing_of_interest_are_left_alone(app: Yaat, fetch: Any, returns: Any) -> None:
    """Nothing is around such a handler: the line itself calls it."""

    async def handler(request: Request) -> Any:
        return TextResponse(find_caller())

    handler.__annotations__["return"] = returns
    app.add_route("/", handler)
    assert fetch(app, "GET /").body.decode() == "serve"


def test_what_is_run_after_the_response_stays(app: Yaat, fetch: Any) -> None:
    """The value inside is converted, the background work is kept."""
    done: list[int] = []
    after = RunAfterResponse(Secret("Ada", "x"), [BackgroundTask(done.append, 1)])
    assert answer(app, fetch, Public, after).json == {"name": "Ada"}
    assert done == [1]


@pytest.mark.parametrize("returns", [tuple[Public, int], Public])
def test_a_response_is_sent_as_it_is(app: Yaat, fetch: Any, returns: Any) -> None:
    """Whatever is declared."""
    assert answer(app, fetch, returns, TextResponse("x", 418)).status == 418


def test_a_value_with_its_status_keeps_both(app: Yaat, fetch: Any) -> None:
    """And is filtered."""
    found = answer(app, fetch, tuple[Public, int], (Secret("Ada", "x"), 201))
    assert (found.status, found.json) == (201, {"name": "Ada"})


@pytest.mark.parametrize(
    ("returns", "value", "body"),
    [(None, None, b""), (Any, None, b""), (dict, {"a": 1}, b'{"a":1}'), (str, "x", b"x"), (list[int], [1], b"[1]")],
)
def test_background_work_leaves_the_status_of_the_route(
    app: Yaat, fetch: Any, returns: Any, value: Any, body: bytes
) -> None:
    """202 with work to do afterwards is what such a status is for."""
    done: list[int] = []
    after = RunAfterResponse(value, BackgroundTask(done.append, 1))
    found = answer(app, fetch, returns, after, status_code=202)
    assert (found.status, found.body, done) == (202, body, [1])


def test_background_work_leaves_a_status_beside_the_value(app: Yaat, fetch: Any) -> None:
    """What a value brings along counts more than what the route says."""
    after = RunAfterResponse(({"a": 1}, 203), BackgroundTask(print))
    assert answer(app, fetch, Any, after, status_code=202).status == 203


def test_a_status_of_the_route_does_not_change_responses(app: Yaat, fetch: Any) -> None:
    """Nor what brings a status along."""
    assert answer(app, fetch, Any, ("x", 418), status_code=201).status == 418


class Page:
    """What a plugin makes a response of, such as the name of a template."""

    def __init__(self, status_code: int = 200) -> None:
        self.status_code = status_code


@pytest.mark.parametrize(("value", "status"), [(Page(422), 422), (Page(), 201)])
def test_a_status_of_the_route_does_not_change_what_others_make_responses_of(
    fetch: Any, value: Page, status: int
) -> None:
    """A page that says what is wrong with a form keeps its 422; one that says nothing gets the status of the route."""

    class Pages(Plugin):
        name = "pages"

        @hookimpl
        def yaat_register_response_types(self) -> ResponseType:
            return ResponseType(type=Page, convert=lambda page, request: TextResponse("page", page.status_code))

    app = Yaat(autoload=False, plugins=[TypedPlugin(), Pages()])
    assert answer(app, fetch, Any, value, status_code=201).status == status


@pytest.mark.parametrize(
    ("returns", "told"),
    [
        (str, (str, "text/plain")),
        (bytes, (Any, "application/octet-stream")),
        (dict, (dict, "application/json")),
        (str | Response, (str, "text/plain")),
        (object, (Any, "*/*")),
        (inspect.Signature.empty, (Any, "*/*")),
    ],
)
def test_what_the_core_makes_of_a_value_is_told_with_the_status(app: Yaat, returns: Any, told: Any) -> None:
    """Where nothing is declared, nothing is claimed."""

    async def handler(request: Request) -> Any: ...

    handler.__annotations__["return"] = returns
    app.add_route("/", handler, status_code=201)
    app.build()
    binding = app.report.routes[0].handlers["GET"].binding
    assert binding is not None
    [output] = binding.outputs
    assert (output.status_code, output.type, output.media_type) == (201, *told)


@pytest.mark.parametrize(("value", "status"), [((Public("Ada"), 404), 404), ((Public("Ada"), HTTPStatus.CREATED), 201)])
def test_one_of_the_declared_statuses_is_sent(app: Yaat, fetch: Any, value: Any, status: int) -> None:
    """Whatever kind of number it is."""
    assert answer(app, fetch, tuple[Public, Literal[201, 404]], value).status == status


@pytest.mark.parametrize("value", [(Public("Ada"), 418), (Public("Ada"), "404"), Public("Ada")], ids=str)
def test_a_status_that_is_not_declared_is_a_mistake(
    app: Yaat, fetch: Any, value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """As a value of another type is."""
    assert answer(app, fetch, tuple[Public, Literal[201, 404]], value).status == 500
    assert "which it does not declare" in caplog.text


@pytest.mark.parametrize("returns", [Public, str, dict[str, int], tuple[Public, int], Public | Response])
def test_a_value_for_a_status_without_content_stops_the_build(app: Yaat, fetch: Any, returns: Any) -> None:
    """It could never be sent."""
    with pytest.raises(
        HandlerError, match="has no content .* Declare to return None, or give the route another status"
    ):
        answer(app, fetch, returns, None, status_code=204)


@pytest.mark.parametrize("returns", [None, Any, object, Public | None])
def test_nothing_may_be_declared_for_a_status_without_content(app: Yaat, fetch: Any, returns: Any) -> None:
    """Or what may be nothing."""
    assert answer(app, fetch, returns, None, status_code=204).status == 204


def test_a_handler_that_declares_nothing_returns_nothing(
    app: Yaat, fetch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A value is a mistake; a response is not."""
    assert answer(app, fetch, None, {"a": 1}, status_code=202).status == 500
    assert "but it declares to return nothing" in caplog.text


def test_a_handler_that_declares_nothing_may_return_a_response(app: Yaat, fetch: Any) -> None:
    """It is sent as it is."""
    assert answer(app, fetch, None, TextResponse("x", 418), status_code=202).status == 418


def test_a_status_without_content_has_none(app: Yaat, fetch: Any) -> None:
    """RFC 9110 §6.4.1."""
    found = answer(app, fetch, Any, None, status_code=204)
    assert (found.status, found.body) == (204, b"")


def test_a_wrong_value_is_a_mistake_of_the_handler(app: Yaat, fetch: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The client learns nothing of it; the log names the handler, the value and the place."""
    assert answer(app, fetch, list[Point], [{"x": 1}, {"x": "secret"}]).status == 500
    assert "Expected `int`, got `str` - at `$[1].x`" in caplog.text
    assert "handler" in caplog.text


def test_dataclasses_are_sent_whole(app: Yaat, fetch: Any) -> None:
    """With the fields that have their defaults, whatever they were made of."""
    assert answer(app, fetch, list[Point], [{"x": 1}, Point(2)]).json == [{"x": 1, "y": 0}, {"x": 2, "y": 0}]


@dataclass
class Price:
    cents: int
    currency: str = "EUR"

    def __post_init__(self) -> None:
        self.cents = self.cents * 2


@dataclass
class Offer(Price):
    secret: str = ""


class Taxed(msgspec.Struct, forbid_unknown_fields=True):
    cents: int

    def __post_init__(self) -> None:
        self.cents = self.cents * 2


class TaxedMore(Taxed):
    secret: str = ""


class Goods(msgspec.Struct):
    price: Price
    taxed: Taxed | None = None


class MoreGoods(Goods):
    secret: str = ""

    def __post_init__(self) -> None:
        self.price.cents += 1


EUROS = {"cents": 10, "currency": "EUR"}


@pytest.mark.parametrize(
    ("returns", "value", "sent"),
    [
        (Price, Price(5), EUROS),
        (Price, Offer(5), EUROS),
        (Price, {"cents": 5}, EUROS),
        (list[Price], [Price(5), Offer(5)], [EUROS, EUROS]),
        (list[Price], [Price(5), {"cents": 5}], [EUROS, EUROS]),
        (Goods, Goods(Price(5)), {"price": EUROS, "taxed": None}),
        (Goods, Goods(Offer(5), TaxedMore(1)), {"price": EUROS, "taxed": {"cents": 2}}),
        (list[Goods], [MoreGoods(Offer(5))], [{"price": EUROS | {"cents": 11}, "taxed": None}]),
        (Goods, {"price": {"cents": 5}}, {"price": EUROS, "taxed": None}),
        (dict[str, Goods], {"a": Goods(Price(5))}, {"a": {"price": EUROS, "taxed": None}}),
        (dict[int, Taxed], {1: Taxed(1)}, {"1": {"cents": 2}}),
    ],
    ids=str,
)
def test_what_is_made_is_not_made_again(app: Yaat, fetch: Any, returns: Any, value: Any, sent: Any) -> None:
    """What a class does after it is made is done once; a dict is made one of the class."""
    assert answer(app, fetch, returns, value).json == sent


def test_what_is_sent_in_parts_is_left_to_the_core(app: Yaat, fetch: Any) -> None:
    """A stream says itself what it is."""

    async def count() -> AsyncIterator[str]:
        yield "1"

    assert answer(app, fetch, AsyncIterator[str], StreamResponse(count())).body == b"1"


def test_what_may_be_anything_is_left_alone(app: Yaat, fetch: Any) -> None:
    """A type variable says nothing at run time."""
    assert answer(app, fetch, TypeVar("T"), {"a": 1}).json == {"a": 1}


@pytest.mark.parametrize("returns", ["Unknown", list[ForwardRef("Unknown")], "Unknown | None"])  # type: ignore[misc]  # that is the point
def test_a_declared_type_that_is_not_there_stops_the_build(app: Yaat, fetch: Any, returns: Any) -> None:
    """Or all that is returned would be sent, also what is not declared."""
    with pytest.raises(HandlerError, match="its return annotation 'Unknown.*' names what its module does not have"):
        answer(app, fetch, returns, {"a": 1})


def test_a_list_that_nobody_can_write_is_refused(app: Yaat) -> None:
    """The message says what can be declared."""

    class Thing: ...

    async def handler(request: Request) -> list[Thing]:
        return []

    app.add_route("/", handler)
    with pytest.raises(HandlerError, match="cannot be written as JSON"):
        app.build()


def test_a_type_with_constraints_is_held_to_them(app: Yaat, fetch: Any) -> None:
    """In answers too."""
    assert answer(app, fetch, Annotated[int, msgspec.Meta(ge=1)], 0).status == 500
