"""Signatures, and what becomes of them: a table, one row after the other.

A row is a handler with its route, and what it answers to each request: a status with the value it returns, or with the
mistakes it tells. A row of the second kind is a handler that stops the build, with its message.
"""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any, Generic, Literal, NamedTuple, NotRequired, TypedDict, TypeVar
from uuid import UUID

import attrs
import msgspec
import pytest

from yaat import HTTPException, Request, Response, Yaat
from yaat.exceptions import HandlerError
from yaat.responses import TextResponse
from yaat.state import State
from yaat_typed import Body, Cookie, File, Form, FromState, Header, Path, Query, TypedPlugin, Use

Handler = Callable[..., Any]


@dataclass(frozen=True)
class Ask:
    """One request, and its answer: what the handler returns, or the mistakes."""

    target: str
    status: int
    answer: Any = None
    body: Any = ...
    content: bytes = b""
    headers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Row:
    """One signature."""

    handler: Handler
    route: str
    asks: Sequence[Ask] = ()
    options: dict[str, Any] = field(default_factory=dict)
    message: str = ""


ROWS: list[Row] = []
BAD_ROWS: list[Row] = []


def row(route: str, *asks: Ask, **options: Any) -> Callable[[Handler], Handler]:
    """Add a handler to the table."""

    def add(handler: Handler) -> Handler:
        ROWS.append(Row(handler, route, asks, options))
        return handler

    return add


def bad(route: str, message: str, **options: Any) -> Callable[[Handler], Handler]:
    """Add a handler that stops the build to the table; *message* is a pattern."""

    def add(handler: Handler) -> Handler:
        BAD_ROWS.append(Row(handler, route, options=options, message=message))
        return handler

    return add


def make_app(entry: Row) -> Yaat:
    app = Yaat(autoload=False, plugins=[TypedPlugin()])
    method, _, path = entry.route.partition(" ")
    app.add_route(path, entry.handler, methods=[method], **entry.options)
    return app


def name_row(entry: Row) -> str:
    return entry.handler.__name__


@pytest.mark.parametrize("entry", ROWS, ids=name_row)
def test_a_signature_is_what_happens(entry: Row, fetch: Any) -> None:
    """What a handler declares is what it gets and what the client is answered, or told that is wrong."""
    app = make_app(entry)
    for ask in entry.asks:
        options = {} if ask.body is ... else {"body": ask.body}
        answer = fetch(app, ask.target, content=ask.content, headers=ask.headers, **options)
        assert answer.status == ask.status, answer.body
        if answer.status == 422:
            assert answer.mistakes == ask.answer
        elif ask.answer is not None:
            assert answer.json == ask.answer


@pytest.mark.parametrize("entry", BAD_ROWS, ids=name_row)
def test_a_signature_that_cannot_be_stops_the_build(entry: Row) -> None:
    """The message names the parameter, the handler, the line of the route, and what to write instead."""
    with pytest.raises(HandlerError, match=entry.message) as caught:
        make_app(entry).build()
    assert entry.handler.__name__ in str(caught.value)
    assert "test_signatures.py" in str(caught.value)


def test_the_table_is_long() -> None:
    """Sixty signatures and more."""
    assert len(ROWS) + len(BAD_ROWS) >= 60


# --- the query ---


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Size(enum.IntEnum):
    SMALL = 1
    LARGE = 2


MISSING = "Required, but missing"


@row(
    "GET /",
    Ask("GET /?q=sea", 200, ["sea"]),
    Ask("GET /?q=a&q=b", 200, ["b"]),
    Ask("GET /?q=%C3%A4+b", 200, ["ä b"]),
    Ask("GET /?q=", 200, [""]),
    Ask("GET /", 422, [f"query #/q {MISSING}"]),
)
async def text(q: str) -> Any:
    return [q]


@row(
    "GET /",
    Ask("GET /?n=5", 200, [5]),
    Ask("GET /?n=-5", 200, [-5]),
    Ask("GET /?n=x", 422, ["query #/n Expected `int`, got 'x'"]),
    Ask("GET /?n=1.0", 422, ["query #/n Expected `int`, got '1.0'"]),
    Ask("GET /?n=%D9%A3", 422, ["query #/n Expected `int`, got '٣'"]),
    Ask("GET /?n=1_0", 422, ["query #/n Expected `int`, got '1_0'"]),
    Ask("GET /?n=", 422, ["query #/n Expected `int`, got ''"]),
    Ask(f"GET /?n={'9' * 19}", 422, [f"query #/n Expected `int`, got '{'9' * 19}'"]),
)
async def whole(n: int) -> Any:
    return [n]


@row("GET /", Ask("GET /", 200, [10]), Ask("GET /?n=3", 200, [3]))
async def whole_with_default(n: int = 10) -> Any:
    return [n]


@row(
    "GET /",
    Ask("GET /", 200, [None]),
    Ask("GET /?n=3", 200, [3]),
    Ask("GET /?n=null", 422, ["query #/n Expected `int`, got 'null'"]),
)
async def whole_or_none(n: int | None) -> Any:
    return [n]


@row(
    "GET /",
    Ask("GET /?x=1.5", 200, [1.5]),
    Ask("GET /?x=1e3", 200, [1000.0]),
    Ask("GET /?x=nan", 422, ["query #/x Expected `float`, got 'nan'"]),
    Ask("GET /?x=inf", 422, ["query #/x Expected `float`, got 'inf'"]),
    Ask("GET /?x=1e999", 422, ["query #/x Expected `float`, got '1e999'"]),
    Ask(f"GET /?x={'1' * 65}", 422, [f"query #/x Expected `float`, got '{'1' * 50}'"]),
)
async def number(x: float) -> Any:
    return [x]


@row(
    "GET /",
    Ask("GET /?b=true", 200, [True]),
    Ask("GET /?b=0", 200, [False]),
    Ask("GET /?b=on", 200, [True]),
    Ask("GET /?b=yes", 422, ["query #/b Expected `bool`, got 'yes'"]),
)
async def truth(b: bool) -> Any:
    return [b]


@row(
    "GET /",
    Ask("GET /?d=2026-02-28", 200, ["2026-02-28"]),
    Ask("GET /?d=2026-02-30", 422, ["query #/d Invalid RFC3339 encoded date"]),
)
async def day(d: date) -> Any:
    return [d]


