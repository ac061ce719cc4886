"""JSON schemas of what handlers declare."""

from typing import Annotated

import msgspec

from yaat_typed.schema import make_schemas


class Item(msgspec.Struct):
    name: str


class Thing: ...


def test_types_have_schemas_and_components() -> None:
    """Named types are components; what nobody knows may be anything."""
    schemas, components = make_schemas([list[Item], Thing, Annotated[int, msgspec.Meta(ge=1)]])
    assert schemas == [
        {"type": "array", "items": {"$ref": "#/components/schemas/Item"}},
        {},
        {"type": "integer", "minimum": 1},
    ]
    assert list(components) == ["Item"]
