"""What `nox -s release` refuses, in which order packages are released, and what it writes down."""

import runpy
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nox", reason="the sessions need nox")

ROOT = Path(__file__).parents[2]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The names that `noxfile.py` defines in a copy of what it reads. Nox wants it to be read once."""
    tree = tmp_path_factory.mktemp("tree")
    for path in (ROOT / "noxfile.py", ROOT / "pyproject.toml", *ROOT.glob("packages/*/pyproject.toml")):
        copy = tree / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return runpy.run_path(str(tree / "noxfile.py"))


@pytest.fixture(autouse=True)
def tree(sessions: dict[str, Any]) -> Path:
    """That copy, in which nothing is released and every package has something new."""
    tree: Path = sessions["ROOT"]
    (tree / "releases.toml").write_text("# What was released.\n")
    for package in sessions["PACKAGES"].values():
        (package.folder / "changelog.d").mkdir(exist_ok=True)
        (package.folder / "changelog.d" / "+new.feature.md").write_text("Something new.\n")
    return tree


def find_problems(sessions: dict[str, Any], name: str, version: str, *, is_tagged: bool = False) -> list[str]:
    """Return what keeps a package from being released."""
    return list(sessions["find_release_problems"](sessions["PACKAGES"][name], version, is_tagged=is_tagged))


def test_every_package_comes_behind_those_that_it_requires(sessions: dict[str, Any]) -> None:
    """So that nobody installs something whose requirements are not there yet."""
    order = sessions["order_releases"]()
    assert sorted(order) == sorted(sessions["PACKAGES"])
    assert (order[0], order[-1]) == ("yaat-core", "yaat")
    for name in order:
        siblings = {package.name for package in sessions["split"]([name])[0]} - {name}
        assert siblings <= set(order[: order.index(name)])


def test_the_core_can_be_released_first(sessions: dict[str, Any]) -> None:
    """It requires no sibling."""
    assert find_problems(sessions, "yaat-core", "9.0.0") == []


def test_a_bound_that_no_release_meets_is_refused(sessions: dict[str, Any]) -> None:
    """Until the sibling is released and recorded in a version that does."""
    [problem] = find_problems(sessions, "yaat-cli", "9.0.0")
    assert problem.startswith("It requires yaat-core>=")
    assert problem.endswith("no such version is released. Release yaat-core first.")
    sessions["record_release"]("yaat-core", "9.0.0", COMMIT)
    assert find_problems(sessions, "yaat-cli", "9.0.0") == []


def test_a_version_is_released_once(sessions: dict[str, Any]) -> None:
    """It has a commit already."""
    sessions["record_release"]("yaat-core", "9.0.0", COMMIT)
    assert find_problems(sessions, "yaat-core", "9.0.0") == [f"It is released already, as commit {COMMIT}."]


def test_versions_only_grow(sessions: dict[str, Any]) -> None:
    """A lower one would never be installed."""
    [problem] = find_problems(sessions, "yaat-core", "0.0.1")
    assert problem.endswith("Versions only grow.")


def test_a_tag_of_another_version_is_refused(sessions: dict[str, Any]) -> None:
    """What would be published is not what the tag says."""
    [problem] = find_problems(sessions, "yaat-core", "9.0.0", is_tagged=True)
    assert problem.endswith("Is another commit checked out than the tagged one?")


def test_a_release_has_something_new(sessions: dict[str, Any], tree: Path) -> None:
    """It stands in a fragment."""
    (tree / "packages/yaat-core/changelog.d/+new.feature.md").unlink()
    [problem] = find_problems(sessions, "yaat-core", "9.0.0")
    assert problem == "It has no changelog fragments in packages/yaat-core/changelog.d: what is new?"


def test_releases_are_recorded_by_package(sessions: dict[str, Any], tree: Path) -> None:
    """Each version with its commit, the newest last, and the comment stays."""
    for name, version in (("yaat-core", "9.0.0"), ("yaat-cli", "9.0.0"), ("yaat-core", "9.1.0")):
        sessions["record_release"](name, version, COMMIT)
    text = (tree / "releases.toml").read_text()
    assert text.startswith("# What was released.\n")
    assert tomllib.loads(text) == {
        "yaat-core": {"9.0.0": COMMIT, "9.1.0": COMMIT},
        "yaat-cli": {"9.0.0": COMMIT},
    }
