"""The schemas of a document."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, TypedDict

from yaat_openapi.definitions import Definitions, Wishes, rename


class Book(TypedDict):
    id: int


class Shelf(TypedDict):
    books: list[Book]


def make_others(kinds: Sequence[Any], ref_template: str) -> tuple[list[Any], dict[str, Any]]:
    """Stands for what another package tells of types: that all are its own book."""
    part = {"title": "Book", "enum": [ref_template.format(name="Book")]}
    return [{"$ref": ref_template.format(name="Book")} for _ in kinds], {"Book": part, "A b[c]": {"title": "A"}}


def test_types_without_a_maker_are_told_as_the_others_are() -> None:
    """Where a package knows types, it is asked for those too that only the app names."""
    definitions = Definitions([(Book, make_others), (Shelf, None)])
    assert definitions.find(Shelf) == definitions.find(Book, make_others)


def test_types_without_any_maker_are_told_by_what_is_built_in() -> None:
    """The components are sorted by name, so they do not hang on the order of routes."""
    definitions = Definitions([(Shelf, None), (int, None)])
    assert definitions.find(Shelf) == {"$ref": "#/components/schemas/Shelf"}
    assert list(definitions.components) == ["Book", "Shelf"]
    assert definitions.collisions == {}


def test_type_is_known_however_it_comes() -> None:
    """The same type may be another object when it is asked for again, and what makes its schema a method."""
    maker = Maker()
    definitions = Definitions([(list[int], maker.make), (Annotated[int, ["no hash"]], maker.make)])
    assert definitions.find(list[int], maker.make) == {"title": "list[int]"}
    assert definitions.find(Annotated[int, ["no hash"]], maker.make)["title"].startswith("typing.Annotated[int")


class Maker:
    """Stands for a plugin that tells of types."""

    def make(self, kinds: Sequence[Any], ref_template: str) -> tuple[list[Any], dict[str, Any]]:
        return [{"title": str(kind)} for kind in kinds], {}


def test_schema_is_a_new_one_each_time() -> None:
    """What is changed in one place does not show in another."""
    definitions = Definitions([(int, None)])
    definitions.find(int)["minimum"] = 1
    assert definitions.find(int) == {"type": "integer"}


def test_name_that_is_taken_gets_a_number_and_is_reported() -> None:
    """What two packages call the same is not the same; references follow."""
    definitions = Definitions([(Shelf, make_own), (Book, make_others)])
    assert definitions.find(Book, make_others) == {"$ref": "#/components/schemas/Book_2"}
    assert definitions.components["Book"]["properties"] == {"id": {"type": "integer"}}
    assert definitions.collisions == {"Book": ["Book", "Book_2"]}


def make_own(kinds: Sequence[Any], ref_template: str) -> tuple[list[Any], dict[str, Any]]:
    """Tells of one book, in a shelf."""
    book = {"title": "Book", "properties": {"id": {"type": "integer"}}}
    return [{"items": {"$ref": ref_template.format(name="Book")}} for _ in kinds], {"Book": book}


def test_same_component_twice_is_one() -> None:
    """Two that tell the same of one name agree."""
    definitions = Definitions([(Shelf, make_own), (Book, partial(make_own))])
    assert list(definitions.components) == ["Book"]


def test_name_is_one_that_a_component_may_have() -> None:
    """Other characters than letters, digits, dots, hyphens and underscores are replaced (OpenAPI 3.1 §4.8.7.1)."""
    assert "A_b_c_" in Definitions([(Book, make_others)]).components


def test_titles_that_somebody_has_chosen_do_not_collide() -> None:
    """What counts is what types are called."""

    def make(kinds: Sequence[Any], ref_template: str) -> tuple[list[Any], dict[str, Any]]:
        return [{} for _ in kinds], {"A": {"title": "Item"}, "B": {"title": "Item"}}

    assert Definitions([(Book, make)]).collisions == {}


def test_reference_is_opened() -> None:
    """What is no reference, or refers to something else, stays as it is."""
    definitions = Definitions([(Book, None)])
    assert definitions.open({"$ref": "#/components/schemas/Book"})["title"] == "Book"
    assert definitions.open({"type": "string"}) == {"type": "string"}
    assert Wishes().open({"type": "string"}) == {"type": "string"}


def test_revised_schema_may_bring_components() -> None:
    """A plugin gives a schema that is whole in itself; its parts become components, and references follow."""

    def revise(kind: Any, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        if kind is Shelf:
            part = {"$ref": "#/$defs/Inner"}
            return {"items": part, "$defs": {"Inner": {"type": "string"}, "Outer": {"anyOf": [part, part]}}}
        return {**schema, "x-name": name} if name else schema

    definitions = Definitions([(Shelf, None)], revise)
    inner = {"$ref": "#/components/schemas/Inner"}
    assert definitions.find(Shelf) == {"items": inner}
    assert definitions.components["Outer"] == {"anyOf": [inner, inner], "x-name": "Outer"}


def test_new_names_reach_every_reference() -> None:
    """Also those in lists, and no text that only looks like one."""
    schema = {"anyOf": [{"$ref": "#/components/schemas/A"}], "const": "#/components/schemas/A"}
    assert rename(schema, {"A": "B"}) == {
        "anyOf": [{"$ref": "#/components/schemas/B"}],
        "const": "#/components/schemas/A",
    }
