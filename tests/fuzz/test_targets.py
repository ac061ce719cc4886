"""Every input that is kept, beginning with those that once broke something, is fed to its target again.

`nox -s fuzz_parsers -- 180` looks for more, as `run.py` says.
"""

from pathlib import Path

import pytest

from .targets import CORPUS, TARGETS, list_inputs


def feed(name: str, path: Path) -> None:
    """Give an input to a target; an error says which input it was."""
    try:
        TARGETS[name](path.read_bytes())
    except BaseException as error:
        error.add_note(f"The input is {path.relative_to(CORPUS)}: {path.read_bytes()!r:.400}")
        raise


@pytest.mark.parametrize("name", TARGETS)
def test_kept_inputs_break_nothing(name: str) -> None:
    """What has broken a parser, or reaches a corner of it, breaks it no more."""
    inputs = list_inputs(name)
    assert inputs
    for path in inputs:
        feed(name, path)


def test_every_folder_has_a_target() -> None:
    """No input waits in a folder that nobody looks into."""
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)


def test_corpus_is_small() -> None:
    """All inputs together have less than 200 kB, as a clone of the repository holds them for ever."""
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) < 200_000
