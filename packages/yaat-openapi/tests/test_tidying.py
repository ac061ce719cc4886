"""What is tidied in a document."""

from typing import Any

import pytest

from yaat_openapi.tidying import PREFIX, prune, tidy


@pytest.mark.parametrize(
    ("enum", "kind"),
    [(["a", "b"], "string"), ([1, 2], "integer"), ([True], "boolean"), ([1.5], "number")],
)
def test_what_is_enumerated_has_a_type(enum: list[Any], kind: str) -> None:
    """Pages and generators of clients would take it for anything."""
    assert tidy({"enum": enum}) == {"enum": enum, "type": kind}


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": ["a", 1]},
        {"enum": [None]},
        {"enum": []},
        {"enum": ["a"], "type": ["string", "null"]},
        {"default": {"enum": ["a"], "required": []}, "examples": [{"enum": ["a"]}], "const": {"enum": ["a"]}},
        {"anyOf": {"not": "a list"}, "properties": ["nor", "a mapping"], "additionalProperties": False},
    ],
)
def test_nothing_else_is_changed(schema: dict[str, Any]) -> None:
    """Values least of all, whatever they look like."""
    assert tidy(schema) == schema


def test_schemas_are_tidied_wherever_they_are() -> None:
    """In lists, by name, and alone."""
    part, tidied = {"enum": ["a"]}, {"enum": ["a"], "type": "string"}
    schema = {"items": part, "anyOf": [part], "properties": {"required": part}, "required": []}
    assert tidy(schema) == {"items": tidied, "anyOf": [tidied], "properties": {"required": tidied}}


def test_docstring_of_a_model_is_not_indented() -> None:
    """As `inspect.getdoc` gives it."""
    assert tidy({"description": "A book.\n\n    On paper."}) == {"description": "A book.\n\nOn paper."}


def refer(name: str) -> dict[str, str]:
    return {"$ref": PREFIX + name}


def test_components_that_nothing_leads_to_are_left_out() -> None:
    """One may be needed by another; what a plugin has put there stays, and so does what that needs."""
    schemas = {
        "Used": {"properties": {"part": refer("Part")}},
        "Part": {"items": refer("Part")},
        "Alone": {"items": refer("Circle")},
        "Circle": {"items": refer("Alone")},
        "Own": {"discriminator": {"mapping": {"cat": PREFIX + "Cat"}}},
        "Cat": {},
    }
    document = {"paths": {"/": refer("Used")}, "components": {"schemas": schemas}}
    pruned = prune(document, schemas.keys() - {"Own"})
    assert list(pruned["components"]["schemas"]) == ["Used", "Part", "Own", "Cat"]


@pytest.mark.parametrize(
    ("components", "left"),
    [({}, {}), ({"securitySchemes": {"t": {}}}, {"components": {"securitySchemes": {"t": {}}}})],
)
def test_nothing_empty_is_left(components: dict[str, Any], left: dict[str, Any]) -> None:
    """Nor is anything made where there was nothing."""
    document = {"paths": {}, "components": {"schemas": {"A": {}}, **components}}
    assert prune(document, ["A"]) == {"paths": {}, **left}
    assert prune({"paths": {}}, []) == {"paths": {}}
