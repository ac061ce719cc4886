"""Records: what `dataclasses.dataclass` would make."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Mapping
from typing import Any

import pytest

from yaat.record import EMPTY, field, frozen, has_field, replace, set_field


@frozen
class Book:
    """A record with every kind of field."""

    title: str
    pages: int = 0
    notes: Mapping[str, Any] = EMPTY
    length: int = field(init=False, is_shown=False)
    shelf: str = field(default="", is_shown=False)

    def __post_init__(self) -> None:
        set_field(self, "length", len(self.title))

    @property
    def is_long(self) -> bool:
        return self.pages > 500


@frozen
class Point:
    """A record with a constructor of its own."""

    x: int
    y: int

    def __init__(self, x: int, y: int = 0) -> None:
        set_field(self, "x", x)
        set_field(self, "y", y)


@frozen
class Single:
    """A record that is equal to itself alone."""

    name: str

    __eq__ = object.__eq__
    __hash__ = object.__hash__


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """What a dataclass is with the shown fields of a book."""

    title: str
    pages: int = 0
    notes: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def test_fields_are_given_by_name() -> None:
    """What is left out has its default, and `__post_init__` comes last."""
    book = Book(title="Emma", pages=600)
    assert (book.title, book.pages, dict(book.notes), book.length, book.is_long) == ("Emma", 600, {}, 4, True)


def test_fields_are_not_given_by_position() -> None:
    """So more can join them later."""
    with pytest.raises(TypeError, match=r"Book\.__init__\(\) takes 1 positional argument but 2 were given"):
        Book("Emma")  # type: ignore[call-arg]  # that is the point


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Book needs title as well."),
        ({"title": "Emma", "size": 1}, "Book has no field 'size'; it takes title, pages, notes, shelf."),
        ({"title": "Emma", "length": 1}, "Book has no field 'length'; it takes title, pages, notes, shelf."),
        ({"size": 1}, "Book has no field 'size'; it takes title, pages, notes, shelf."),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, Any], message: str) -> None:
    """Unknown and missing fields are named."""
    with pytest.raises(TypeError) as caught:
        Book(**given)
    assert str(caught.value) == message


def test_a_record_does_not_change() -> None:
    """Nothing can be set or deleted, and nothing else be added."""
    book: Any = Book(title="Emma")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'title'"):
        book.title = "Persuasion"
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'title'"):
        del book.title
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'other'"):
        book.other = 1
    assert not hasattr(book, "__dict__")


def test_records_are_compared_by_their_fields() -> None:
    """Those of one class are equal when all fields are that are shown, and have one hash then."""
    point = Point(1, 2)
    assert (point == Point(1, 2), point == Point(1, 3), hash(point) == hash(Point(1, 2))) == (True, False, True)
    assert Book(title="Emma", shelf="A") == Book(title="Emma", shelf="B")
    assert point.__eq__((1, 2)) is NotImplemented


def test_a_record_may_compare_in_its_own_way() -> None:
    """A method of its own stays."""
    assert len({Single(name="a"), Single(name="a")}) == 2


def test_its_text_is_that_of_a_dataclass() -> None:
    """It shows each field that is to be shown."""
    book = repr(Book(title="Emma", notes={"by": "Austen"}, shelf="A"))
    assert book == repr(Twin(title="Emma", notes={"by": "Austen"})).replace("Twin", "Book")


def test_a_record_that_holds_itself_has_a_text() -> None:
    """It is shortened where it begins anew."""
    notes: dict[str, Any] = {}
    book = Book(title="Emma", notes=notes)
    notes["self"] = book
    assert repr(book) == "Book(title='Emma', pages=0, notes={'self': ...})"


@pytest.mark.parametrize("change", [replace, dataclasses.replace], ids=["own", "dataclasses"])
def test_a_changed_copy_is_made(change: Any) -> None:
    """What is not named stays, and `__post_init__` is called again."""
    book = change(Book(title="Emma", shelf="A"), title="Persuasion")
    assert (book.title, book.length, book.shelf) == ("Persuasion", 10, "A")
    assert change(Point(1, 2), y=3) == Point(1, 3)


def copy_by_pickle(book: Book) -> Any:
    return pickle.loads(pickle.dumps(book))


@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy, copy_by_pickle])
def test_records_are_copied(make: Any) -> None:
    """Copies are equal, with the fields that are not compared."""
    book = make(Book(title="Emma", notes={"a": [1]}, shelf="A"))
    assert (book, book.length, book.shelf) == (Book(title="Emma", notes={"a": [1]}), 4, "A")


def test_dataclasses_takes_a_record_for_its_own() -> None:
    """It finds the fields with their defaults, and makes mappings of records."""
    assert dataclasses.is_dataclass(Book)
    defaults = {each.name: each.default for each in dataclasses.fields(Book)}
    assert list(defaults) == ["title", "pages", "notes", "length", "shelf"]
    assert (defaults["pages"], defaults["shelf"], defaults["title"]) == (0, "", dataclasses.MISSING)
    assert dataclasses.asdict(Point(1, 2)) == {"x": 1, "y": 2}


def test_a_dataclass_may_be_made_of_a_record() -> None:
    """Its fields come after those of the record, whose constructor it does without."""

    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Novel(Book):
        genre: str

    novel = Novel(title="Emma", genre="comedy")
    assert (novel.title, novel.pages, novel.genre, novel.length) == ("Emma", 0, "comedy", 4)


def test_its_signature_is_known() -> None:
    """`inspect` and editors see what it takes."""
    assert list(inspect.signature(Book).parameters) == ["title", "pages", "notes", "shelf"]
    assert list(inspect.signature(Point).parameters) == ["x", "y"]


@pytest.mark.parametrize(
    ("value", "has_it"), [(Book(title=""), True), (Twin(title=""), True), (Point(1), False), ("a text", False)]
)
def test_whether_something_has_a_field_is_known(value: object, has_it: bool) -> None:
    """Of records and dataclasses; anything else has none."""
    assert has_field(value, "title") is has_it
