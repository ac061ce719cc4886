"""What the installed distribution says about itself."""

from importlib.metadata import distribution
from importlib.resources import files


def test_core_needs_pluggy_and_nothing_else() -> None:
    """``pip install yaat-core`` brings pluggy and nothing else."""
    assert distribution("yaat-core").requires == ["pluggy>=1.7"]


def test_type_checkers_are_told_that_it_is_typed() -> None:
    """The core ships the marker of PEP 561, so type checkers read its annotations."""
    assert files("yaat").joinpath("py.typed").is_file()
