"""The scripts run from any folder, with the packages that this Python has."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from choices import choose_from, find_python

FOLDER = Path(__file__).parents[1]

needs_yaat = pytest.mark.skipif(find_spec("yaat") is None, reason="yaat is not installed")


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, str(FOLDER / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@needs_yaat
def test_the_benchmark_prints_a_table_and_writes_its_figures(tmp_path: Path) -> None:
    """One row of one framework is a line of Markdown, and an object in the file."""
    path = tmp_path / "figures.json"
    quick = ["--rounds=1", "--milliseconds=0.1", f"--json={path}"]
    done = run("run.py", "--frameworks=yaat", "--rows=plaintext", *quick)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[2].startswith("| plaintext GET, 13 bytes |")
    assert json.loads(path.read_text())["yaat"]["rows"]["plaintext"]["median"] > 0


@needs_yaat
def test_start_up_is_measured_in_fresh_processes() -> None:
    """The worker tells the CPU time of the import, and of all up to the first answer."""
    done = run("startup_worker.py", "cpu", "yaat")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert 0 < figures["import"] < figures["ready"]


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    """A slip on the command line is told together with what there is to choose from."""
    parse = choose_from(["plaintext", "stream"])
    assert parse("stream,plaintext") == ["stream", "plaintext"]
    with pytest.raises(argparse.ArgumentTypeError, match="unknown name 'strem'; there are plaintext, stream"):
        parse("plaintext,strem")


def test_an_environment_of_its_own_comes_first(tmp_path: Path) -> None:
    """A framework that has an environment in the folder is measured there, any other here."""
    python = tmp_path / "falcon" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert find_python("falcon", tmp_path) == str(python)
    assert find_python("starlette", tmp_path) == sys.executable
    assert find_python("falcon", None) == sys.executable


@needs_yaat
def test_the_price_of_plugins_is_measured() -> None:
    """Requests that they do not touch, and the build of an app."""
    done = run("plugins.py", "--rounds=1", "--no-instructions")
    assert done.returncode == 0, done.stderr
    assert "time with 20 idle plugins" in done.stdout
    assert "build of 30 plugins × 10 routes" in done.stdout
