"""Types that are like others, but of nothing that is the user's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, NotRequired, TypedDict, TypeVar

import attrs
import msgspec
import pytest

from yaat_typed.likeness import make_likeness

T = TypeVar("T")


@dataclass
class Chain:
    name: str
    next: "Chain | None" = None
    more: "list[Chain]" = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name += "!"


class Tree(msgspec.Struct, tag=True, rename="camel"):
    my_size: int
    parts: "list[Tree]" = []


class Stick(msgspec.Struct, tag=True, omit_defaults=True, forbid_unknown_fields=True):
    length: int = 1


class LongStick(Stick):
    secret: str = ""


class Pair(msgspec.Struct, array_like=True):
    one: int
    two: Chain | None = None


class Entry(TypedDict):
    a: int
    b: NotRequired[Chain]


class Named(NamedTuple):
    a: int
    b: Chain


class Page(msgspec.Struct, Generic[T]):
    items: list[T]
    total: int | msgspec.UnsetType = msgspec.UNSET


@dataclass(frozen=True)
class Key:
    parts: dict[int, list[int]]

    def __hash__(self) -> int:
        return 1


UserId = NewType("UserId", int)


class Holder(msgspec.Struct):
    keys: frozenset[Key]
    users: Mapping[str, Sequence[UserId]]


@attrs.define
class Frame:
    kind: Literal["x"]
    inner: Chain


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (int, 1, b"1"),
        (Chain, Chain("a", Chain("b")), b'{"name":"a!","next":{"name":"b!","next":null,"more":[]},"more":[]}'),
        (
            list[Tree | Stick],
            [Tree(1, [Tree(2)])],
            b'[{"type":"Tree","mySize":1,"parts":[{"type":"Tree","mySize":2,"parts":[]}]}]',
        ),
        (list[Tree | Stick], [Stick(), Stick(2)], b'[{"type":"Stick"},{"type":"Stick","length":2}]'),
        (dict[str, Pair], {"a": Pair(1)}, b'{"a":[1,null]}'),
        (Entry, {"a": 1, "c": 2}, b'{"a":1}'),
        (Entry, {"a": 1, "b": Chain("a")}, b'{"a":1,"b":{"name":"a!","next":null,"more":[]}}'),
        (tuple[Named, ...], (Named(1, Chain("a")),), b'[[1,{"name":"a!","next":null,"more":[]}]]'),
        (Page[Entry], Page([{"a": 1, "x": 2}]), b'{"items":[{"a":1}]}'),
        (Annotated[Page[int] | None, "x"], Page([1], 2), b'{"items":[1],"total":2}'),
        (set[Key], {Key({1: [1]})}, b'[{"parts":{"1":[1]}}]'),
        (Holder, Holder(frozenset([Key({})]), {"a": [UserId(1)]}), b'{"keys":[{"parts":{}}],"users":{"a":[1]}}'),
        (Frame, Frame("x", Chain("a")), b'{"kind":"x","inner":{"name":"a!","next":null,"more":[]}}'),
    ],
    ids=str,
)
def test_values_have_the_same_form(kind: Any, value: Any, text: bytes) -> None:
    """What is declared is written, what is left out is so too, and nothing of the classes is called."""
    made = msgspec.convert(msgspec.to_builtins(value), make_likeness(kind), str_keys=True)
    assert msgspec.json.encode(made) == text


def test_what_is_not_declared_is_left_out() -> None:
    """Though the class would refuse it."""
    assert msgspec.convert({"type": "Stick", "secret": "x"}, make_likeness(Stick)) is not None


def test_values_are_held_against_the_types() -> None:
    """The place of a mistake is that in the value."""
    with pytest.raises(msgspec.ValidationError, match=r"Expected `int`, got `str` - at `\$\[0\]\.parts\[0\]\.mySize`"):
        msgspec.convert(
            [{"type": "Tree", "mySize": 1, "parts": [{"type": "Tree", "mySize": "x"}]}], make_likeness(list[Tree])
        )
