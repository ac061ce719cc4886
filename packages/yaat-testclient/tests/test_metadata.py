"""What the installed distribution says about itself."""

from importlib.resources import files

import pytest


def test_pytest_finds_the_plugin(pytestconfig: pytest.Config) -> None:
    """Installing the package is enough for pytest to load its plugin."""
    assert pytestconfig.pluginmanager.has_plugin("yaat_testclient")


def test_type_checkers_are_told_that_it_is_typed() -> None:
    """The package ships the marker of PEP 561, so type checkers read its annotations."""
    assert files("yaat_testclient").joinpath("py.typed").is_file()
