"""What the template of a plugin renders is a package that works."""

import os
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
RENDER = runpy.run_path(str(ROOT / "template" / "render.py"))
render, main = RENDER["render"], RENDER["main"]


@pytest.fixture
def rendered(tmp_path: Path) -> Path:
    """A plugin called `my-shop`, in its folder."""
    folder = tmp_path / "yaat-my-shop"
    render("plugin", "my-shop", folder)
    return folder


def install(folder: Path) -> Path:
    """Leave what an installer would of the package in *folder*; return where the metadata is."""
    project: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    info = folder / "site" / "yaat_my_shop-0.1.0.dist-info"
    info.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {project['version']}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in project["dependencies"]]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    entries = "\n".join(f"{name} = {target}" for name, target in project["entry-points"]["yaat"].items())
    (info / "entry_points.txt").write_text(f"[yaat]\n{entries}\n")
    return info.parent


def test_a_rendered_plugin_passes_its_own_suite(rendered: Path) -> None:
    """The contract of plugins is part of that suite."""
    path = os.pathsep.join([str(rendered / "src"), str(install(rendered)), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", str(rendered)]
    env = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=rendered, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "17 passed" in done.stdout


def test_names_follow_from_the_name_of_the_plugin(rendered: Path) -> None:
    """Distribution, import package, class and entry point."""
    project = tomllib.loads((rendered / "pyproject.toml").read_text())["project"]
    assert project["name"] == "yaat-my-shop"
    assert project["entry-points"]["yaat"] == {"my-shop": "yaat_my_shop.plugin:MyShopPlugin"}
    assert (rendered / "src/yaat_my_shop/py.typed").is_file()


def test_no_placeholder_is_left(rendered: Path) -> None:
    """Not in a file, and not in the name of one."""
    files = [path for path in rendered.rglob("*") if path.is_file()]
    assert not [
        path for path in files if "${" in path.read_text() or path.suffix == ".tmpl" or "__package__" in path.parts
    ]


def test_the_lower_bounds_are_what_the_packages_are_at(rendered: Path) -> None:
    """A new plugin begins with the newest of what it stands on."""
    settings = tomllib.loads((rendered / "pyproject.toml").read_text())
    wanted = {*settings["project"]["dependencies"], *settings["dependency-groups"]["tests"]}
    for name in ("yaat-core", "yaat-testclient"):
        version = tomllib.loads((ROOT / f"packages/{name}/pyproject.toml").read_text())["project"]["version"]
        assert f"{name}>={version.rpartition('.')[0]}" in wanted


@pytest.mark.parametrize("name", ["", "Shop", "my_shop", "-shop", "shop-", "my--shop", "../shop", "1shop", "shop\n"])
def test_a_name_that_cannot_be_one_is_refused(name: str, tmp_path: Path) -> None:
    """Before anything is written."""
    with pytest.raises(ValueError, match="is no name"):
        render("plugin", name, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    """Nobody's work is overwritten."""
    (tmp_path / "mine.txt").write_text("work")
    with pytest.raises(ValueError, match="is not empty"):
        render("plugin", "shop", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_template_is_told_what_there_is(tmp_path: Path) -> None:
    """With the names of all."""
    with pytest.raises(ValueError, match="There is no template 'plugins'. There are: plugin"):
        render("plugins", "shop", tmp_path)


def test_the_command_renders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Into a folder with the name of the distribution, if no other is named."""
    monkeypatch.chdir(tmp_path)
    assert main(["plugin", "shop"]) is None
    assert (tmp_path / "yaat-shop" / "README.md").is_file()
    assert "files are in yaat-shop" in capsys.readouterr().out
    assert "is not empty" in main(["plugin", "shop"])


def test_rendering_needs_the_standard_library_alone(tmp_path: Path) -> None:
    """It is part of a wheel that should not bring more for it."""
    command = [sys.executable, "-S", "-I", str(ROOT / "template/render.py"), "plugin", "shop", str(tmp_path / "shop")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
