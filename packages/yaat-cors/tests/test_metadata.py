"""What the installed distribution says about itself."""

from importlib.metadata import distribution, entry_points
from importlib.resources import files


def test_app_finds_the_plugin_by_its_name() -> None:
    """The entry point carries the plugin's own name: one name loads, blocks and sets it."""
    [entry_point] = entry_points(group="yaat", name="cors")
    assert entry_point.load().name == "cors"


def test_core_is_all_that_it_needs() -> None:
    """`pip install yaat-cors` brings the core and nothing else."""
    assert distribution("yaat-cors").requires == ["yaat-core>=0.2.0"]


def test_type_checkers_are_told_that_it_is_typed() -> None:
    """The package ships the marker of PEP 561, so type checkers read its annotations."""
    assert files("yaat_cors").joinpath("py.typed").is_file()
