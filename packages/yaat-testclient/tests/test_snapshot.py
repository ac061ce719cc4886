"""What can be changed unseen, and noticing that it was."""

import logging
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from yaat_testclient.snapshot import find_changes, take_snapshot


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module of the package `snapshot_toy`."""
    made: Any = ModuleType("snapshot_toy.inner")
    made.number, made.cache = 1, {}
    monkeypatch.setitem(sys.modules, "snapshot_toy.inner", made)
    return made


def changes(change: Callable[[], object]) -> list[str]:
    before = take_snapshot("snapshot_toy")
    change()
    return find_changes(before, take_snapshot("snapshot_toy"))


def test_where_nothing_changes_nothing_is_found(module: Any) -> None:
    """Looking leaves no trace."""
    assert changes(lambda: None) == []


def test_a_variable_that_is_bound_anew_is_found(module: Any) -> None:
    """By the name of its module."""
    assert changes(lambda: setattr(module, "number", 2)) == ["snapshot_toy.inner.number"]


def test_a_container_that_grows_is_found(module: Any) -> None:
    """A cache of the module, for instance, which all apps would share."""
    assert changes(lambda: module.cache.update(a=1)) == ["snapshot_toy.inner.cache"]


def test_a_module_that_is_imported_is_no_change(module: Any) -> None:
    """What was not there cannot have changed; nor is the name that it gets in its package."""
    assert changes(lambda: setattr(module, "late", ModuleType("snapshot_toy.inner.late"))) == []


def test_a_change_of_the_environment_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter belongs to everybody."""
    assert changes(lambda: monkeypatch.setenv("SNAPSHOT_TOY", "1")) == ["os.environ"]


def test_a_log_handler_is_found() -> None:
    """How to log is for the app to say."""
    handler = logging.NullHandler()
    try:
        assert changes(lambda: logging.root.addHandler(handler)) == ["the handlers of the root logger"]
    finally:
        logging.root.removeHandler(handler)
