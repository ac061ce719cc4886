"""Naming folders: directories, and folders of installed packages."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from yaat.exceptions import ConfigurationError
from yaat_staticfiles.folders import find_folders


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packages that can be imported: `shop` with `static` and `assets`, `bare` without, and `module`."""
    root = tmp_path / "packages"
    for folder in ("shop/static", "shop/assets", "shop/inner/static", "bare"):
        (root / folder).mkdir(parents=True)
    for package in ("shop", "shop/inner", "bare"):
        (root / package / "__init__.py").write_text("IS_IMPORTED = True\n")
    (root / "module.py").touch()
    monkeypatch.syspath_prepend(str(root))
    yield root
    for name in ("shop", "shop.inner"):
        sys.modules.pop(name, None)


def test_a_directory_comes_before_packages(tmp_path: Path, packages: Path) -> None:
    """All that is named is there, in the order in which files are looked for."""
    folders = find_folders(tmp_path, ["shop", ("shop", "assets"), "shop.inner"])
    assert [folder.root for folder in folders] == [
        str(tmp_path),
        str(packages / "shop" / "static"),
        str(packages / "shop" / "assets"),
        str(packages / "shop" / "inner" / "static"),
    ]


def test_packages_are_not_imported(packages: Path) -> None:
    """Their folder is all that is needed of them."""
    find_folders(None, ["shop"])
    assert "shop" not in sys.modules


def test_a_relative_directory_begins_at_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made absolute at once, so changing the working folder later changes nothing."""
    (tmp_path / "static").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_folders("static")[0].root == str(tmp_path / "static")


def test_a_missing_directory_is_told_with_place_and_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says where it was looked for, which line is wrong, and what to write."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        find_folders("nope")
    message = str(caught.value)
    assert "'nope' does not exist" in message
    assert str(tmp_path / "nope") in message
    assert "test_folders.py:" in message
    assert "Path(__file__).parent" in message
    assert "must_exist=False" in message


def test_a_directory_may_come_later(tmp_path: Path) -> None:
    """A folder that a build makes need not be there yet; but a file is never one."""
    assert find_folders(tmp_path / "later", must_exist=False)[0].root == str(tmp_path / "later")
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="is no folder but a file"):
        find_folders(tmp_path / "file", must_exist=False)


def test_nothing_at_all_is_a_mistake() -> None:
    """Serving no folder is not what anybody wants."""
    with pytest.raises(ConfigurationError, match="No folder is named"):
        find_folders(None)


def test_a_name_in_place_of_a_list_is_told() -> None:
    """It would be taken letter by letter."""
    with pytest.raises(ConfigurationError, match=r"packages= takes a list such as \['shop'\]"):
        find_folders(None, "shop")


@pytest.mark.parametrize("package", ["no_such_package", "module", "", "no_such.inner", "shop..inner"])
@pytest.mark.usefixtures("packages")
def test_a_missing_package_is_told(package: str) -> None:
    """So is a module, which has no folder."""
    with pytest.raises(ConfigurationError, match="There is no package"):
        find_folders(None, [package])


@pytest.mark.usefixtures("packages")
def test_a_package_without_the_folder_is_told() -> None:
    """The message says where the package is, and how to name another folder."""
    with pytest.raises(
        ConfigurationError, match=r"'bare' has no folder 'static'(.|\n)*packages=\[\('bare', 'folder'\)\]"
    ):
        find_folders(None, ["bare"])
