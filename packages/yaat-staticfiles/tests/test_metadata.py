"""What the installed distribution says about itself."""

from importlib.metadata import entry_points
from importlib.resources import files

import yaat_staticfiles


def test_app_finds_the_plugin_by_its_name() -> None:
    """The entry point carries the plugin's own name: one name loads, blocks and sets it."""
    [entry_point] = entry_points(group="yaat", name="staticfiles")
    assert entry_point.load().name == "staticfiles"


def test_type_checkers_are_told_that_it_is_typed() -> None:
    """The package ships the marker of PEP 561, so type checkers read its annotations."""
    assert files("yaat_staticfiles").joinpath("py.typed").is_file()


def test_public_names_are_there() -> None:
    """What the package says it has can be imported from it."""
    assert all(hasattr(yaat_staticfiles, name) for name in yaat_staticfiles.__all__)