@row(
    "GET /",
    Ask("GET /?t=2026-02-28T10:00:00Z", 200, ["2026-02-28T10:00:00Z"]),
    Ask("GET /?t=1", 422, ["query #/t Invalid RFC3339 encoded datetime"]),
)
async def instant(t: datetime) -> Any:
    return [t]


@row("GET /", Ask("GET /?t=PT5S", 200, ["PT5S"]), Ask("GET /?t=x", 422, ["query #/t Invalid ISO8601 duration"]))
async def span(t: timedelta) -> Any:
    return [t]


@row("GET /", Ask(f"GET /?u={UUID(int=1)}", 200, [str(UUID(int=1))]), Ask("GET /?u=1", 422, ["query #/u Invalid UUID"]))
async def uuid(u: UUID) -> Any:
    return [u]


@row(
    "GET /",
    Ask("GET /?p=1.50", 200, ["1.50"]),
    Ask("GET /?p=NaN", 422, ["query #/p Expected a finite number, got 'NaN'"]),
    Ask("GET /?p=x", 422, ["query #/p Invalid decimal string"]),
    Ask("GET /?p=-.5e3", 200, ["-5E+2"]),
    Ask("GET /?p=%2B5.", 200, ["5"]),
    Ask("GET /?p=1_0", 422, ["query #/p Expected `decimal`, got '1_0'"]),
    Ask("GET /?p=%2010", 422, ["query #/p Expected `decimal`, got ' 10'"]),
    Ask("GET /?p=%D9%A1", 422, ["query #/p Expected `decimal`, got '\u0661'"]),
)
async def price(p: Decimal) -> Any:
    return [p]


@row("GET /", Ask("GET /?c=red", 200, ["red"]), Ask("GET /?c=green", 422, ["query #/c Invalid enum value 'green'"]))
async def colour(c: Colour) -> Any:
    return [c]


@row("GET /", Ask("GET /?s=2", 200, [2]), Ask("GET /?s=3", 422, ["query #/s Invalid enum value 3"]))
async def size(s: Size) -> Any:
    return [s]


@row("GET /", Ask("GET /?o=up", 200, ["up"]), Ask("GET /?o=left", 422, ["query #/o Invalid enum value 'left'"]))
async def choice(o: Literal["up", "down"]) -> Any:
    return [o]


@row("GET /", Ask("GET /?o=2", 200, [2]), Ask("GET /?o=3", 422, ["query #/o Invalid enum value 3"]))
async def number_choice(o: Literal[1, 2]) -> Any:
    return [o]


@row(
    "GET /",
    Ask("GET /?v=2", 200, [2]),
    Ask("GET /?v=1.5", 200, [1.5]),
    Ask("GET /?v=inf", 422, ["query #/v Expected a finite number, got 'inf'"]),
)
async def either_number(v: int | float) -> Any:
    return [v]


@row("GET /", Ask(f"GET /?v={'1' * 70}", 422, [f"query #/v Expected a shorter text than '{'1' * 50}'"]))
async def long_number(v: int | float) -> Any:
    return [v]


@row(
    "GET /",
    Ask("GET /?n=1&n=2", 200, [[1, 2]]),
    Ask("GET /?n=1&n=x&n=y", 422, ["query #/n/1 Expected `int`, got 'x'", "query #/n/2 Expected `int`, got 'y'"]),
    Ask("GET /", 422, [f"query #/n {MISSING}"]),
)
async def numbers(n: list[int]) -> Any:
    return [n]


@row("GET /", Ask("GET /", 200, [[]]), Ask("GET /?w=a", 200, [["a"]]))
async def words_with_default(w: list[str] = []) -> Any:  # noqa: B006 - nobody changes it
    return [w]


@row("GET /", Ask("GET /?w=a&w=a", 200, [["a"]]), Ask("GET /", 200, [None]))
async def distinct_words(w: set[str] | None) -> Any:
    return [w]


@row("GET /", Ask("GET /?n=1&n=2", 200, [[1, 2]]))
async def fixed_numbers(n: tuple[int, ...]) -> Any:
    return [n]


@row("GET /", Ask("GET /?c=red&c=x", 422, ["query #/c/1 Invalid enum value 'x'"]), Ask("GET /?c=red", 200, [["red"]]))
async def colours(c: list[Colour]) -> Any:
    return [c]


@row(
    "GET /",
    Ask("GET /?n=1", 200, [1]),
    Ask("GET /?n=0", 422, ["query #/n Expected `int` >= 1"]),
    Ask("GET /?n=6", 422, ["query #/n Expected `int` <= 5"]),
)
async def limited(n: Annotated[int, Query(ge=1, le=5)]) -> Any:
    return [n]


@row(
    "GET /{id}",
    Ask("GET /9223372036854775807?n=9223372036854775807", 200, [2**63 - 1, 2**63 - 1]),
    Ask("GET /1?n=9223372036854775808", 422, ["query #/n Expected `int`, got '9223372036854775808'"]),
    Ask("GET /1?n=-9223372036854775809", 422, ["query #/n Expected `int`, got '-9223372036854775809'"]),
)
async def as_large_as_it_says(id: Annotated[int, Path(le=2**63 - 1)], n: Annotated[int, Query(le=2**63 - 1)]) -> Any:
    return [id, n]


@row(
    "GET /",
    Ask("GET /?x=0.5", 200, [0.5]),
    Ask("GET /?x=1", 422, ["query #/x Expected `float` < 1.0"]),
    Ask("GET /?x=x", 422, ["query #/x Expected `float`, got 'x'"]),
)
async def limited_number(x: Annotated[float, Query(lt=1.0)]) -> Any:
    return [x]


@row("GET /", Ask("GET /?n=10", 200, [10]), Ask("GET /?n=11", 422, ["query #/n Expected `int` that's a multiple of 5"]))
async def multiple(n: Annotated[int, msgspec.Meta(multiple_of=5)]) -> Any:
    return [n]


@row(
    "GET /",
    Ask("GET /?code=AB12", 200, ["AB12"]),
    Ask("GET /?code=x", 422, ["query #/code Expected `str` matching regex '^[A-Z]{2}[0-9]+$'"]),
)
async def pattern(code: Annotated[str, Query(pattern="^[A-Z]{2}[0-9]+$")]) -> Any:
    return [code]


