"""Making a plugin of what an entry point names."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from yaat.plugins import BrokenPlugin, Plugin
from yaat.plugins.discovery import InstalledPlugin
from yaat.plugins.target import import_target, make_plugin
from yaat.provenance import Owner

TOY = Owner(plugin="toy", distribution="yaat-toy", version="1.2")


class Toy(Plugin):
    name = "toy"

    def __init__(self, colour: str = "red", *, wheels: int = 4) -> None:
        self.colour = colour
        self.wheels = wheels


class Locked(Plugin):
    name = "toy"

    def __init__(self, *, key: str, **others: str) -> None:
        raise ValueError(f"no such key: {key}")


def refuse(make: Callable[[], object]) -> str:
    with pytest.raises(BrokenPlugin) as caught:
        make()
    return str(caught.value)


def refuse_import(target: str) -> str:
    return refuse(lambda: import_target(InstalledPlugin(owner=TOY, target=target)))


def test_a_class_an_instance_or_a_module_is_imported(site: Any) -> None:
    """An entry point may name any of them."""
    site.install("yaat-toy", modules={"toybox/__init__.py": "", "toybox/toys.py": "class Shelf:\n    toy = 7\n"})
    assert import_target(InstalledPlugin(owner=TOY, target="toybox.toys:Shelf.toy")) == 7
    assert import_target(InstalledPlugin(owner=TOY, target="toybox.toys")).__name__ == "toybox.toys"


def test_an_import_error_is_the_plugins(site: Any) -> None:
    """The message names the plugin and the line, and holds what was raised."""
    site.install("yaat-toy", modules={"toy_broken.py": "x = 1\nraise ValueError('boom')\n"})
    message = refuse_import("toy_broken:Toy")
    assert message.startswith("Plugin 'toy' (yaat-toy 1.2) cannot be imported: ValueError: boom.\n    at ")
    assert "toy_broken.py:2\nThe traceback of that error is printed with this one.\n" in message


def test_a_module_that_exits_does_not_end_the_server(site: Any) -> None:
    """`sys.exit` while a plugin is imported is a mistake like any other."""
    site.install("yaat-toy", modules={"toy_exits.py": "import sys\nsys.exit(3)\n"})
    assert "cannot be imported: SystemExit: 3" in refuse_import("toy_exits")


def test_a_syntax_error_is_shown_where_it_is(site: Any) -> None:
    """It mostly means a version for another Python."""
    site.install("yaat-toy", modules={"toy_syntax.py": "x = 1\ndef :\n"})
    message = refuse_import("toy_syntax:Toy")
    assert "cannot be imported, because its code is not valid: invalid syntax" in message
    assert "toy_syntax.py:2" in message
    assert "pip install -U yaat-toy" in message


def test_a_syntax_error_names_the_python_that_is_running(site: Any) -> None:
    """A version of the plugin for it is what is needed."""
    site.install("yaat-toy", modules={"toy_future.py": "def :\n"})
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    fix = f"\nInstall a version for Python {python}: pip install -U yaat-toy\n"
    assert fix in refuse_import("toy_future:Toy")


def test_a_missing_dependency_is_named(site: Any) -> None:
    """The message says what to install, and which line wants it."""
    site.install("yaat-toy", modules={"toy_needs.py": "import toy_wheels_nowhere.round\n"})
    message = refuse_import("toy_needs:Toy")
    assert "needs the module 'toy_wheels_nowhere', which is not installed" in message
    assert "toy_needs.py:1" in message
    assert "Install what brings it: pip install toy_wheels_nowhere" in message


def test_a_missing_module_of_a_package_is_brought_by_the_package(site: Any) -> None:
    """What is installed has the name of the package, and not of the module in it."""
    site.install("yaat-toy", modules={"toy_wheels/__init__.py": "", "toy_lacks.py": "import toy_wheels.round\n"})
    message = refuse_import("toy_lacks:Toy")
    assert "needs the module 'toy_wheels.round', which is not installed" in message
    assert "\nInstall what brings it: pip install toy_wheels\n" in message


@pytest.mark.parametrize("target", ["toy_nowhere:Toy", "toy_nowhere.plugin:Toy"])
def test_an_entry_point_to_nowhere_is_not_a_missing_dependency(target: str) -> None:
    """The distribution itself is incomplete."""
    message = refuse_import(target)
    assert f"has the entry point {target!r}, and there is no module 'toy_nowhere'" in message
    assert "pip install --force-reinstall yaat-toy" in message


def test_a_module_error_without_a_name_is_shown_as_it_is(site: Any) -> None:
    """A module that raises it by hand may not say which module it means."""
    site.install("yaat-toy", modules={"toy_raises.py": "raise ModuleNotFoundError('no wheels')\n"})
    assert "cannot be imported: ModuleNotFoundError: no wheels" in refuse_import("toy_raises")


def test_a_name_that_is_not_in_the_module_is_an_error(site: Any) -> None:
    """The right name is suggested."""
    site.install("yaat-toy", modules={"toy_names.py": "class ToyPlugin: ...\n"})
    message = refuse_import("toy_names:ToyPlugins")
    assert "has the entry point 'toy_names:ToyPlugins', where there is no 'ToyPlugins'" in message
    assert "Did you mean 'ToyPlugin'?" in message


def test_the_names_in_a_module_are_told(site: Any) -> None:
    """Where no name is similar, the message lists those that are not private."""
    site.install("yaat-toy", modules={"toy_listed.py": "class Bear: ...\nclass Ball: ...\n_x = 1\n"})
    assert "\nThe names there are: Ball, Bear.\n" in refuse_import("toy_listed:Nothing")


def test_settings_are_keyword_arguments() -> None:
    """A class is made with what the app has for it."""
    toy = make_plugin(Toy, TOY, {"colour": "blue", "wheels": 3})
    assert (toy.colour, toy.wheels) == ("blue", 3)


def test_an_unknown_setting_is_an_error() -> None:
    """The right one is suggested, and the constructor's line is named."""
    message = refuse(lambda: make_plugin(Toy, TOY, {"wheels": 3, "color": "blue"}))
    assert "does not take these settings: got an unexpected keyword argument 'color'" in message
    assert "test_target.py:" in message
    assert "Did you mean 'colour'?" in message


