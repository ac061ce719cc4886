"""Signatures, and what stands in the document: a table, one row after the other.

A row is a handler with its route, and what is told of it: parameters by place and name (with `?` for one that may be
left out), content and responses by media type and status, each with its schema. What values are taken and refused is
in the tests of yaat-typed, which reads the same signatures.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, NotRequired, TypedDict
from uuid import UUID

import msgspec
import pytest
from openapi_spec_validator import validate

from yaat import Request, Response, Yaat
from yaat.responses import HTMLResponse, JSONResponse, RedirectResponse, TextResponse
from yaat_forms import FormsPlugin, UploadFile
from yaat_openapi import OpenAPI
from yaat_typed import Body, Cookie, File, Form, Header, Path, Query, TypedPlugin, Use

Handler = Callable[..., Any]
Table = Mapping[str, Any]

LARGEST = 2**63 - 1
INT = {"type": "integer", "minimum": -LARGEST - 1, "maximum": LARGEST}
TEXT = {"type": "string"}
SEGMENT = {"type": "string", "minLength": 1}
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
FILE = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}


@dataclass(frozen=True)
class Row:
    """One signature, with what is told of it; what is not named is not looked at."""

    handler: Handler
    route: str
    parameters: Table | None
    content: Table | None
    responses: Table | None
    options: dict[str, Any] = field(default_factory=dict)


ROWS: list[Row] = []


def row(
    route: str,
    parameters: Table | None = None,
    *,
    content: Table | None = None,
    responses: Table | None = None,
    **options: Any,
) -> Callable[[Handler], Handler]:
    """Add a handler to the table."""

    def add(handler: Handler) -> Handler:
        ROWS.append(Row(handler, route, parameters, content, responses, options))
        return handler

    return add


def read_operation(entry: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the operation of a row, and the document."""
    app = Yaat(autoload=False, plugins=[OpenAPI(), TypedPlugin(), FormsPlugin()])
    method, _, path = entry.route.partition(" ")
    app.add_route(path, entry.handler, methods=[method], **entry.options)
    app.build()
    document = app.extensions["openapi"].document
    validate(document)
    [item] = document["paths"].values()
    return item[method.lower()], document