@row("GET /", Ask("GET /?q=a", 422, ["query #/q Expected `str` of length >= 2"]), Ask("GET /?q=ab", 200, ["ab"]))
async def long_enough(q: Annotated[str, Query(min_length=2)]) -> Any:
    return [q]


@row(
    "GET /", Ask("GET /?n=1&n=2&n=3", 422, ["query #/n Expected `array` of length <= 2"]), Ask("GET /?n=1", 200, [[1]])
)
async def few(n: Annotated[list[int], Query(max_length=2)]) -> Any:
    return [n]


@row(
    "GET /",
    Ask("GET /", 200, [None, None]),
    Ask("GET /?n=5&tags=a", 200, [5, ["a"]]),
    Ask(
        "GET /?n=0&tags=a&tags=b",
        422,
        ["query #/n Expected `int` >= 1", "query #/tags Expected `array` of length <= 1"],
    ),
)
async def limited_or_none(
    n: Annotated[int | None, Query(ge=1)] = None, tags: Annotated[list[str] | None, Query(max_length=1)] = None
) -> Any:
    return [n, tags]


@row("GET /", Ask("GET /", 200, [None]), Ask("GET /?n=0", 422, ["query #/n Expected `int` >= 1"]))
async def marked_inside_a_union(n: Annotated[int, Query(ge=1)] | None) -> Any:
    return [n]


@row("GET /", Ask("GET /?page-size=5", 200, [5]), Ask("GET /?size=5", 422, [f"query #/page-size {MISSING}"]))
async def alias(size: Annotated[int, Query("page-size")]) -> Any:
    return [size]


class Filters(msgspec.Struct, forbid_unknown_fields=True):
    word: str
    limit: Annotated[int, msgspec.Meta(ge=1)] = 10
    tags: list[str] = []


@row(
    "GET /",
    Ask("GET /?word=sea&tags=a&tags=b&limit=5", 200, {"word": "sea", "limit": 5, "tags": ["a", "b"]}),
    Ask("GET /?limit=0", 422, ["query #/limit Expected `int` >= 1", f"query #/word {MISSING}"]),
    Ask("GET /?limit=x", 422, ["query #/limit Expected `int`, got 'x'", f"query #/word {MISSING}"]),
    Ask("GET /?word=a&other=1", 422, ["query # Object contains unknown field `other`"]),
)
async def query_model(filters: Annotated[Filters, Query()]) -> Filters:
    return filters


@row("GET /", Ask("GET /?a=x&b=y", 422, ["query #/a Expected `int`, got 'x'", "query #/b Expected `int`, got 'y'"]))
async def all_at_once(a: int, b: int) -> Any:
    return [a, b]


@row("GET /", Ask("GET /", 200, [1]), Ask("GET /?page=2", 200, [1]))
async def untyped_default(request, page=1) -> Any:  # type: ignore[no-untyped-def]  # that is the point
    return [page]


@row("GET /", Ask("GET /?n=2", 200, ["GET", 2]))
async def with_request(request: Request, n: int) -> Any:
    return [request.method, n]


@row("GET /", Ask("GET /?n=2", 200, ["GET", 2]))
async def request_last(*, n: int, request: Request) -> Any:
    return [request.method, n]


@row("GET /", Ask("GET /?n=2", 200, [2]))
def plain_function(n: int) -> Any:
    return [n]


# --- the path ---


@row("GET /{id}", Ask("GET /5", 200, [5]), Ask("GET /x", 404))
async def path_number(id: int) -> Any:
    return [id]


@row("GET /{id}", Ask("GET /5", 200, [5]), Ask("GET /0", 422, ["path #/id Expected `int` >= 1"]), Ask("GET /x", 404))
async def path_limited(id: Annotated[int, Path(ge=1)]) -> Any:
    return [id]


@row("GET /{colour}", Ask("GET /red", 200, ["red"]), Ask("GET /x", 422, ["path #/colour Invalid enum value 'x'"]))
async def path_colour(colour: Colour) -> Any:
    return [colour]


@row("GET /{name}", Ask("GET /ab", 200, ["ab"]), Ask("GET /a", 422, ["path #/name Expected `str` of length >= 2"]))
async def path_text(name: Annotated[str, msgspec.Meta(min_length=2)]) -> Any:
    return [name]


@row("GET /{item}", Ask("GET /5", 200, ["5"]))
async def path_alias(item_id: Annotated[str, Path("item")]) -> Any:
    return [item_id]


@row("GET /{id}", Ask("GET /5?n=6", 200, [5, 6]), Ask("GET /5?n=x", 422, ["query #/n Expected `int`, got 'x'"]))
async def path_and_query(id: int, n: int) -> Any:
    return [id, n]


@row("GET /{a}/{b}", Ask("GET /1/2?n=3", 200, [{"a": "1", "b": "2"}, 3]))
async def path_rest(n: int, **path: Any) -> Any:
    return [path, n]


# --- headers and cookies ---


@row(
    "GET /",
    Ask("GET /", 422, [f"header #/x-token {MISSING}"]),
    Ask("GET /", 200, ["a"], headers=[("x-token", "a"), ("x-token", "b")]),
)
async def header(x_token: Annotated[str, Header()]) -> Any:
    return [x_token]


@row(
    "GET /",
    Ask("GET /", 200, [0]),
    Ask("GET /", 200, [7], headers=[("x-count", "7")]),
    Ask("GET /", 422, ["header #/x-count Expected `int`, got 'x'"], headers=[("x-count", "x")]),
)
async def header_number(n: Annotated[int, Header("X-Count")] = 0) -> Any:
    return [n]


@row("GET /", Ask("GET /", 200, [["a", "b"]], headers=[("x-tag", "a"), ("x-tag", "b")]), Ask("GET /", 200, [None]))
async def header_list(x_tag: Annotated[list[str] | None, Header()]) -> Any:
    return [x_tag]