def test_a_missing_setting_is_an_error() -> None:
    """The message says how to give it."""
    message = refuse(lambda: make_plugin(Locked, TOY, {}))
    assert "does not take these settings: missing a required" in message
    assert 'Its options are: key. Write Yaat(settings={"toy": {…}}).' in message


def test_all_options_are_told() -> None:
    """Where the settings fit none of them badly, the message lists them."""

    class Needy(Plugin):
        def __init__(self, key: str, *, secret: str) -> None: ...

    message = refuse(lambda: make_plugin(Needy, TOY, {"key": "k"}))
    assert '\nIts options are: key, secret. Write Yaat(settings={"toy": {…}}).\n' in message


def test_an_option_that_cannot_be_named_cannot_be_set() -> None:
    """A constructor with positional-only parameters is of no use to settings."""

    class Positional(Plugin):
        def __init__(self, key: str, /) -> None: ...

    assert "Its options are: none that can be named." in refuse(lambda: make_plugin(Positional, TOY, {}))


def test_a_class_without_options_takes_no_settings() -> None:
    """There is nothing to suggest."""
    message = refuse(lambda: make_plugin(Plugin, TOY, {"wheels": 3}))
    assert "Its options: there are none." in message


def test_a_constructor_that_raises_is_named() -> None:
    """Values of settings are not shown, for they may be secret."""
    message = refuse(lambda: make_plugin(Locked, TOY, {"key": "k", "colour": "s3cret"}))
    assert "raised ValueError while it was made: no such key: k" in message
    assert "test_target.py:" in message
    assert "Its settings were: key, colour." in message
    assert "s3cret" not in message


def test_a_constructor_that_raises_without_settings_says_so() -> None:
    """There were none that it could be about."""

    class Broken(Plugin):
        def __init__(self) -> None:
            raise ValueError("no wheels")

    assert "\nIts settings were: none.\n" in refuse(lambda: make_plugin(Broken, TOY, {}))
