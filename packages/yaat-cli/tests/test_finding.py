"""Where the app is looked for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from yaat_cli.errors import CommandFailed
from yaat_cli.finding import find_target, list_modules, parse_target, read_settings

Write = Callable[[str, str], Path]


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("app.py", "app"),
        ("main.py", "main"),
        ("src/app.py", "app"),
        ("src/shop/app.py", "shop.app"),
        ("src/shop/main.py", "shop.main"),
        ("shop/main.py", "shop.main"),
    ],
)
def test_an_app_in_a_usual_place_is_found(write: Write, project: Path, file: str, module: str) -> None:
    """Nobody has to name it."""
    write(file, "")
    target = find_target()
    assert (target.module, target.folder) == (module, project)
    assert target.import_folder == (project / "src" if file.startswith("src") else project)


def test_the_best_place_wins(write: Write) -> None:
    """`app.py` before `main.py`, the folder itself before packages."""
    write("main.py", "")
    write("app.py", "")
    write("src/shop/app.py", "")
    assert find_target().module == "app"


def test_two_apps_in_equal_places_are_refused(write: Write) -> None:
    """Which one is meant is not guessed."""
    write("src/one/app.py", "")
    write("src/two/app.py", "")
    with pytest.raises(CommandFailed, match=r"several apps .*: one.app, two.app\.\nName one with --app one.app"):
        find_target()


def test_folders_of_others_are_passed_over(write: Write) -> None:
    """Tests, environments and hidden folders have apps of their own."""
    for folder in ("tests", ".venv", "node_modules", "_old"):
        write(f"{folder}/app.py", "")
    with pytest.raises(CommandFailed, match="There is no app in"):
        find_target()


def test_folders_that_cannot_be_imported_are_passed_over(write: Write, project: Path) -> None:
    """They are projects of their own, and no command could go on with their apps."""
    for folder in ("my-shop", "src/my-shop", "my shop", "2nd"):
        write(f"{folder}/app.py", "")
    with pytest.raises(CommandFailed, match=r"There is no app in .*\nGo to the folder of the project"):
        find_target()
    assert list_modules(project) == []
    write("shop/app.py", "")
    assert find_target().module == "shop.app"


def test_no_app_says_how_to_begin(project: Path) -> None:
    """Name one, or make one."""
    with pytest.raises(CommandFailed, match="--app shop.web:app, or begin one with: yaat new shop"):
        find_target()


def test_pyproject_names_the_app(write: Write) -> None:
    """`[tool.yaat] app` is before any usual place."""
    write("app.py", "")
    write("pyproject.toml", '[tool.yaat]\napp = "shop.web:application"')
    target = find_target()
    assert (str(target), target.reason) == ("shop.web:application", "pyproject.toml")


def test_the_environment_is_before_pyproject(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator has the last word but one."""
    write("pyproject.toml", '[tool.yaat]\napp = "shop.web:application"')
    monkeypatch.setenv("YAAT_APP", "other:app")
    assert find_target().module == "other"
    assert find_target("third:app").module == "third"


@pytest.mark.parametrize("text", ["[tool.yaat]\napp = 7", "[tool.yaat]\napp = ["])
def test_a_wrong_pyproject_is_named(write: Write, text: str) -> None:
    """A mistake in it is not passed over."""
    write("pyproject.toml", text)
    with pytest.raises(CommandFailed, match=r"pyproject\.toml"):
        find_target()


def test_settings_that_are_no_table_are_none(write: Write) -> None:
    """Other tools may have put anything there."""
    write("pyproject.toml", "[tool]\nyaat = 1")
    assert read_settings(Path.cwd()) == {}


@pytest.mark.parametrize(
    ("text", "module", "attribute", "is_factory"),
    [
        ("shop", "shop", "", False),
        ("shop.web:app", "shop.web", "app", False),
        ("shop:make.app()", "shop", "make.app", True),
        ("shop/web.py:app", "shop.web", "app", False),
        ("src/inner/web.py", "inner.web", "", False),
    ],
)
def test_a_target_is_read(
    write: Write, project: Path, text: str, module: str, attribute: str, is_factory: bool
) -> None:
    """A module or a file, a name in it, and whether that is called."""
    write("shop/web.py", "")
    write("src/inner/web.py", "")
    target = parse_target(text, project, "--app")
    assert (target.module, target.attribute, target.is_factory) == (module, attribute, is_factory)
    assert str(target) == (module + (f":{attribute}" if attribute else "") + "()" * is_factory)


@pytest.mark.parametrize("text", ["", "a b", "shop:", ":app", "shop:app(1)"])
def test_what_is_no_target_is_refused(project: Path, text: str) -> None:
    """With the form that is due."""
    with pytest.raises(CommandFailed, match="Write module:name, such as shop.app:app"):
        parse_target(text, project, "--app")


def test_a_file_that_is_not_there_suggests_another(write: Write, project: Path) -> None:
    """A slip in the name of a file is noticed."""
    write("shop.py", "")
    with pytest.raises(CommandFailed, match="no such file.\nDid you mean 'shop'?"):
        parse_target("shpo.py", project, "--app")


@pytest.mark.parametrize("file", ["there/app.py", "here/my-shop/app.py"])
def test_a_file_that_cannot_be_imported_from_here_says_where_to_go(write: Write, project: Path, file: str) -> None:
    """An app of the same name in the working folder is not taken for it, however the path is written."""
    write("here/app.py", "")
    path = write(file, "")
    here = project / "here"
    for text in (str(path), f"../{file}", f"{path}:app"):
        with pytest.raises(CommandFailed, match=r"which cannot be imported from .*here\.\n.*: cd .*(there|my-shop)$"):
            parse_target(text, here, "--app")


def test_a_file_that_no_statement_can_import_is_to_be_renamed(write: Write, project: Path) -> None:
    """Its folder is the right one already."""
    write("my-app.py", "")
    with pytest.raises(CommandFailed, match="'my-app.py', which cannot be imported .*\nRename it"):
        parse_target("my-app.py", project, "--app")


def test_a_file_of_the_project_may_be_a_link(write: Write, project: Path) -> None:
    """To a file elsewhere, or a path to the project itself."""
    (project / "shop").mkdir()
    (project / "shop" / "app.py").symlink_to(write("releases/second.py", ""))
    (project / "link").symlink_to(project / "shop")
    assert parse_target("app.py", project / "shop", "--app").module == "app"
    assert parse_target("shop/app.py", project, "--app").module == "shop.app"
    assert parse_target(str(project / "link" / "app.py"), project / "shop", "--app").module == "app"


def test_modules_are_listed_for_suggestions(write: Write, project: Path) -> None:
    """Those of the folder and of `src/`."""
    for name in ("a.py", "src/b.py", "src/c/d.py", "src/c/__init__.py"):
        write(name, "")
    assert list_modules(project) == ["a", "b", "c", "c.d"]
