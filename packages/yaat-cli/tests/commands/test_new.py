"""`yaat new`: the beginning of a project."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from yaat_cli.rendering import find_plugin_template

Run = Callable[..., Result]
Write = Callable[[str, str], Path]


def test_a_new_project_serves_at_once(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left to fill in."""
    done = run("new", "my-shop")
    assert (done.exit_code, "cd my-shop\n  yaat dev" in done.output) == (0, True)
    monkeypatch.chdir(project / "my-shop")
    monkeypatch.setenv("YAAT_AUTOLOAD", "0")
    assert "Welcome to My shop" in run("get", "/").output
    assert run("get", "/hello/Ada").output == '{"hello":"Ada"}'


def test_a_new_project_has_nothing_more_than_it_needs(run: Run, project: Path) -> None:
    """The app, a test, and what tools read; no placeholder is left."""
    run("new", "shop")
    files = {path.relative_to(project / "shop").as_posix(): path for path in (project / "shop").rglob("*.*")}
    assert sorted(files) == [".gitignore", "README.md", "app.py", "pyproject.toml", "tests/test_app.py"]
    assert not any("${" in path.read_text() for path in files.values())
    assert tomllib.loads(files["pyproject.toml"].read_text())["tool"]["yaat"] == {"app": "app:app"}


def test_a_plugin_is_begun_like_that(run: Run, project: Path) -> None:
    """As a package of its own."""
    assert find_plugin_template().is_dir()
    done = run("new", "yaat-greet", "--plugin")
    assert (done.exit_code, "yaat-greet is in yaat-greet" in done.output) == (0, True)
    settings = tomllib.loads((project / "yaat-greet" / "pyproject.toml").read_text())
    assert settings["project"]["entry-points"]["yaat"] == {"greet": "yaat_greet.plugin:GreetPlugin"}


@pytest.mark.parametrize("name", ["app", "core", "yaat-core"])
def test_a_plugin_that_the_core_would_not_load_is_not_begun(run: Run, project: Path, name: str) -> None:
    """A project may be called so."""
    done = run("new", "--plugin", name)
    kind = name.removeprefix("yaat-")
    assert (done.exit_code, list(project.iterdir())) == (1, [])
    assert f"No plugin can be called '{kind}'.\nChoose another name, such as my-{kind}." in done.output
    assert run("new", name).exit_code == 0


def test_it_may_go_to_any_folder_that_is_empty(run: Run, project: Path) -> None:
    """One that has something in it is left alone."""
    (project / "here").mkdir()
    assert run("new", "shop", "here").exit_code == 0
    done = run("new", "shop", "here")
    assert (done.exit_code, "'here' is there already" in done.output) == (1, True)


def test_a_file_is_no_folder(run: Run, write: Write) -> None:
    """It is not written over."""
    assert "is there already" in run("new", "shop", str(write("shop", ""))).output


def test_a_folder_that_cannot_be_made_is_one_sentence(run: Run, write: Write) -> None:
    """Such as one below a file."""
    write("file", "")
    done = run("new", "shop", "file/shop/inner")
    assert (done.exit_code, "file/shop/inner' cannot be made: " in done.output) == (1, True)
    assert done.output.endswith("\nChoose a folder that you may write to.\n")


@pytest.mark.parametrize(("name", "hint"), [("My Shop", "my-shop"), ("7", "my-shop"), ("Ada's", "ada-s")])
def test_a_name_that_cannot_be_one_gets_another_suggested(run: Run, project: Path, name: str, hint: str) -> None:
    """Nothing is written."""
    done = run("new", name)
    assert (done.exit_code, f"Try '{hint}'." in done.output, list(project.iterdir())) == (1, True, [])