@row(
    "GET /",
    Ask("GET /", 200, [["a", 'b="1, 2"', "c"]], headers=[("x-tag", 'a ,\tb="1, 2",, '), ("x-tag", "c")]),
    Ask("GET /", 200, [[]], headers=[("x-tag", " ,")]),
    Ask("GET /", 422, ["header #/x-tag Required, but missing"]),
)
async def header_list_with_commas(x_tag: Annotated[list[str], Header()]) -> Any:
    return [x_tag]


@row(
    "GET /",
    Ask("GET /", 200, [[1, 2, 3]], headers=[("x-count", "1,2"), ("x-count", "3")]),
    Ask("GET /", 422, ["header #/x-count/1 Expected `int`, got 'x'"], headers=[("x-count", "1, x")]),
)
async def header_list_of_numbers(x_count: Annotated[list[int], Header()]) -> Any:
    return [x_count]


@row("GET /", Ask("GET /", 200, [None]), Ask("GET /", 200, ["dark"], headers=[("cookie", "theme=dark")]))
async def cookie(theme: Annotated[str | None, Cookie()]) -> Any:
    return [theme]


@row(
    "GET /",
    Ask("GET /", 422, [f"cookie #/visits {MISSING}"]),
    Ask("GET /", 422, ["cookie #/visits Expected `int` >= 0"], headers=[("cookie", "visits=-1")]),
)
async def cookie_number(visits: Annotated[int, Cookie(ge=0)]) -> Any:
    return [visits]


# --- content ---


class Item(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=2)]
    price: float
    tags: list[str] = []


LAMP = {"name": "lamp", "price": 20.5, "tags": ["a"]}
JSON = [("content-type", "application/json")]


@row(
    "POST /",
    Ask("POST /", 200, LAMP, body=LAMP),
    Ask("POST /", 200, LAMP | {"tags": []}, body={"name": "lamp", "price": 20.5, "other": 1}),
    Ask(
        "POST /",
        422,
        [
            "body #/name Expected `str` of length >= 2",
            "body #/price Expected `float`, got `str`",
            "body #/tags/1 Expected `str`, got `int`",
        ],
        body={"name": "l", "price": "x", "tags": ["a", 1]},
    ),
    Ask("POST /", 422, [f"body #/name {MISSING}", f"body #/price {MISSING}"], body={}),
    Ask("POST /", 422, ["body # Expected `object`, got `array`"], body=[]),
    Ask("POST /", 400, content=b'{"name": }', headers=JSON),
    Ask("POST /", 400, content=b"", headers=JSON),
    Ask("POST /", 400, content=b'{"name": "a\\ud800", "price": 1}', headers=JSON),
    Ask("POST /", 400, content=b'{"name": "ab", "price": 1e999}', headers=JSON),
    Ask("POST /", 400, content=b'{"name": "ab", "price": NaN}', headers=JSON),
    Ask("POST /", 400, content=b'{"name": "ab", "price": 1, "x": "\xff"}', headers=JSON),
    Ask("POST /", 400, content=b'{"name": "ab", "price": 1, "x": ' + b"[" * 101 + b"]" * 101 + b"}", headers=JSON),
    Ask("POST /", 200, content=b'\xef\xbb\xbf{"name": "ab", "price": 1}', headers=JSON),
    Ask("POST /", 200, content=b'{"name": "ab", "price": 1, "x": ' + b"[" * 60 + b"]" * 60 + b"}", headers=JSON),
    Ask("POST /", 200, content='{"name": "äö", "price": 1}'.encode(), headers=JSON),
    Ask("POST /", 415, content=b"{}"),
    Ask("POST /", 415, content=b"{}", headers=[("content-type", "text/plain")]),
    Ask(
        "POST /",
        200,
        LAMP,
        content=msgspec.json.encode(LAMP),
        headers=[("content-type", "application/vnd.x+json; a=b")],
    ),
)
async def struct(item: Item) -> Item:
    return item


@dataclass
class Point:
    x: int
    y: int = 0


@row(
    "POST /",
    Ask("POST /", 200, {"x": 1, "y": 0}, body={"x": 1}),
    Ask(
        "POST /",
        422,
        ["body #/x Expected `int`, got `null`", "body #/y Expected `int`, got `str`"],
        body={"x": None, "y": ""},
    ),
)
async def a_dataclass(point: Point) -> Point:
    return point


@dataclass
class Family:
    name: str
    children: "list[Family]"
    pet: str = "none"


@row(
    "POST /",
    Ask(
        "POST /",
        200,
        {"name": "a", "children": [{"name": "b", "children": [], "pet": "cat"}], "pet": "none"},
        body={"name": "a", "children": [{"name": "b", "children": [], "pet": "cat"}]},
    ),
)
async def a_dataclass_in_itself(family: Family) -> Family:
    return family


class Team(msgspec.Struct):
    places: dict[str, Point]
    lead: Point | None = None


@row("POST /", Ask("POST /", 200, {"places": {"a": {"x": 1, "y": 0}}, "lead": None}, body={"places": {"a": {"x": 1}}}))
async def dataclasses_in_a_struct(team: Team) -> Team:
    return team


class Person(TypedDict):
    name: str
    age: NotRequired[int]


@row(
    "POST /",
    Ask("POST /", 200, {"name": "Ada"}, body={"name": "Ada"}),
    Ask("POST /", 422, ["body #/age Expected `int`, got `str`", f"body #/name {MISSING}"], body={"age": "x"}),
)
async def a_typed_dict(person: Person) -> Person:
    return person


@attrs.define
class Car:
    wheels: int
    name: str = "car"


@row(
    "POST /",
    Ask("POST /", 200, {"wheels": 4, "name": "car"}, body={"wheels": 4}),
    Ask("POST /", 422, [f"body #/wheels {MISSING}"], body={}),
)
async def an_attrs_class(car: Car) -> Car:
    return car


class Pair(NamedTuple):
    a: int
    b: str


@row(
    "POST /",
    Ask("POST /", 200, [1, "x"], body=[1, "x"]),
    Ask("POST /", 422, ["body #/0 Expected `int`, got `str`"], body=["y", "x"]),
)
async def a_named_tuple(pair: Pair) -> Pair:
    return pair


@row(
    "POST /",
    Ask("POST /", 200, {"a": 1}, body={"a": 1}),
    Ask(
        "POST /",
        422,
        ["body #/a~1b Expected `int`, got `str`", "body #/c Expected `int`, got `null`"],
        body={"a/b": "x", "c": None},
    ),
)
async def a_dict(values: dict[str, int]) -> dict[str, int]:
    return values


