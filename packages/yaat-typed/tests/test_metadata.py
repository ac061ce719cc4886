"""What the installed distribution says about itself."""

from importlib.metadata import entry_points
from importlib.resources import files


def test_app_finds_the_plugin_by_its_name() -> None:
    """The entry point carries the plugin's own name: one name loads, blocks and sets it."""
    [entry_point] = entry_points(group="yaat", name="typed")
    assert entry_point.load().name == "typed"


def test_type_checkers_are_told_that_it_is_typed() -> None:
    """The package ships the marker of PEP 561, so type checkers read its annotations."""
    assert files("yaat_typed").joinpath("py.typed").is_file()
