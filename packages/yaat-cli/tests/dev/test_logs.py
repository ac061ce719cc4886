"""What the serving process writes to the terminal."""

import logging
from pathlib import Path

import pytest

from yaat_cli.dev.logs import AccessFormatter, BriefFormatter


def test_an_error_is_written_in_few_lines(tmp_path: Path) -> None:
    """Below what was logged."""
    error = ValueError("x")
    record = logging.LogRecord("yaat.error", logging.ERROR, "", 0, "GET %r failed", ("/",), (ValueError, error, None))
    assert BriefFormatter(tmp_path).format(record) == "GET '/' failed\nValueError: x"
    nothing = logging.LogRecord("yaat.error", logging.ERROR, "", 0, "failed", (), (None, None, None))
    assert BriefFormatter(tmp_path).format(nothing).startswith("failed")


@pytest.mark.parametrize("status", [200, 404, 500])
@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_request_is_one_short_line(monkeypatch: pytest.MonkeyPatch, status: int, is_terminal: bool) -> None:
    """Colours are for terminals."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: is_terminal)
    args = ("127.0.0.1:5", "GET", "/x", "1.1", status)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, "", args, None)
    line = AccessFormatter().format(record)
    assert ("\x1b[" in line, line.startswith("GET /x "), str(status) in line) == (is_terminal, True, True)