@row("POST /", Ask("POST /", 200, {"a": [None]}, body={"a": [None]}))
async def any_dict(values: dict[str, Any]) -> Any:
    return values


@row(
    "POST /",
    Ask("POST /", 200, [LAMP], body=[LAMP]),
    Ask(
        "POST /",
        422,
        ["body #/1/name Expected `str`, got `int`", f"body #/1/price {MISSING}"],
        body=[LAMP, {"name": 1}],
    ),
)
async def a_list(items: list[Item]) -> list[Item]:
    return items


@row(
    "POST /",
    Ask("POST /", 200, [[1, 2]], body=[1, 2]),
    Ask("POST /", 422, ["body #/0 Expected `int`, got `str`"], body=["1"]),
)
async def marked_list(numbers: Annotated[list[int], Body()]) -> Any:
    return [numbers]


@row(
    "POST /",
    Ask("POST /", 200, [1, "a"], body=[1, "a"]),
    Ask("POST /", 422, ["body #/0 Expected `int`, got `str`", "body #/1 Expected `str`, got `int`"], body=["a", 1]),
)
async def a_tuple(pair: tuple[int, str]) -> Any:
    return list(pair)


@row("POST /", Ask("POST /", 200, [5], body=5), Ask("POST /", 422, ["body # Expected `int` >= 1"], body=0))
async def scalar_body(n: Annotated[int, Body(ge=1)]) -> Any:
    return [n]


@row("POST /", Ask("POST /", 200, [3], content=b"abc"))
async def raw_bytes(content: Annotated[bytes, Body()]) -> Any:
    return [len(content)]


@row(
    "POST /",
    Ask("POST /", 200, [None]),
    Ask("POST /", 200, [None], headers=JSON),
    Ask("POST /", 200, ["lamp"], body=LAMP),
    Ask("POST /", 415, content=b"x"),
)
async def optional_body(item: Item | None = None) -> Any:
    return [item and item.name]


class Cat(msgspec.Struct, tag="cat"):
    lives: int


class Dog(msgspec.Struct, tag="dog"):
    tricks: list[str]


@row(
    "POST /",
    Ask("POST /", 200, ["Cat"], body={"type": "cat", "lives": 9}),
    Ask("POST /", 422, ["body #/tricks/0 Expected `str`, got `int`"], body={"type": "dog", "tricks": [1]}),
    Ask("POST /", 422, ["body #/type Invalid value 'cow'"], body={"type": "cow"}),
)
async def tagged_union(pet: Cat | Dog) -> Any:
    return [type(pet).__name__]


T = TypeVar("T")


class Page(msgspec.Struct, Generic[T]):
    items: list[T]
    next: T | None = None
    size: int = 0


@row(
    "POST /",
    Ask("POST /", 200, {"items": [LAMP], "next": None, "size": 0}, body={"items": [LAMP]}),
    Ask(
        "POST /",
        422,
        [
            "body #/items/0/name Expected `str`, got `int`",
            f"body #/items/0/price {MISSING}",
            f"body #/next/price {MISSING}",
        ],
        body={"items": [{"name": 1}], "next": {"name": "ab"}},
    ),
)
async def a_generic(page: Page[Item]) -> Page[Item]:
    return page


@row("POST /", Ask("POST /", 422, ["body #/items/1 Expected a finite number, got 'NaN'"], body={"items": ["1", "NaN"]}))
async def a_generic_of_decimals(page: Page[Decimal]) -> Any: ...


class Bill(msgspec.Struct):
    total: Decimal
    parts: list[Decimal] = []


@row(
    "POST /",
    Ask("POST /", 200, {"total": "1.5", "parts": ["2"]}, body={"total": "1.5", "parts": ["2"]}),
    Ask(
        "POST /",
        422,
        [
            "body #/total Expected a finite number, got 'NaN'",
            "body #/parts/1 Expected a finite number, got '-Infinity'",
        ],
        body={"total": "NaN", "parts": ["1", "-Infinity"]},
    ),
    Ask("POST /", 422, ["body #/total Invalid decimal string"], body={"total": "nanny"}),
)
async def decimals(bill: Bill) -> Bill:
    return bill


@row(
    "POST /{id}",
    Ask("POST /1?dry=true", 200, [1, True, "lamp"], body=LAMP),
    Ask(
        "POST /1?dry=x",
        422,
        ["query #/dry Expected `bool`, got 'x'", f"body #/name {MISSING}", f"body #/price {MISSING}"],
        body={},
    ),
)
async def everything(id: int, item: Item, dry: bool = False) -> Any:
    return [id, dry, item.name]


# --- forms ---

FORM = [("content-type", "application/x-www-form-urlencoded")]


@row(
    "POST /",
    Ask("POST /", 200, ["Ada", 36], content=b"name=Ada&age=36", headers=FORM),
    Ask("POST /", 422, [f"form #/name {MISSING}", "form #/age Expected `int` >= 0"], content=b"age=-1", headers=FORM),
    Ask("POST /", 415, content=b"{}", headers=JSON),
)
async def form(name: Annotated[str, Form()], age: Annotated[int, Form(ge=0)]) -> Any:
    return [name, age]


@row("POST /", Ask("POST /", 200, [["a", "b"]], content=b"tag=a&tag=b", headers=FORM))
async def form_list(tag: Annotated[list[str], Form()]) -> Any:
    return [tag]


@row(
    "POST /",
    Ask("POST /", 200, {"x": 1, "y": 0}, content=b"x=1", headers=FORM),
    Ask(
        "POST /",
        422,
        ["form #/x Expected `int`, got 'a'", "form #/y Expected `int`, got 'b'"],
        content=b"x=a&y=b",
        headers=FORM,
    ),
)
async def form_model(point: Annotated[Point, Form()]) -> Point:
    return point


@row(
    "POST /",
    Ask("POST /", 422, ["file #/file Expected a file, got a text"], content=b"file=x", headers=FORM),
    Ask("POST /", 422, [f"file #/file {MISSING}"], content=b"", headers=FORM),
)
async def file(file: Annotated[Any, File()]) -> Any:
    return [file]


