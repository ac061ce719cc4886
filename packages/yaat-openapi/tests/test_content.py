"""What a client sends as content, from what resolvers declare. Signatures are in `test_signatures.py`."""

from collections.abc import Sequence
from typing import Any, TypedDict

from yaat.arguments import Input
from yaat_openapi.content import FILE, MULTIPART, URLENCODED, describe_content
from yaat_openapi.definitions import Definitions


class Note(TypedDict):
    text: str


def describe(*inputs: Input, form_types: Sequence[str] = ()) -> dict[str, Any]:
    """Return the content of an operation."""
    schemas = Definitions([(each.type, each.make_schemas) for each in inputs])
    return describe_content(inputs, schemas, lambda value: value, form_types)


def test_operation_without_content_has_none() -> None:
    """What is taken from other places is no content."""
    assert describe(Input(place="query", name="q", type=str)) == {}


def test_body_is_json_where_nothing_else_is_said() -> None:
    """Its words stand with it, its title and examples with the schema."""
    given = Input(place="body", name="", type=Note, description="A note", extra={"title": "Note", "deprecated": True})
    assert describe(given) == {
        "description": "A note",
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note", "title": "Note"}}},
    }


def test_body_of_several_media_types_has_each() -> None:
    """A resolver may read more than JSON."""
    given = Input(place="body", name="", type=object, media_types=("application/json", "application/cbor"))
    assert describe(given)["content"] == {"application/json": {}, "application/cbor": {}}


def test_form_is_multipart_where_the_app_reads_that() -> None:
    """Fields of several inputs are one form; a model brings all of its own."""
    inputs = [
        Input(place="form", name="n", type=int, is_required=False, default=1),
        Input(place="form", name="", type=Note),
    ]
    described = describe(*inputs, form_types=(MULTIPART, "text/plain"))
    assert list(described["content"]) == [URLENCODED, MULTIPART]
    schema = described["content"][MULTIPART]["schema"]
    assert (list(schema["properties"]), schema["required"]) == (["n", "text"], ["text"])
    assert schema["properties"]["n"]["default"] == 1


def test_fields_of_a_form_that_may_be_left_out_as_a_whole_are_not_required() -> None:
    """Its model has a default."""
    described = describe(Input(place="form", name="", type=Note, is_required=False))
    [schema] = [each["schema"] for each in described["content"].values()]
    assert (described["required"], list(schema["properties"]), "required" in schema) == (False, ["text"], False)


def test_form_with_a_file_is_multipart_alone() -> None:
    """There is no other way to send one; several are a list."""
    described = describe(
        Input(place="file", name="one", type=object, description="A picture"),
        Input(place="file", name="more", type=list[object], is_required=False),
    )
    assert described == {
        "required": True,
        "content": {
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "one": {**FILE, "description": "A picture"},
                        "more": {"type": "array", "items": FILE},
                    },
                    "required": ["one"],
                }
            }
        },
    }


def test_default_that_json_cannot_hold_is_left_out() -> None:
    """The field may be left out all the same."""
    given = Input(place="form", name="n", type=str, is_required=False, default=object())
    schemas = Definitions([(str, None)])
    described = describe_content([given], schemas, lambda value: None, ())
    assert described["content"][URLENCODED]["schema"]["properties"] == {"n": {"type": "string"}}
