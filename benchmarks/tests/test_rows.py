"""The rows are complete: each can be asked, of raw and of every framework."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from frameworks import NAMES
from rows import BY_NAME, DOCUMENT, ROWS

FOLDER = Path(__file__).parents[1]


def read_names(path: Path) -> set[str]:
    """Return the names a module defines, and the keys of its ``MISSING``, without importing it."""
    names: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.FunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets, value=value):
                assigned = {target.id for target in targets if isinstance(target, ast.Name)}
                names |= assigned
                if "MISSING" in assigned:
                    names |= set(ast.literal_eval(value))
    return names


@pytest.mark.parametrize("framework", NAMES)
def test_every_framework_has_an_app_or_a_reason_for_every_row(framework: str) -> None:
    """A row that is left out is left out on purpose."""
    names = read_names(FOLDER / "frameworks" / f"{framework}_app.py")
    assert set(BY_NAME) <= names


@pytest.mark.parametrize("framework", NAMES)
def test_every_framework_has_an_app_of_many_routes(framework: str) -> None:
    """Start-up is compared for all of them."""
    assert "build" in read_names(FOLDER / "scale" / f"{framework}_routes.py")


def test_the_aim_is_below_the_limit() -> None:
    """What is aimed at is better than what is allowed."""
    assert all(row.goal.aim < row.goal.at_most for row in ROWS)


def test_every_request_has_seven_header_fields() -> None:
    """Rows differ in what they ask, not in how much a browser sends along."""
    assert {len(row.headers) for row in ROWS} == {7}


def test_the_echoed_document_has_300_bytes() -> None:
    """The row says so in its title."""
    assert len(DOCUMENT) == 300