# --- state and dependencies ---


@row("GET /", Ask("GET /", 200, ["State"]))
async def state(state: State) -> Any:
    return [type(state).__name__]


@row("GET /", Ask("GET /", 200, ["none"]))
async def state_value(db: Annotated[str, FromState()] = "none") -> Any:
    return [db]


@row("GET /", Ask("GET /", 200, ["Yaat"]))
async def the_app(app: Yaat) -> Any:
    return [type(app).__name__]


async def page(number: int = 1, size: Annotated[int, Query(le=100)] = 10) -> tuple[int, int]:
    return number, size


@row(
    "GET /",
    Ask("GET /?number=2", 200, [2, 10]),
    Ask(
        "GET /?number=x&size=101", 422, ["query #/number Expected `int`, got 'x'", "query #/size Expected `int` <= 100"]
    ),
)
async def dependency(page: Annotated[tuple[int, int], Use(page)]) -> Any:
    return list(page)


async def user(x_token: Annotated[str | None, Header()]) -> str:
    if x_token is None:
        raise HTTPException(401)
    return x_token


@row(
    "POST /",
    Ask("POST /", 401, content=b"{"),
    Ask("POST /?n=x", 401),
    Ask("POST /", 200, ["ada", "lamp"], body=LAMP, headers=[("x-token", "ada")]),
)
async def guarded(item: Item, user: Annotated[str, Use(user)], n: int = 1) -> Any:
    return [user, item.name]


async def item_of_path(id: int) -> int:
    return id * 2


@row("GET /{id}", Ask("GET /4", 200, [8]))
async def dependency_takes_path(item: Annotated[int, Use(item_of_path)]) -> Any:
    return [item]


async def text_of_path(id: str) -> str:
    return id * 2


@row("GET /{id}", Ask("GET /ab", 200, ["abab"]))
async def dependency_takes_text_of_path(item: Annotated[str, Use(text_of_path)]) -> Any:
    return [item]


# --- what is returned ---


class Public(msgspec.Struct):
    name: str


class Secret(Public):
    password: str


class Entity:
    name = "Ada"
    password = "x"


@row("GET /", Ask("GET /", 200, {"name": "Ada"}))
async def filtered_struct() -> Public:
    return Secret("Ada", "x")


@row("GET /", Ask("GET /", 200, [{"name": "Ada"}, {"name": "Bob"}]))
async def filtered_list() -> list[Public]:
    return [Secret("Ada", "x"), {"name": "Bob", "password": "y"}]  # type: ignore[list-item]  # what is read is left alone


@row("GET /", Ask("GET /", 200, {"name": "Ada"}))
async def filtered_object() -> Public:
    return Entity()  # type: ignore[return-value]  # as objects of a database are


@row("GET /", Ask("GET /", 200, {"items": [{"name": "Ada"}], "next": None, "size": 0}))
async def filtered_generic() -> Page[Public]:
    return Page([Secret("Ada", "x")])


class Group(msgspec.Struct):
    lead: Public
    members: dict[str, Public]


@row("GET /", Ask("GET /", 200, {"lead": {"name": "Ada"}, "members": {"b": {"name": "Bob"}}}))
async def filtered_inside() -> Group:
    return Group(Secret("Ada", "x"), {"b": Secret("Bob", "y")})


@row("GET /", Ask("GET /", 500))
async def wrong_value() -> Public:
    return {"title": "x"}  # type: ignore[return-value]  # that is the point


@row("POST /", Ask("POST /", 201, {"name": "Ada"}), status_code=201)
async def with_status() -> Public:
    return Public("Ada")


@row("POST /", Ask("POST /", 201, {"a": 1}), status_code=HTTPStatus.CREATED)
async def untyped_with_status():  # type: ignore[no-untyped-def]  # that is the point
    return {"a": 1}


@row("GET /", Ask("GET /", 202), status_code=202)
async def nothing_with_status() -> None: ...


@row("GET /", Ask("GET /", 204))
async def nothing() -> None: ...


@row("GET /", Ask("GET /", 203, {"name": "Ada"}))
async def value_and_status() -> tuple[Public, int]:
    return Secret("Ada", "x"), 203


@row("GET /", Ask("GET /?gone=true", 410), Ask("GET /", 200, {"name": "Ada"}))
async def value_or_response(gone: bool = False) -> Public | Response:
    return TextResponse("gone", 410) if gone else Public("Ada")


@row("GET /", Ask("GET /", 200, ["2026-01-02", "1.5", "red", str(UUID(int=3))]))
async def rich_values() -> list[Any]:
    return [date(2026, 1, 2), Decimal("1.5"), Colour.RED, UUID(int=3)]


@row("GET /", Ask("GET /", 200, [1]))
async def a_set() -> Any:
    return {1}


@row("GET /", Ask("GET /", 200, None))
async def optional_value() -> Public | None:
    return None


# --- what cannot be ---


@bad("GET /", r"(?s)takes 'thing', which nothing gives.*Asked too: query, .*type of plugin 'typed'")
async def unknown_type(thing: Entity) -> Any: ...


@bad("GET /{item_id}", r"(?s)takes 'itemid', which nothing gives.*Did you mean 'item_id'\?")
async def misspelt(request, itemid) -> Any: ...  # type: ignore[no-untyped-def]  # that is the point


@bad("GET /{item_id}", r"(?s)path gives 'item_id'.*Did you mean 'item_id' where it takes 'itemid'\?")
async def lacks_path(itemid: int = 0) -> Any: ...


@bad(
    "GET /",
    r"takes 'item': its type is that of content, which a GET request does not carry\. .*Annotated\[Item, Query\(\)\]",
)
async def content_of_get(item: Item) -> Any: ...


@bad("POST /", r"takes 'a': both it and 'b' take the content\. Put both into one model")
async def two_bodies(a: Item, b: Point) -> Any: ...


@bad("POST /", r"takes 'a': both it and 'b' take the content")
async def two_marked_bodies(a: Annotated[int, Body()], b: Annotated[int, Body()]) -> Any: ...


@bad("POST /", r"takes 'a': both it and 'b' take the content")
async def body_and_form(a: Item, b: Annotated[str, Form()]) -> Any: ...


