"""Tests of what speaks against a type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import msgspec
import pytest

from yaat_typed.objection import find_objection

if TYPE_CHECKING:
    from decimal import Decimal


class Foreign:
    """A class that msgspec knows nothing of."""


class Inner(msgspec.Struct):
    value: Foreign | None
    more: list[Inner]


@dataclass
class Outer:
    name: str
    parts: dict[str, Inner]


class Renamed(msgspec.Struct, rename="camel"):
    a_value: tuple[int, Foreign]


class Loop(msgspec.Struct):
    inside: list[Loop]


class Unresolved(msgspec.Struct):
    price: Decimal


class UnresolvedDict(TypedDict):
    price: Decimal


@pytest.mark.parametrize(
    ("kind", "objection"),
    [
        (Inner, " Its field 'value' holds Foreign, which has no form in JSON."),
        (Outer, " Its field 'parts.value' holds Foreign, which has no form in JSON."),
        (Outer | None, " Its field 'parts.value' holds Foreign, which has no form in JSON."),
        (Renamed, " Its field 'aValue' holds Foreign, which has no form in JSON."),
        (list[Foreign], " It holds Foreign, which has no form in JSON."),
        (Foreign | None, " It holds Foreign, which has no form in JSON."),
    ],
    ids=str,
)
def test_what_has_no_form_in_json_is_told_with_its_place(kind: Any, objection: str) -> None:
    """The name is that of the field in JSON, and the way to it is told."""
    assert find_objection(kind) == objection


@pytest.mark.parametrize("kind", [Unresolved, UnresolvedDict, list[Unresolved]], ids=str)
def test_a_name_for_type_checkers_alone_is_told(kind: Any) -> None:
    """It says which, and what to do about it."""
    objection = find_objection(kind)
    assert "names what its module does not have: name 'Decimal' is not defined. Define or import that" in objection


@pytest.mark.parametrize("kind", [Foreign, Loop, int, list[Loop]], ids=str)
def test_where_there_is_no_objection_none_is_told(kind: Any) -> None:
    """What msgspec can read, or only does not know, it does not object to."""
    assert find_objection(kind) == ""


def test_what_msgspec_says_is_passed_on() -> None:
    """It knows best what contradicts itself."""
    assert "Can only set `ge`" in find_objection(Annotated[str, msgspec.Meta(ge=1)])
