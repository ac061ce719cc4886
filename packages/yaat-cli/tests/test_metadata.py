"""What the installed distribution says about itself."""

from importlib.metadata import entry_points
from importlib.resources import files


def test_installing_it_brings_the_command() -> None:
    """It is called `yaat`."""
    [entry_point] = entry_points(group="console_scripts", name="yaat")
    assert entry_point.value == "yaat_cli.main:main"


def test_type_checkers_are_told_that_it_is_typed() -> None:
    """The package ships the marker of PEP 561, so type checkers read its annotations."""
    assert files("yaat_cli").joinpath("py.typed").is_file()
