"""What the umbrella brings."""

from importlib.metadata import distribution, entry_points


def test_umbrella_ships_no_code() -> None:
    """The umbrella has no module of its own: only yaat-core ships the import package ``yaat``."""
    shipped = [str(path) for path in distribution("yaat").files or ()]
    assert [path for path in shipped if path.endswith(".py")] == []


def test_umbrella_brings_every_plugin() -> None:
    """After ``pip install yaat`` the plugin of every extension can be loaded."""
    names = {entry_point.load().name for entry_point in entry_points(group="yaat")}
    assert names >= {"openapi", "templates", "websockets"}
