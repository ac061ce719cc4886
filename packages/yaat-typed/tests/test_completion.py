"""Dataclasses that msgspec has made."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

import msgspec
import pytest

from yaat_typed.completion import complete, find_completer


@dataclass
class Point:
    x: int
    y: int = 0


@dataclass
class Plain:
    x: int


@dataclass(slots=True)
class Slotted:
    x: int
    y: int = 0
    more: list[Point] = field(default_factory=list)


@dataclass
class Chain:
    name: str
    next: "Chain | None"


class Team(msgspec.Struct):
    lead: Point
    since: date | None = None


@pytest.mark.parametrize(
    ("kind", "is_completed"),
    [
        (int, False),
        (list[int], False),
        (Plain, False),
        (Chain, False),
        (Point, True),
        (list[Point], True),
        (dict[str, Point | None], True),
        (Annotated[Point, "x"], True),
        (Team, True),
        (Slotted, True),
    ],
    ids=str,
)
def test_types_without_defaults_need_no_look(kind: Any, is_completed: bool) -> None:
    """Only what may hold a dataclass with defaults is looked through."""
    assert (find_completer(kind) is not None) is is_completed


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        (b'{"x": 1}', Point, b'{"x":1,"y":0}'),
        (b'[{"x": 1}, {"x": 1, "y": 2}]', list[Point], b'[{"x":1,"y":0},{"x":1,"y":2}]'),
        (b'{"a": {"x": 1}}', dict[str, Point], b'{"a":{"x":1,"y":0}}'),
        (b'{"lead": {"x": 1}, "since": "2026-01-02"}', Team, b'{"lead":{"x":1,"y":0},"since":"2026-01-02"}'),
        (b'{"x": 1, "more": [{"x": 2}]}', Slotted, b'{"x":1,"y":0,"more":[{"x":2,"y":0}]}'),
        (b'{"name": "a", "next": {"name": "b", "next": null}}', Chain, b'{"name":"a","next":{"name":"b","next":null}}'),
    ],
    ids=["a dataclass", "a list", "a dict", "a struct", "with slots", "a chain"],
)
def test_every_field_is_there(content: bytes, kind: Any, text: bytes) -> None:
    """Whoever writes such a value finds the defaults too."""
    assert msgspec.json.encode(complete(msgspec.json.decode(content, type=kind))) == text
