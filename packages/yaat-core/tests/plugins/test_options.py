"""What the app and the environment say about plugins."""

from types import ModuleType
from typing import Any

import pytest

from yaat.exceptions import ConfigurationError
from yaat.plugins import Plugin, PluginErrors, PluginOptions
from yaat.plugins.options import Switches, read_switches


class Toy(Plugin):
    name = "toy"


def refuse(**options: Any) -> list[str]:
    with pytest.raises(PluginErrors) as caught:
        PluginOptions(**options)
    return [str(error) for error in caught.value.errors]


def test_nothing_needs_to_be_said() -> None:
    """An app takes what is installed and stops when anything of that is broken."""
    options = PluginOptions()
    assert (options.autoload, options.on_plugin_error) == (True, "raise")


def test_any_iterable_is_taken_once() -> None:
    """Generators are read when the options are made, so they can be read again."""
    options = PluginOptions(plugins=iter([Toy(), ModuleType("box"), "auth"]), block=iter(["x"]), required_plugins={"y"})
    assert (len(tuple(options.plugins)), options.block, options.required_plugins) == (3, ("x",), ("y",))


def test_settings_cannot_be_changed_afterwards() -> None:
    """Neither the app's own mapping nor what a plugin is given leads to the settings of others."""
    section = {"title": "Shop"}
    options = PluginOptions(settings={"openapi": section})
    section["title"] = "changed"
    assert options.find_settings("openapi") == {"title": "Shop"}
    with pytest.raises(TypeError):
        options.find_settings("openapi")["title"] = "changed"  # type: ignore[index]  # that is the point


def test_there_are_always_settings() -> None:
    """A plugin that nothing is said about has empty settings."""
    assert options_of_nobody() == {}


def options_of_nobody() -> dict[str, Any]:
    return dict(PluginOptions().find_settings("toy"))


def test_a_class_is_not_an_instance() -> None:
    """The message says what to write."""
    assert refuse(plugins=[Toy]) == ["plugins= has the class Toy, and an instance is due. Write Toy()."]


@pytest.mark.parametrize("plugin", [None, 7, object(), Plugin(), ""])
def test_what_has_no_name_is_no_plugin(plugin: Any) -> None:
    """It could be neither blocked nor named in an error."""
    (message,) = refuse(plugins=[plugin])
    assert message.startswith(f"plugins= has {plugin!r}, which has no name.")


@pytest.mark.parametrize("plugins", [[Toy(), Toy()], ["toy", Toy()], ["toy", "toy"]])
def test_the_same_plugin_twice_is_refused(plugins: list[Any]) -> None:
    """Its hooks would be called twice."""
    assert refuse(plugins=plugins) == ["plugins= has the plugin 'toy' twice. Leave one out."]


@pytest.mark.parametrize("option", ["plugins", "block", "required_plugins"])
@pytest.mark.parametrize("value", ["toy", b"doll", {"toy": 1}, 7])
def test_lists_are_lists(option: str, value: Any) -> None:
    """One text alone would be taken letter by letter."""
    assert refuse(**{option: value}) == [f"{option}= takes a list such as [{value!r}], not {value!r}."]


def test_blocked_are_names() -> None:
    """An instance in `block` would block nothing."""
    (message,) = refuse(block=[7])
    assert message == "block= takes names of plugins, not 7."


@pytest.mark.parametrize("text", ["auth>=two", 7])
def test_requirements_can_be_read(text: Any) -> None:
    """A range that means nothing would be met by anything."""
    (message,) = refuse(required_plugins=[text])
    assert message.startswith(f"required_plugins= has {text!r}: ")


def test_settings_are_by_plugin() -> None:
    """A value that is not a mapping is not shown, for it may be secret."""
    assert refuse(settings=["s3cret"]) == [
        'settings= takes a mapping such as {"openapi": {"title": "Shop"}}, not a list.'
    ]


@pytest.mark.parametrize("section", ["s3cret", {1: "s3cret"}])
def test_settings_of_a_plugin_are_by_option(section: Any) -> None:
    """Options are keyword arguments, so they are named by texts."""
    kind = type(section).__name__
    assert refuse(settings={"auth": section}) == [
        f"settings= has a {kind} for 'auth', and a mapping of options by name is due."
    ]


def test_what_becomes_of_a_broken_plugin_is_one_of_two_words() -> None:
    """Anything else would leave in the dark what happens."""
    assert refuse(on_plugin_error="ignore") == ["on_plugin_error= is 'raise' or 'warn', not 'ignore'."]


def test_all_mistakes_are_said_at_once() -> None:
    """One look at the messages is enough to mend the call."""
    assert len(refuse(plugins=[Toy, None], block=[7], settings={"a": 1}, on_plugin_error="no")) == 5


def test_an_empty_environment_changes_nothing() -> None:
    """Without the variables it is all left to the app."""
    assert read_switches({}) == Switches(autoload=True, block=())


@pytest.mark.parametrize(
    ("value", "autoload"), [("0", False), ("false", False), (" False ", False), ("1", True), ("", True)]
)
def test_autoloading_is_turned_off_by_the_environment(value: str, autoload: bool) -> None:
    """`YAAT_AUTOLOAD=0` turns it off whatever the app says; other values leave it to the app."""
    assert read_switches({"YAAT_AUTOLOAD": value}).autoload is autoload


def test_an_unclear_environment_is_an_error() -> None:
    """A value that is neither yes nor no is not guessed at."""
    with pytest.raises(ConfigurationError, match="YAAT_AUTOLOAD is 'maybe' in the environment. Write 0"):
        read_switches({"YAAT_AUTOLOAD": "maybe"})


def test_names_are_blocked_by_the_environment() -> None:
    """`YAAT_BLOCK` is a list with commas; spaces and empty places do not count."""
    assert read_switches({"YAAT_BLOCK": " a, b,,"}).block == ("a", "b")


def test_the_message_about_what_has_no_name_says_what_a_plugin_is() -> None:
    """There are three ways to write one."""
    assert refuse(plugins=[7]) == [
        "plugins= has 7, which has no name. "
        "A plugin is an object with a name, a module, or the name of an installed plugin."
    ]


def test_the_message_about_the_environment_says_what_to_write() -> None:
    """It shows the value as it was read."""
    with pytest.raises(ConfigurationError) as caught:
        read_switches({"YAAT_AUTOLOAD": " Maybe "})
    assert str(caught.value) == (
        "YAAT_AUTOLOAD is 'maybe' in the environment. Write 0 to load no installed plugins, or unset it."
    )


def test_a_class_does_not_hide_what_comes_behind_it() -> None:
    """The plugins after it are looked at too."""
    assert len(refuse(plugins=[Toy, Toy, "toy", "toy"])) == 3
