"""The page of advisories says what is true: its tests exist, and each test that was written for it is on it."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "explanation" / "advisories.md"
BASE = "https://github.com/yaat-project/yaat/blob/main/"
LINK = re.compile(r"\[`(\w+)`\]\(([^)\s]+)\)")
ADVISORY = re.compile(r"[A-Za-z][\w -]* (CVE-[0-9]{4}-[0-9]{4,}|GHSA(?:-[0-9a-z]{4}){3})(?: \([\w, ]+\))?")


class Row(NamedTuple):
    """One row of a table."""

    advisories: str
    was: str
    does: str
    tests: str


def list_rows() -> list[Row]:
    """Return the rows of all tables."""
    lines = [line.strip("| ").split(" | ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [Row(*cells) for cells in lines if cells[0] != "advisory"]


ROWS = list_rows()
each_row = pytest.mark.parametrize("row", ROWS, ids=[row.advisories for row in ROWS])


@cache
def list_tests(path: Path) -> frozenset[str]:
    """Return the names of the tests in a file; none if there is no such file."""
    body = ast.parse(path.read_text("utf-8")).body if path.is_file() else []
    functions = [node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return frozenset(function.name for function in functions if function.name.startswith("test_"))


@each_row
def test_what_yaat_does_is_shown_by_tests_that_exist(row: Row) -> None:
    """Whoever renames or removes a test says on the page what shows the same now."""
    links = LINK.findall(row.tests)
    assert ", ".join(f"[`{name}`]({url})" for name, url in links) == row.tests
    assert [name for name, url in links if name not in list_tests(ROOT / url.removeprefix(BASE))] == []


@each_row
def test_advisory_has_its_number(row: Row) -> None:
    """It can be looked up by whoever wants to know more, and it is told what it was."""
    names = re.split(r", (?![^(]*\))", row.advisories)
    assert [name for name in names if not ADVISORY.fullmatch(name)] == []
    assert row.was.endswith(".")
    assert row.does.endswith(".")


def test_each_advisory_is_there_once() -> None:
    """What is there twice would have two answers."""
    numbers = ADVISORY.findall("\n".join(", ".join(row.advisories for row in ROWS).split(", ")))
    assert len(numbers) >= len(ROWS)
    assert sorted(numbers) == sorted(set(numbers))


def test_each_test_for_an_advisory_is_on_the_page() -> None:
    """What was written for an advisory can be found by it."""
    here = {
        (path.name, name) for path in Path(__file__).parent.glob("test_advisories_*.py") for name in list_tests(path)
    }
    shown = {(url.rpartition("/")[2], name) for row in ROWS for name, url in LINK.findall(row.tests)}
    assert here - shown == set()
