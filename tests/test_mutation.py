"""What `nox -s mutation` is told fits the code, and the code that it changes means the same as the code."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from .mutation.survivors import find_stale, read_explanations
from .mutation.undecorate import undecorate

ROOT = Path(__file__).parent.parent
TARGETS: dict[str, Any] = tomllib.loads((ROOT / "tests" / "mutation" / "targets.toml").read_text("utf-8"))


def test_explained_survivors_are_lines_that_exist() -> None:
    """Whoever changes a line whose mutants may survive looks at the reason again."""
    assert list(find_stale(ROOT, read_explanations())) == []


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_targets_exist(target: dict[str, Any]) -> None:
    """A module or a test that is renamed is renamed there too."""
    package = ROOT / "packages" / target["package"]
    [source] = (path.parent for path in package.glob("src/*/py.typed"))
    assert [pattern for pattern in target["modules"] if not list(source.glob(pattern))] == []
    assert [path for path in target["tests"] if not (package / "tests" / path).exists()] == []
    for test in target.get("without", ()):
        path, _, name = test.partition("::")
        assert f"def {name}(" in (package / "tests" / path).read_text("utf-8")


DECORATED = '''
import functools

class Box:
    @property
    def content(self):
        """It."""
        return 5

    @staticmethod
    def name():
        return "box"

@functools.lru_cache(
    maxsize=1,
)
@functools.wraps(print)
def double(number):
    return 2 * number
'''


def test_code_without_decorators_means_the_same() -> None:
    """mutmut changes nothing below a decorator, so a call stands below the function in its place."""
    text = undecorate(DECORATED)
    space: dict[str, Any] = {}
    exec(text, space)
    assert "@property" not in text
    assert "@functools" not in text
    assert (space["Box"]().content, space["Box"].name()) == (5, "box")
    assert (space["double"](4), space["double"].cache_info().currsize, space["double"].__name__) == (8, 1, "print")
