"""This file makes the tests fit for mutants: pytest loads it as a plugin, before the tests.

Property tests see the same examples each time, so that scores can be compared, and do not search for the smallest one
that fails, which takes longer than all the rest.
"""

import gc
import os
import re

import pytest
from hypothesis import Phase, settings

MAX_EXAMPLES = 50

settings.register_profile(
    "mutation",
    max_examples=MAX_EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("mutation")

WANTED = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Collect whole files: mutmut names each test, and pytest does not find all of them again by name."""
    gc.freeze()  # pytest collects garbage at its end, which would look at all that was imported, for each mutant.
    config.stash[WANTED] = {_simplify(name) for name in config.args if "::" in name}
    config.args = sorted({name.partition("::")[0] for name in config.args})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that mutmut has named."""
    wanted = config.stash[WANTED]
    if wanted:
        items[:] = [item for item in items if _simplify(item.nodeid) in wanted]
        assert wanted == {_simplify(item.nodeid) for item in items}
    items.sort(key=_rank)
    for item in items:
        _shorten(item)


def _rank(item: pytest.Item) -> tuple[bool, bool]:
    """Return how late to run *item*: those that are about the changed module come first, property tests last."""
    module = os.environ.get("MUTANT_UNDER_TEST", "").rpartition(".")[0].rpartition(".")[2]
    is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return item.path.stem != f"test_{module}", is_property


def _shorten(item: pytest.Item) -> None:
    """Let a property test that asks for many examples have as many as the others; each survivor sees them all."""
    function = getattr(item, "function", None)
    asked = getattr(function, "_hypothesis_internal_use_settings", None)  # There is no public way to change them.
    if asked is not None and asked.max_examples > MAX_EXAMPLES:
        function._hypothesis_internal_use_settings = settings(asked, max_examples=MAX_EXAMPLES)  # type: ignore[union-attr]  # it has one


def _simplify(name: str) -> str:
    """Return *name* as it was at first: with each collection in one process pytest escapes some once more."""
    return re.sub(r"\\+", r"\\", name)