@bad("GET /", r"takes 'q': its default is Query\(…\)\. Write: q: Annotated\[TYPE, Query\(…\)\]")
async def marker_as_default(q: Any = Query()) -> Any: ...  # noqa: B008 - that is the point


@bad("GET /", r"takes 'q': it is marked with the class Query\. Write: Query\(\)")
async def marker_class(q: Annotated[str, Query]) -> Any: ...


@bad("GET /", r"takes 'q': it has two markers, Query and Header\.")
async def two_markers(q: Annotated[str, Query(), Header()]) -> Any: ...


@bad("GET /", r"takes 'q': a value of the header cannot be a Item\. It can be a str, int")
async def struct_in_header(q: Annotated[Item, Header()]) -> Any: ...


@bad("GET /", r"takes 'q': a value of the query cannot be a .*str.* Can only set `ge` on a numeric type")
async def constraint_of_another_type(q: Annotated[str, Query(ge=1)]) -> Any: ...


@bad("GET /", r"takes 'q': a value of the cookie cannot be a list\[int\]")
async def list_in_cookie(q: Annotated[list[int], Cookie()]) -> Any: ...


@bad("GET /{id}", r"takes 'name': it is marked as the path parameter 'name'; the path has: id")
async def marked_path(id: int, name: Annotated[str, Path()]) -> Any: ...


@dataclass
class Broken:
    part: "Unknown"  # type: ignore[name-defined]  # noqa: F821 - that is the point


@bad("POST /", r"takes 'x': content cannot be read as a .*Broken")
async def broken_model(x: Annotated[Broken, Body()]) -> Any: ...


@dataclass
class Computed:
    net: int
    gross: int = field(init=False)

    def __post_init__(self) -> None:
        self.gross = self.net * 2


class HoldsComputed(msgspec.Struct):
    lines: list[Computed]


@attrs.define
class ComputedAttrs:
    net: int
    is_paid: bool = attrs.field(init=False, default=False)


@bad(
    "POST /", r"takes 'x': its type holds Computed, whose field 'gross' has init=False, .* Take a class without 'gross'"
)
async def computed_in_content(x: HoldsComputed | None) -> Any: ...


@bad("POST /", r"takes 'x': its type holds ComputedAttrs, whose field 'is_paid' has init=False")
async def computed_in_attrs(x: ComputedAttrs) -> Any: ...


@bad("GET /", r"takes 'x': its type holds Computed, whose field 'gross' has init=False")
async def computed_in_query(x: Annotated[Computed, Query()]) -> Any: ...


@row("GET /", Ask("GET /", 200, {"lines": [{"net": 1, "gross": 2}]}))
async def computed_in_answer() -> HoldsComputed:
    return HoldsComputed([Computed(1)])


class Transfer(msgspec.Struct):
    """Shown as texts, for a client sees only the digits that are left."""

    to: str
    amount: Decimal
    count: int = 1
    rate: float = 1
    other: Any = None


def send(text: bytes, amount: str, *others: Any) -> Ask:
    return Ask("POST /", 200, [amount, *(others or ["1", "1", "None"])], content=text, headers=JSON)


@row(
    "POST /",
    send(b'{"to": "Ada", "amount": 12345678901234567.89}', "12345678901234567.89"),
    send(b'{"to": "finance", "amount": 12345678901234567.89}', "12345678901234567.89"),
    send(b'{"to": "nan", "amount": 19.90}', "19.90"),
    send(b'{"to": "\\u0041da", "amount": 19.90}', "19.90"),
    send(b'{"to": "Ada", "amount": 19.90, "count": 2.0, "rate": 1.5, "other": 0.10}', "19.90", "2", "1.5", "0.1"),
    send(b'\xef\xbb\xbf{"to": "Ada", "amount": 19.90}', "19.90"),
    send(b'{"to": "finance", "amount": 1e400}', "1E+400"),
    send(b'{"to": "finance", "amount": 1e400, "count": 1.0}', "1E+400"),
    Ask("POST /", 422, ["body #/count Expected `int`, got `float`"], body={"to": "", "amount": 1, "count": 1.5}),
    Ask("POST /", 422, ["body #/amount Expected a finite number, got 'NaN'"], body={"to": "", "amount": "NaN"}),
    Ask(
        "POST /",
        422,
        ["body #/amount Expected a finite number, got 'Infinity'"],
        body={"to": "", "amount": "Infinity", "count": 1.0},
    ),
    Ask("POST /", 400, content=b'{"to": "", "amount": 1, "count": 1e999999999}', headers=JSON),
)
async def decimals_keep_their_digits(transfer: Transfer) -> Any:
    return list(map(str, msgspec.structs.astuple(transfer)[1:]))


@dataclass
class Range:
    begin: int
    end: int = 9


MISSING_BEGIN = ["query #/begin Required, but missing"]


@row(
    "GET /",
    Ask("GET /", 200, {"begin": 1, "end": 2}),
    Ask("GET /?other=1", 200, {"begin": 1, "end": 2}),
    Ask("GET /?begin=3", 200, {"begin": 3, "end": 9}),
    Ask("GET /?end=3", 422, MISSING_BEGIN),
)
async def model_with_default(range: Annotated[Range, Query()] = Range(1, 2)) -> Range:  # noqa: B008 - it stays as it is
    return range


@row("GET /", Ask("GET /", 200, [None]), Ask("GET /?end=3", 422, MISSING_BEGIN))
async def model_or_none(range: Annotated[Range | None, Query()]) -> Any:
    return [range]


URLENCODED = [("content-type", "application/x-www-form-urlencoded")]


@row(
    "POST /",
    Ask("POST /", 200, [None]),
    Ask("POST /", 200, [None], headers=URLENCODED),
    Ask("POST /", 200, [5], content=b"begin=5", headers=URLENCODED),
    Ask("POST /", 415, content=b"begin=5"),
)
async def form_model_or_none(range: Annotated[Range | None, Form()] = None) -> Any:
    return [range and range.begin]


@row("POST /", Ask("POST /", 200, ["a"]), Ask("POST /", 415, content=b"word=b", headers=JSON))
async def form_of_optional_fields(word: Annotated[str, Form()] = "a") -> Any:
    return [word]


@row("POST /", Ask("POST /", 422, ["form #/word Required, but missing"]))
async def form_without_content(word: Annotated[str, Form()]) -> Any: ...


