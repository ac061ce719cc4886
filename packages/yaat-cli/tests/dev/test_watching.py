"""Which saves start the app anew."""

import os
import py_compile
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from watchfiles import Change

from yaat_cli.dev.watching import SourceFilter, forget_compiled, raise_on_terminate


@pytest.mark.parametrize(
    ("path", "is_watched"),
    [
        ("app.py", True),
        ("templates/index.html", True),
        ("pyproject.toml", True),
        (".env", True),
        ("static/style.css", False),
        ("shop.db", False),
        ("__pycache__/app.py", False),
        (".venv/lib/x.py", False),
        ("app.py~", False),
    ],
)
def test_what_an_app_is_made_of_starts_it_anew(tmp_path: Path, path: str, is_watched: bool) -> None:
    """What only browsers read, and what tools write, does not."""
    assert SourceFilter()(Change.modified, str(tmp_path / path)) is is_watched


def test_a_request_to_end_is_like_ctrl_c() -> None:
    """So nothing is left behind; what was there before is put back."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), raise_on_terminate():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_second_save_of_the_same_second_and_length_is_seen(tmp_path: Path) -> None:
    """Python alone would run what it has compiled of the first one."""
    source = tmp_path / "app.py"
    command = [sys.executable, "-c", "import app; print(app.text)"]
    for text in ("one", "two"):
        source.write_text(f"text = '{text}'\n")
        os.utime(source, (0, 0))
        forget_compiled([str(source), str(tmp_path / "index.html"), str(tmp_path / "gone.py")])
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == text
        py_compile.compile(str(source))
