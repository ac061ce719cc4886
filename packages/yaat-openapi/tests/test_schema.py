"""JSON schemas of converters and annotations."""

import sys
from datetime import date, datetime, time
from enum import Enum
from typing import Annotated, Any, Literal, TypedDict, Union
from uuid import UUID

import pytest

from yaat.records import PathConverter
from yaat.routing.built_in import BUILT_IN
from yaat_openapi.schema import describe_annotation, describe_converter, make_schemas


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Author(TypedDict):
    name: str


class Book(TypedDict, total=False):
    id: int
    authors: list[Author]


class Tree(TypedDict):
    children: "list[Tree]"


class Unresolved(TypedDict):
    thing: "Nowhere"  # type: ignore[name-defined]  # noqa: F821  # what is under test


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (str, {"type": "string"}),
        (bool, {"type": "boolean"}),
        (None, {"type": "null"}),
        (UUID, {"type": "string", "format": "uuid"}),
        (date, {"type": "string", "format": "date"}),
        (datetime, {"type": "string", "format": "date-time"}),
        (list, {"type": "array"}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (dict[str, float], {"type": "object", "additionalProperties": {"type": "number"}}),
        (dict[int, float], {}),
        (int | None, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (Union[int, "Author"], {"anyOf": [{"type": "integer"}, {}]}),  # has another origin than |
        (Literal["a", 1], {"enum": ["a", 1]}),
        (Any, {}),
        (object, {}),
        ("Nowhere", {}),
        (Literal["a"], {"enum": ["a"]}),
        (Annotated[int, "a word"], {"type": "integer"}),
        (dict[str, Any], {"type": "object"}),
        (Colour, {"title": "Colour", "enum": ["red", "blue"]}),
        (time, {"type": "string", "format": "time"}),
    ],
)
def test_annotation_is_told_as_far_as_it_is_known(annotation: Any, schema: dict[str, Any]) -> None:
    """What is not known is an empty schema, which allows anything, rather than a guess."""
    assert describe_annotation(annotation) == schema


def make(*kinds: Any) -> tuple[list[Any], dict[str, Any]]:
    """Return schemas and components."""
    return make_schemas(kinds, "#/c/{name}")


def test_typed_dictionaries_are_components() -> None:
    """Fields that may be missing are not required; models refer to each other by name."""
    schemas, components = make(list[Book], int)
    assert schemas == [{"type": "array", "items": {"$ref": "#/c/Book"}}, {"type": "integer"}]
    assert components == {
        "Book": {
            "title": "Book",
            "type": "object",
            "properties": {"id": {"type": "integer"}, "authors": {"type": "array", "items": {"$ref": "#/c/Author"}}},
        },
        "Author": {
            "title": "Author",
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
        },
    }


def test_type_that_contains_itself_refers_to_itself() -> None:
    """The component is its own child."""
    _, components = make(Tree)
    assert components["Tree"]["properties"] == {"children": {"type": "array", "items": {"$ref": "#/c/Tree"}}}


def test_typed_dictionary_with_a_name_that_nobody_knows_is_an_object() -> None:
    """An annotation that only a type checker can resolve takes the fields with it."""
    assert make(Unresolved)[1] == {"Unresolved": {"title": "Unresolved", "type": "object"}}


@pytest.mark.skipif(sys.version_info < (3, 14), reason="such a class cannot be made before Python 3.14 (PEP 649)")
def test_the_same_where_annotations_are_evaluated_late() -> None:
    """Python 3.14 makes the class, and raises when somebody asks for its annotations."""
    made: dict[str, Any] = {"TypedDict": TypedDict, "__name__": __name__}
    exec("class Late(TypedDict):\n    thing: Nowhere", made)
    assert make(made["Late"])[1] == {"Late": {"title": "Late", "type": "object"}}


def test_types_of_one_name_are_told_apart_by_their_modules() -> None:
    """Both get the longer name, so that neither hangs on the other's being there first."""

    class Other(TypedDict):
        age: int

    Other.__name__, Other.__qualname__, Other.__module__ = "Author", "inner.<locals>.Author", "shop"
    assert list(make(Author, Other)[1]) == [f"{__name__}.Author", "shop.inner.locals.Author"]


@pytest.mark.parametrize("converter", BUILT_IN, ids=lambda converter: str(converter.name))
def test_every_converter_of_the_core_has_a_schema(converter: PathConverter) -> None:
    """The schema of each is written down, so none falls back to a mere text by oversight."""
    schema = describe_converter(converter)
    assert schema["type"] in ("string", "integer", "number")
    assert schema != {"type": "string"} or converter.name == "path"


def test_limits_of_whole_numbers_are_those_that_are_read() -> None:
    """What the schema allows at its ends, the converter reads; what lies beyond, it does not."""
    [converter] = [each for each in BUILT_IN if each.name == "int"]
    schema = describe_converter(converter)
    for number in (schema["minimum"], schema["maximum"]):
        assert converter.parse(str(number)) == number
    with pytest.raises(ValueError, match=str(schema["maximum"] + 1)):
        converter.parse(str(schema["maximum"] + 1))


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [(int, {"type": "integer"}), (None, {"type": "string"}), (list, {"type": "string"})],
)
def test_converter_of_an_app_is_told_by_its_annotation(annotation: Any, schema: dict[str, Any]) -> None:
    """What it makes of the text shows where it looks the same in a URL; anything else is a text there."""
    assert describe_converter(PathConverter(name="own", parse=int, annotation=annotation)) == schema