def read_parameters(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas of the parameters, by place and name."""
    return {
        f"{each['in']} {each['name']}{'' if each.get('required') else '?'}": each["schema"]
        for each in operation.get("parameters", ())
    }


def read_content(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return schemas by media type."""
    return {media_type: each.get("schema") for media_type, each in described.get("content", {}).items()}


@pytest.mark.parametrize("entry", ROWS, ids=lambda entry: str(entry.handler.__name__))
def test_a_signature_is_what_the_document_says(entry: Row) -> None:
    """What a handler takes and gives stands in the document, and nothing that it does not."""
    operation, _ = read_operation(entry)
    if entry.parameters is not None:
        assert read_parameters(operation) == entry.parameters
    if entry.content is not None:
        assert read_content(operation.get("requestBody", {})) == entry.content
    if entry.responses is not None:
        told = {status: read_content(each) for status, each in operation["responses"].items()}
        assert {status: told[status] for status in told if status not in ERRORS} == entry.responses


#: What is described in rows of its own.
ERRORS = ("400", "404", "413", "415", "422")


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_the_table_is_long() -> None:
    """With the bad signatures of yaat-typed, of which the message counts and no document, it is sixty and more."""
    assert len(ROWS) >= 60


# --- the path ---


@row("GET /{name}", {"path name": SEGMENT})
async def path_text(request: Request, name: str) -> Any: ...


@row("GET /{name}", {"path name": SEGMENT})
async def path_without_annotation(request, name): ...  # type: ignore[no-untyped-def]


@row("GET /{number}", {"path number": INT})
async def path_number(number: int) -> Any: ...


@row("GET /{number:int}", {"path number": INT})
async def path_number_by_converter(number: int) -> Any: ...


@row("GET /{number:int}", {"path number": {"type": "integer", "minimum": 1, "maximum": 9}})
async def path_number_between(number: Annotated[int, Path(ge=1, le=9)]) -> Any: ...


@row("GET /{number:int}", {"path number": {**INT, "exclusiveMinimum": 0}})
async def path_number_above(number: Annotated[int, Path(gt=0)]) -> Any: ...


@row("GET /{factor}", {"path factor": {"type": "number"}})
async def path_float(factor: float) -> Any: ...


@row("GET /{key}", {"path key": {"type": "string", "format": "uuid"}})
async def path_uuid(key: UUID) -> Any: ...


@row("GET /{day}", {"path day": {"type": "string", "format": "date"}})
async def path_date(day: date) -> Any: ...


@row("GET /{rest:path}", {"path rest": TEXT})
async def path_rest(rest: str) -> Any: ...


@row("GET /{shelf}/{number}", {"path shelf": SEGMENT, "path number": INT})
async def path_two(number: int, shelf: str) -> Any: ...


@row("GET /{word}", {"path word": {"type": "string", "minLength": 1, "pattern": "^[a-z]+$"}})
async def path_pattern(word: Annotated[str, Path(pattern="^[a-z]+$")]) -> Any: ...


# --- the query ---


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Search(msgspec.Struct):
    word: Annotated[str, msgspec.Meta(min_length=1, description="To look for")]
    limit: int = 10
    colours: list[Colour] = []
    since: date | None = None


@row("GET /", {"query q": TEXT})
async def query_text(q: str) -> Any: ...


@row("GET /", {"query q?": {"type": "string", "default": "sea"}})
async def query_default(q: str = "sea") -> Any: ...


@row("GET /", {"query q?": TEXT})
async def query_none(q: str | None = None) -> Any: ...


@row("GET /", {"query q?": TEXT})
async def query_optional(q: str | None) -> Any: ...


@row("GET /", {"query n": INT})
async def query_number(n: int) -> Any: ...


@row("GET /", {"query n?": {**INT, "default": 3}})
async def query_number_default(n: int = 3) -> Any: ...


@row("GET /", {"query n": {"type": "integer", "minimum": 1, "maximum": 9}})
async def query_number_between(n: Annotated[int, Query(ge=1, le=9)]) -> Any: ...


@row("GET /", {"query n?": {"type": "integer", "minimum": 1, "maximum": LARGEST, "multipleOf": 5, "default": 5}})
async def query_multiple(n: Annotated[int, Query(ge=1, multiple_of=5)] = 5) -> Any: ...


@row("GET /", {"query x": {"type": "number"}})
async def query_float(x: float) -> Any: ...


@row("GET /", {"query flag?": {"type": "boolean", "default": False}})
async def query_flag(flag: bool = False) -> Any: ...


@row("GET /", {"query day?": {"type": "string", "format": "date"}})
async def query_date(day: date | None = None) -> Any: ...


@row("GET /", {"query at": {"type": "string", "format": "date-time"}})
async def query_moment(at: datetime) -> Any: ...


@row("GET /", {"query at?": {"type": "string", "format": "date-time"}})
async def query_moment_or_none(at: datetime | None = None) -> Any: ...


@row("GET /", {"query at": {"type": "string", "format": "time"}})
async def query_time(at: time) -> Any: ...


@row("GET /", {"query day?": {"type": "string", "format": "date", "default": "2020-02-29"}})
async def query_date_default(day: date = date(2020, 2, 29)) -> Any: ...


@row("GET /", {"query colour": ref("Colour")})
async def query_enum(colour: Colour) -> Any: ...


@row("GET /", {"query colour?": {**ref("Colour"), "default": "red"}})
async def query_enum_default(colour: Colour = Colour.RED) -> Any: ...


@row("GET /", {"query size": {"type": "string", "enum": ["large", "small"]}})
async def query_literal(size: Literal["small", "large"]) -> Any: ...


@row("GET /", {"query q": {"type": "array", "items": TEXT}})
async def query_list(q: list[str]) -> Any: ...


@row("GET /", {"query n": {"type": "array", "items": INT, "maxItems": 3}})
async def query_numbers(n: Annotated[list[int], Query(max_length=3)]) -> Any: ...


@row("GET /", {"query tag?": {"type": "array", "items": TEXT}})
async def query_set(tag: set[str] | None = None) -> Any: ...


@row("GET /", {"query max-count": INT})
async def query_other_name(count: Annotated[int, Query("max-count")]) -> Any: ...


@row("GET /", {"query n": {"anyOf": [{"type": "integer"}, {"type": "string"}]}})
async def query_union(n: int | str) -> Any: ...


@row(
    "GET /",
    {
        "query word": {"type": "string", "minLength": 1},
        "query limit?": {**INT, "default": 10},
        "query colours?": {"type": "array", "items": ref("Colour"), "default": []},
        "query since?": {"type": "string", "format": "date"},
    },
)
async def query_model(search: Annotated[Search, Query()]) -> Any: ...


@row("GET /", {"query q": {"type": "string", "title": "Word", "examples": ["sea"]}})
async def query_told(q: Annotated[str, Query(title="Word", examples=["sea"])]) -> Any: ...


# --- headers and cookies ---


@row("GET /", {"header x-token": TEXT})
async def header_text(x_token: Annotated[str, Header()]) -> Any: ...


@row("GET /", {"header x-count?": {**INT, "default": 1}})
async def header_number(count: Annotated[int, Header("X-Count")] = 1) -> Any: ...


@row("GET /", {})
async def header_of_its_own(authorization: Annotated[str | None, Header()] = None) -> Any: ...


@row("GET /", {"cookie session?": TEXT})
async def cookie_text(session: Annotated[str | None, Cookie()] = None) -> Any: ...


@row("GET /{n}", {"path n": INT, "query q": TEXT, "header x-a?": TEXT, "cookie c?": {"type": "string", "default": ""}})
async def all_places(
    n: int, q: str, x_a: Annotated[str | None, Header()] = None, c: Annotated[str, Cookie()] = ""
) -> Any: ...


# --- dependencies ---


def find_page(page: Annotated[int, Query(ge=1)] = 1) -> int:
    return page


def find_user(x_token: Annotated[str, Header()], page: Annotated[int, Use(find_page)]) -> str:
    return x_token


def find_number(number: int) -> int:
    return number


@row(
    "GET /",
    {"header x-token": TEXT, "query page?": {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": 1}},
)
async def dependency_of_a_dependency(
    user: Annotated[str, Use(find_user)], page: Annotated[int, Use(find_page)]
) -> Any: ...


@row("GET /{number:int}", {"path number": INT})
async def dependency_on_the_path(found: Annotated[int, Use(find_number)]) -> Any: ...


@row("GET /", {})
async def request_alone(request: Request) -> Any: ...


# --- content ---


class NewBook(msgspec.Struct):
    title: str


class Book(NewBook):
    id: int
    author: "Author | None" = None


class Author(msgspec.Struct):
    name: str


class Note(TypedDict):
    text: str
    stars: NotRequired[int]


@row("POST /", {}, content={"application/json": ref("NewBook")})
async def content_struct(book: NewBook) -> Any: ...


@row("POST /", {}, content={"application/json": ref("Note")})
async def content_typed_dict(note: Note) -> Any: ...


@row("POST /", content={"application/json": {"type": "array", "items": ref("NewBook")}})
async def content_list(books: list[NewBook]) -> Any: ...


@row("POST /", content={"application/json": {"anyOf": [ref("NewBook"), {"type": "null"}]}})
async def content_or_none(book: NewBook | None = None) -> Any: ...


@row("POST /", content={"application/json": {"type": "array", "items": {"type": "integer"}}})
async def content_marked(numbers: Annotated[list[int], Body()]) -> Any: ...


@row("POST /", content={"application/octet-stream": None})
async def content_bytes(data: Annotated[bytes, Body()]) -> Any: ...


@row(
    "PUT /{n}",
    {"path n": INT, "query dry?": {"type": "boolean", "default": False}},
    content={"application/json": ref("NewBook")},
)
async def content_and_others(n: int, book: NewBook, dry: bool = False) -> Any: ...


# --- forms ---

NAME_FORM = {"type": "object", "properties": {"name": TEXT}, "required": ["name"]}
FILE_FORM = {"type": "object", "properties": {"file": FILE}, "required": ["file"]}


@row("POST /", content={URLENCODED: NAME_FORM, MULTIPART: NAME_FORM})
async def form_field(name: Annotated[str, Form()]) -> Any: ...


COUNT_FORM = {"type": "object", "properties": {"n": {**INT, "default": 1, "description": "How many"}}}
TITLE_FORM = {"type": "object", "properties": {"title": TEXT}, "required": ["title"]}


@row("POST /", content={URLENCODED: COUNT_FORM, MULTIPART: COUNT_FORM})
async def form_default(n: Annotated[int, Form(description="How many")] = 1) -> Any: ...


@row("POST /", content={URLENCODED: TITLE_FORM, MULTIPART: TITLE_FORM})
async def form_model(book: Annotated[NewBook, Form()]) -> Any: ...


@row("POST /", content={MULTIPART: FILE_FORM})
async def form_file(file: UploadFile) -> Any: ...


@row(
    "POST /",
    content={
        MULTIPART: {
            "type": "object",
            "properties": {"name": TEXT, "files": {"type": "array", "items": FILE}},
            "required": ["name"],
        }
    },
)
async def form_files(name: Annotated[str, Form()], files: Annotated[list[UploadFile] | None, File()] = None) -> Any: ...


# --- what is returned ---

JSON = "application/json"
PROBLEM = {"application/problem+json": ref("Problem")}


@row("GET /", responses={"default": {}})
async def returns_anything(request: Request) -> Any: ...


@row("GET /", responses={"default": {}})
async def returns_unknown(request):  # type: ignore[no-untyped-def]
    ...


@row("GET /", responses={"204": {}})
async def returns_nothing(request: Request) -> None: ...


@row("POST /", responses={"202": {}}, status_code=202)
async def returns_nothing_with_status(request: Request) -> None: ...


@row("GET /", responses={"200": {"text/plain": TEXT}})
async def returns_text(request: Request) -> str: ...  # type: ignore[empty-body]


@row("POST /", responses={"201": {"text/plain": TEXT}}, status_code=201)
async def returns_text_with_status(request: Request) -> str: ...  # type: ignore[empty-body]


@row("POST /", responses={"201": {"application/octet-stream": None}}, status_code=201)
async def returns_bytes_with_status(request: Request) -> bytes: ...  # type: ignore[empty-body]


@row("POST /", responses={"201": {"*/*": None}}, status_code=201)
async def returns_anything_with_status(request: Request) -> Any: ...


@row("GET /", responses={"200": {"application/octet-stream": None}})
async def returns_bytes(request: Request) -> bytes: ...  # type: ignore[empty-body]


@row("GET /", responses={"200": {JSON: ref("Book")}})
async def returns_struct(request: Request) -> Book: ...  # type: ignore[empty-body]


@row("POST /", responses={"201": {JSON: ref("Book")}}, status_code=201)
async def returns_struct_with_status(request: Request) -> Book: ...  # type: ignore[empty-body]


@row("GET /", responses={"200": {JSON: {"type": "array", "items": ref("Book")}}})
async def returns_list(request: Request) -> list[Book]: ...  # type: ignore[empty-body]


@row("GET /", responses={"200": {JSON: ref("Note")}})
async def returns_typed_dict(request: Request) -> Note: ...  # type: ignore[empty-body]


@row("GET /", responses={"200": {JSON: {"anyOf": [ref("Book"), {"type": "null"}]}}})
async def returns_struct_or_none(request: Request) -> Book | None: ...


@row("GET /", responses={"200": {JSON: ref("Book")}, "default": {"text/plain": None, **PROBLEM}})
async def returns_struct_or_response(request: Request) -> Book | TextResponse: ...  # type: ignore[empty-body]


@row("GET /", responses={"200": {JSON: ref("Book")}, "202": {JSON: ref("Book")}})
async def returns_struct_and_known_status(request: Request) -> tuple[Book, Literal[200, 202]]: ...  # type: ignore[empty-body]


@row("GET /", responses={"default": {JSON: ref("Book"), **PROBLEM}})
async def returns_struct_and_status(request: Request) -> tuple[Book, int]: ...  # type: ignore[empty-body]


@row("GET /", responses={"default": {"text/html": None, **PROBLEM}})
async def returns_page(request: Request) -> HTMLResponse: ...  # type: ignore[empty-body]


@row("GET /", responses={"default": {JSON: None, **PROBLEM}})
async def returns_json_response(request: Request) -> JSONResponse: ...  # type: ignore[empty-body]


@row("GET /", responses={"default": {}})
async def returns_response(request: Request) -> Response: ...  # type: ignore[empty-body]


@row("GET /", responses={"3XX": {}})
async def returns_redirect(request: Request) -> RedirectResponse: ...  # type: ignore[empty-body]


# --- errors, which follow from the rest ---


@pytest.mark.parametrize(
    ("handler", "route", "errors"),
    [
        (request_alone, "GET /", []),
        (path_text, "GET /{name}", []),
        (path_rest, "GET /{rest:path}", []),
        (path_number_by_converter, "GET /{number:int}", ["404"]),
        (path_number, "GET /{number}", ["404"]),
        (query_text, "GET /", ["422"]),
        (content_struct, "POST /", ["400", "413", "415", "422"]),
        (content_bytes, "POST /", ["413"]),
        (form_field, "POST /", ["400", "413", "415", "422"]),
        (dependency_of_a_dependency, "GET /", ["422"]),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_errors_follow_from_what_is_taken(handler: Handler, route: str, errors: list[str]) -> None:
    """What can be wrong with a request is told, as a problem document."""
    operation, _ = read_operation(Row(handler, route, None, None, None))
    told = {status: read_content(each) for status, each in operation["responses"].items() if status in ERRORS}
    assert told == dict.fromkeys(errors, PROBLEM)


@pytest.mark.parametrize(
    ("handler", "is_required"),
    [
        (content_struct, True),
        (content_or_none, False),
        (content_bytes, False),
        (form_field, True),
        (form_default, False),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_content_is_required_where_it_must_be_there(handler: Handler, is_required: bool) -> None:
    """What has a default may be left out; bytes may be none."""
    operation, _ = read_operation(Row(handler, "POST /", None, None, None))
    assert operation["requestBody"]["required"] is is_required


def test_models_are_components() -> None:
    """A model stands in the document once, however often it is used, and so do those in it."""
    _, document = read_operation(Row(returns_struct, "GET /", None, None, None))
    assert list(document["components"]["schemas"]) == ["Author", "Book"]


def test_field_of_a_model_is_described() -> None:
    """What the model says of a field stands with the parameter."""
    operation, _ = read_operation(Row(query_model, "GET /", None, None, None))
    assert operation["parameters"][0]["description"] == "To look for"


async def told(q: Annotated[str, Query(description="What to look for", deprecated=True)]) -> Any: ...


def test_parameter_says_what_its_marker_says() -> None:
    """Description and deprecation stand with the parameter, and not in its schema too."""
    operation, _ = read_operation(Row(told, "GET /", None, None, None))
    assert operation["parameters"] == [
        {
            "name": "q",
            "in": "query",
            "required": True,
            "deprecated": True,
            "description": "What to look for",
            "schema": {"type": "string"},
        }
    ]
