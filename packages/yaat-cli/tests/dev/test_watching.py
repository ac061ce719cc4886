"""Which saves start the app anew."""

import signal
from pathlib import Path

import pytest
from watchfiles import Change

from yaat_cli.dev.watching import SourceFilter, raise_on_terminate


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
