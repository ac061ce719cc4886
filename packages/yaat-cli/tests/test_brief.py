"""An error in a few lines."""

from pathlib import Path

import pytest

from yaat.exceptions import ConfigurationError
from yaat_cli.brief import format_brief, is_own, shorten, trim_traceback


def raise_in(folder: Path, source: str) -> BaseException:
    """Return what a module of the project raises."""
    file = folder / "app.py"
    file.write_text(source)
    try:
        exec(compile(source, str(file), "exec"), {"__name__": "app"})
    except BaseException as error:
        return error
    raise AssertionError


def test_only_the_users_own_frames_are_shown(tmp_path: Path) -> None:
    """Where, the code, and what happened."""
    error = raise_in(tmp_path, "import json\ndef read():\n    return json.loads('[')\nread()\n")
    assert format_brief(error, tmp_path).splitlines()[:4] == [
        "app.py:4 in <module>",
        "    read()",
        "app.py:3 in read",
        "    return json.loads('[')",
    ]


def test_a_line_that_does_not_compile_has_a_caret(tmp_path: Path) -> None:
    """Below the place where Python gave up."""
    error = raise_in(tmp_path, "def f():\n    return (1\n")
    assert format_brief(error, tmp_path).splitlines() == [
        "app.py:2",
        "    return (1",
        "           ^",
        "SyntaxError: '(' was never closed",
    ]


def test_a_syntax_error_without_a_line_is_shown_too(tmp_path: Path) -> None:
    """As those of null bytes are."""
    assert format_brief(SyntaxError("odd"), tmp_path).endswith("SyntaxError: odd")


@pytest.mark.parametrize(
    "source",
    [
        "def f(n):\n    return f(n + 1)\nf(0)\n",
        "raise ValueError('\\n'.join('abcdefghij'))\n",
        "raise ExceptionGroup('many', [ValueError('one'), KeyError('two')])\n",
        "e = ValueError('x')\nfor n in range(9): e.add_note('note')\nraise e\n",
    ],
)
def test_it_is_never_more_than_six_lines(tmp_path: Path, source: str) -> None:
    """Whatever is raised."""
    lines = format_brief(raise_in(tmp_path, source), tmp_path).splitlines()
    assert 2 <= len(lines) <= 6


def test_a_mistake_in_the_set_up_speaks_for_itself(tmp_path: Path) -> None:
    """Its class would add nothing."""
    assert format_brief(ConfigurationError("What.\nHow."), tmp_path) == "What.\nHow."
    assert format_brief(KeyError(), tmp_path) == "KeyError"


def test_installed_code_is_not_ones_own(tmp_path: Path) -> None:
    """Not even that of an environment inside the project."""
    assert is_own(str(tmp_path / "shop" / "web.py"), tmp_path)
    assert not is_own(str(tmp_path / ".venv/lib/site-packages/x.py"), tmp_path)
    assert not is_own("/elsewhere.py", tmp_path)
    assert shorten("/elsewhere.py", tmp_path) == "/elsewhere.py"


def test_a_traceback_begins_with_the_users_code(tmp_path: Path) -> None:
    """What led there is nobody's business."""
    error = trim_traceback(raise_in(tmp_path, "1 / 0\n"))
    assert error.__traceback__ is not None  # This test is no machinery.
    assert trim_traceback(KeyError()).__traceback__ is None
