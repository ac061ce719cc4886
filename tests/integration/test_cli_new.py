"""What `yaat new` writes, beside what it is made of."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from yaat_cli.main import cli

ROOT = Path(__file__).parents[2]


def read_tree(folder: Path) -> dict[str, str]:
    """Return the files below *folder*."""
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_plugin_is_what_the_template_says(tmp_path: Path) -> None:
    """`yaat new --plugin` and `template/render.py` write the same, byte for byte."""
    done = CliRunner().invoke(cli, ["new", "my-shop", str(tmp_path / "one"), "--plugin"])
    assert done.exit_code == 0
    runpy.run_path(str(ROOT / "template" / "render.py"))["render"]("plugin", "my-shop", tmp_path / "two")
    assert read_tree(tmp_path / "one") == read_tree(tmp_path / "two")


def test_the_tests_of_a_new_project_pass(tmp_path: Path) -> None:
    """Before anything is changed."""
    folder = tmp_path / "shop"
    assert CliRunner().invoke(cli, ["new", "shop", str(folder)]).exit_code == 0
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout, done.stdout + done.stderr
