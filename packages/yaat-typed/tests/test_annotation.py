"""What annotations mean."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Generic, NotRequired, Optional, TypedDict, TypeVar

import msgspec
import pytest

from yaat.exceptions import HandlerError
from yaat_typed import Query, Use
from yaat_typed.annotation import (
    describe_type,
    holds,
    is_content,
    is_text,
    list_fields,
    read_annotation,
    strip_none,
)

T = TypeVar("T")
EMPTY = inspect.Parameter.empty


class Item(msgspec.Struct, rename="camel"):
    first_name: str
    price: Decimal | None = None


@dataclass
class Box(Generic[T]):
    inside: T
    more: "list[Box[T]] | None" = None


class Options(TypedDict):
    a: NotRequired[int]


class Foreign: ...


def read(annotation: Any, default: Any = EMPTY) -> Any:
    return read_annotation(
        inspect.Parameter("x", inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
    )


def test_a_marker_is_taken_off_and_its_constraints_stay() -> None:
    """They stand where msgspec wants them."""
    assert read(int).marker is None
    found = read(Annotated[int | None, Query(ge=1), "other"])
    assert (found.marker.ge, found.is_optional) == (1, True)
    assert found.type == Annotated[int, "other", msgspec.Meta(ge=1)] | None


@pytest.mark.parametrize("kind", [int, "Unknown"], ids=str)
def test_a_marker_may_stand_inside_a_union_with_none(kind: Any) -> None:
    """It means the same there; its examples may be lists."""
    found = read(Optional[Annotated[kind, Query(examples=[[1]])]])  # noqa: UP045 - it is made of texts too
    assert found.marker.examples == [[1]]
    assert found.is_optional


@pytest.mark.parametrize(
    ("annotation", "default", "message"),
    [
        (int, Use(len), r"its default is Use"),
        (Annotated[int, Query(), Use(len)], EMPTY, "two markers, Query and Use"),
        (Annotated[int, Query(min_length=-1)], EMPTY, "contradicts itself"),
        (Annotated[int, Use], EMPTY, r"Write: Use\(\)"),
    ],
    ids=["default", "two", "contradiction", "class"],
)
def test_markers_that_cannot_be_are_refused(annotation: Any, default: Any, message: str) -> None:
    """With what to write."""
    with pytest.raises(HandlerError, match=message):
        read(annotation, default)


@pytest.mark.parametrize(
    "kind", [Foreign, list[Foreign], dict[str, Foreign | None], "text", 5, Callable[..., Any]], ids=str
)
def test_what_msgspec_does_not_know_is_not_described(kind: Any) -> None:
    """At any depth."""
    assert describe_type(kind) is None


@pytest.mark.parametrize(
    ("kind", "texts", "content"),
    [
        (int, True, False),
        (int | None, True, False),
        (Annotated[str, msgspec.Meta(title="T")], True, False),
        (list[int], False, False),
        (list[Item], False, True),
        (Item | None, False, True),
        (dict[str, int], False, True),
        (Any, False, False),
    ],
    ids=str,
)
def test_types_are_texts_or_content(kind: Any, texts: bool, content: bool) -> None:
    """Or collections of texts, or anything at all."""
    seen = describe_type(kind)
    assert (is_text(seen), is_content(seen)) == (texts, content)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Item, {"firstName": str, "price": Decimal | None}),
        (Options, {"a": int}),
        (Box[int], {"inside": int, "more": list[Box[int]] | None}),
        (int, {}),
        (list[Item], {}),
        (int | None, {}),
    ],
    ids=str,
)
def test_fields_are_listed_as_json_has_them(kind: Any, fields: Any) -> None:
    """With their types; type variables are what they were chosen to be."""
    assert list_fields(kind) == fields


@pytest.mark.parametrize(
    ("kind", "is_found"),
    [(Item, True), (list[Item], True), (Box[Decimal], True), (Box[int], False), (str, False)],
    ids=str,
)
def test_a_type_is_found_inside_another(kind: Any, is_found: bool) -> None:
    """At any depth, in types that hold themselves too."""
    assert holds(kind, (Decimal,)) is is_found


def test_none_is_taken_out_of_a_type() -> None:
    """What is said of the type stays."""
    assert strip_none(int | None) is int
    assert strip_none(int) is int
    assert strip_none(Annotated[int | None, "x"]) == Annotated[int, "x"]
