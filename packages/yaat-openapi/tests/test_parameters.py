"""What a client sends beside the content, from what resolvers declare. Signatures are in `test_signatures.py`."""

from datetime import datetime
from typing import Any, NotRequired, TypedDict

import pytest

from yaat.arguments import Input
from yaat.records import PathConverter
from yaat.routing.converters import MAX_INT, MIN_INT
from yaat_openapi.definitions import Definitions
from yaat_openapi.parameters import describe_parameters, fit_text, strip_null


def describe(*inputs: Input, **converters: PathConverter) -> list[dict[str, Any]]:
    """Return the parameters of an operation whose types nobody but this package knows."""
    schemas = Definitions([(each.type, each.make_schemas) for each in inputs])
    return describe_parameters(converters, tuple(converters), inputs, schemas, lambda value: value)


def test_constraints_are_told_where_nobody_knows_the_type() -> None:
    """A resolver of another package says them beside the type."""
    given = Input(place="query", name="q", type=object, constraints={"minLength": 2})
    assert describe(given) == [{"name": "q", "in": "query", "required": True, "schema": {"minLength": 2}}]


def test_parameter_that_several_take_is_one() -> None:
    """A handler and its dependencies may ask for the same; the first one's words stay."""
    first = Input(place="header", name="x-a", type=str, description="One")
    second = Input(place="header", name="x-a", type=int, description="Two")
    [parameter] = describe(first, second)
    assert parameter["description"] == "One"


@pytest.mark.parametrize("name", ["Authorization", "accept", "Content-Type"])
def test_headers_with_a_place_of_their_own_are_left_out(name: str) -> None:
    """A document says in another way what they hold (OpenAPI 3.1 §4.8.12.2)."""
    assert describe(Input(place="header", name=name, type=str)) == []


@pytest.mark.parametrize("is_required", [True, False])
def test_fields_of_a_model_are_required_where_it_is(is_required: bool) -> None:
    """One with a default may be left out as a whole."""

    class Range(TypedDict):
        begin: int
        end: NotRequired[int]

    described = describe(Input(place="query", name="", type=Range, is_required=is_required))
    assert [(each["name"], each.get("required", False)) for each in described] == [
        ("begin", is_required),
        ("end", False),
    ]


def test_default_that_json_cannot_hold_is_left_out() -> None:
    """The parameter may be left out all the same."""
    given = Input(place="query", name="q", type=int, is_required=False, default=object())
    schemas = Definitions([(int, None)])
    [parameter] = describe_parameters({}, (), [given], schemas, lambda value: None)
    assert "default" not in parameter["schema"]
    assert "required" not in parameter


def test_place_that_is_none_of_parameters_is_left_out() -> None:
    """What a resolver of another kind takes is told by its own package."""
    assert describe(Input(place="state", name="user", type=str)) == []


def test_path_parameter_without_more_to_say_is_as_its_converter_reads_it() -> None:
    """A dependency that takes it adds nothing."""
    converter = PathConverter(name="hex", parse=lambda text: int(text, 16), example="ff")
    given = Input(place="path", name="color", type=str)
    [parameter] = describe(given, color=converter)
    assert (parameter["schema"], parameter["example"]) == ({"type": "string"}, "ff")


def test_moment_is_told_as_one() -> None:
    """A maker of schemas need not know whether it has a time zone; whoever writes one should."""
    given = Input(place="query", name="at", type=datetime, make_schemas=lambda kinds, ref: ([{"type": "string"}], {}))
    assert describe(given)[0]["schema"] == {"type": "string", "format": "date-time"}


@pytest.mark.parametrize(
    ("schema", "fitted"),
    [
        ({"type": "integer"}, {"type": "integer", "minimum": MIN_INT, "maximum": MAX_INT}),
        ({"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 1, "maximum": MAX_INT}),
        ({"type": "integer", "exclusiveMaximum": 1}, {"type": "integer", "exclusiveMaximum": 1, "minimum": MIN_INT}),
        ({"type": "number"}, {"type": "number"}),
        ({"type": "array", "items": {"type": "number"}}, {"type": "array", "items": {"type": "number"}}),
    ],
)
def test_whole_numbers_have_so_many_digits(schema: dict[str, Any], fitted: dict[str, Any]) -> None:
    """No longer text is read as a number, so no longer one is promised."""
    assert fit_text(schema) == fitted


@pytest.mark.parametrize(
    ("schema", "stripped"),
    [
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}, {"type": "string"}),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        ),
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "title": "A"}, {"type": "string", "title": "A"}),
        ({"type": "string", "default": ""}, {"type": "string", "default": ""}),
    ],
)
def test_null_is_a_value_that_is_left_out(schema: dict[str, Any], stripped: dict[str, Any]) -> None:
    """A text has no way to write it."""
    assert strip_null(schema) == stripped