@bad("GET /", r"takes 'n': its marker contradicts itself: ")
async def contradiction(n: Annotated[int, Query(ge=1, gt=1)]) -> Any: ...


@bad("POST /", r"takes 'x': content cannot be read as a .*Entity.*It is no type that msgspec knows")
async def unknown_content(x: Annotated[Entity, Body()]) -> Any: ...


@bad("POST /", r"takes 'x': content cannot be read as a .*Entity.*Type unions containing a custom type may not")
async def unknown_in_union(x: Annotated[Entity | int, Body()]) -> Any: ...


@dataclass
class Holder:
    entities: list[Entity]


@bad("POST /", r"takes 'x': content cannot be read as a Holder\. Its field 'entities' holds Entity, which has no form")
async def unknown_in_model(x: Holder) -> Any: ...


@bad("POST /", r"takes 'x': content cannot be read as a .*Holder \| None\. Its field 'entities' holds Entity, w")
async def unknown_in_optional_model(x: Holder | None = None) -> Any: ...


@bad("POST /", r"takes 'x': content cannot be read as a list\[.*Entity\]\. It holds Entity, which has no form in JSON")
async def unknown_in_list(x: list[Entity]) -> Any: ...


@bad("GET /", r"takes 'q': its annotation 'Unknown' names what its module does not have\. Define or import that")
async def unknown_name(q: "Unknown") -> Any: ...  # type: ignore[name-defined]  # noqa: F821 - that is the point


@bad("GET /", r"takes 'q': its annotation 'Unknown' names what its module does not have\.")
async def unknown_name_with_default(q: "Unknown" = None) -> Any: ...  # type: ignore[name-defined]  # noqa: F821 - that is the point


@bad("GET /", r"takes 'q': its annotation 'Annotated\[int, Query\(le=limit\)\]' names what its module does not have")
async def unknown_bound(q: "Annotated[int, Query(le=limit)]" = 1) -> Any: ...  # noqa: F821 - that is the point


@bad("GET /", r"takes 'q': its annotation 'list\[Unknown\] \| None' names what its module does not have")
async def unknown_part(q: "list[Unknown] | None" = None) -> Any: ...  # type: ignore[name-defined]  # noqa: F821 - that is the point


@bad(
    "GET /{id}", r"takes 'id': its annotation 'Annotated\[int, Path\(le=limit\)\]' names what its module does not have"
)
async def unknown_path(id: "Annotated[int, Path(le=limit)]") -> Any: ...  # noqa: F821 - that is the point


@row("GET /", Ask("GET /", 200, [True]))
async def unknown_request(request: "Unknown") -> Any:  # type: ignore[name-defined]  # noqa: F821 - that is the point
    return [isinstance(request, Request)]


class Pages:
    def __init__(self, number: "Annotated[int, Query(ge=1)]" = 1) -> None:
        self.number = number


@row("GET /", Ask("GET /?number=3", 200, [3]), Ask("GET /?number=0", 422, ["query #/number Expected `int` >= 1"]))
async def class_with_texts(pages: Annotated[Pages, Use(Pages)]) -> Any:
    return [pages.number]


class Mixed(enum.Enum):
    LOW = 1
    ALL = "all"


@bad("GET /", r"takes 'level': a value of the query cannot be a Mixed\. Enums must contain either all str or all int")
async def mixed_enumeration(level: Mixed = Mixed.LOW) -> Any: ...


@bad("GET /", r"takes 'level': a value of the query cannot be a .*Mixed \| None\. Enums must contain either all str")
async def mixed_enumeration_or_none(level: Mixed | None) -> Any: ...


@bad("GET /{level}", r"takes 'level': a value of the path cannot be a Mixed\. Enums must contain either all str or all")
async def mixed_enumeration_in_path(level: Mixed) -> Any: ...


@bad("GET /{ids}", r"takes 'ids': a value of the path cannot be a list\[int\]\. .* Literal, or a union of them\.\n")
async def list_in_path(ids: list[int]) -> Any: ...


@bad("GET /{item:int}", r"takes 'item': a value of the path cannot be a Item\.")
async def model_in_path(item: Item) -> Any: ...


@row("GET /{thing}", Ask("GET /x", 200, ["x"]))
async def unknown_class_in_path(thing: Entity) -> Any:
    return [thing]


@row(
    "GET /",
    Ask("GET /?agree=true", 200, [True]),
    Ask("GET /?agree=on", 200, [True]),
    Ask("GET /?agree=false", 422, ["query #/agree Invalid enum value False"]),
    Ask("GET /?agree=yes", 422, ["query #/agree Expected `bool`, got 'yes'"]),
)
async def one_truth(agree: Literal[True]) -> Any:
    return [agree]


async def needs_thing(thing: Entity) -> None: ...


@bad("GET /", r"takes 'x': its dependency 'needs_thing' cannot be: .*takes 'thing', which nothing gives")
async def broken_dependency(x: Annotated[None, Use(needs_thing)]) -> Any: ...


async def circle_a(b: "Annotated[int, Use(circle_b)]") -> None: ...


async def circle_b(a: Annotated[int, Use(circle_a)]) -> None: ...


@bad("GET /", r"in a circle: circle_a → circle_b → circle_a")
async def circular_dependency(x: Annotated[None, Use(circle_a)]) -> Any: ...


@bad("GET /", r"takes 'x': its dependency '.*' cannot be: A handler is a function")
async def no_function(x: Annotated[None, Use(5)]) -> Any: ...


@bad("GET /", r"declares to return .*Holder'>, which cannot be written as JSON\. Its field 'entities' holds Entity, wh")
async def unknown_in_return() -> Holder: ...  # type: ignore[empty-body]  # never called


@bad("GET /", r"declares to return <class '.*Entity'>, which cannot be written as JSON\. Declare a msgspec\.Struct")
async def unknown_return() -> Entity: ...  # type: ignore[empty-body]  # never called


@bad("GET /", r"status_code=99 of its route is no status of a response", status_code=99)
async def wrong_status() -> Any: ...


@bad("GET /", r"takes 'b' by position alone")
async def by_position(a=1, b: int = 2, /) -> Any: ...  # type: ignore[no-untyped-def]  # that is the point
