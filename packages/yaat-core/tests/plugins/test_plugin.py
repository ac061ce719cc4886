"""What a plugin says about itself."""

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from yaat.plugins import Plugin
from yaat.plugins.plugin import Declaration, check_declaration, find_name, read_declaration
from yaat.provenance import Owner


class Toy(Plugin):
    name = "toy"


def check(plugin: object, name: str = "toy") -> list[str]:
    return [str(error) for error in check_declaration(plugin, Owner(plugin=name))]


def test_a_name_is_enough() -> None:
    """Everything but the name may be left out."""
    assert check(Toy()) == []
    assert read_declaration(Toy(), "toy") == Declaration(name="toy")


def test_a_plugin_says_where_it_stands() -> None:
    """What it needs, what it bars and where it comes in the order is read from its attributes."""
    plugin = SimpleNamespace(name="toy", requires=["box"], before=("a",), after=("b",), conflicts=("c",))
    expected = Declaration(name="toy", requires=("box",), before=("a",), after=("b",), conflicts=("c",))
    assert check(plugin) == []
    assert read_declaration(plugin, "toy") == expected


@pytest.mark.parametrize(
    ("plugin", "name"),
    [
        (Toy(), "toy"),
        (Plugin(), ""),
        (ModuleType("shop.extras.toy"), "toy"),
        (SimpleNamespace(name=7), ""),
        (object(), ""),
    ],
)
def test_the_name_is_found(plugin: object, name: str) -> None:
    """A plugin is called what it says; a module is called as its file, other objects have no name then."""
    assert find_name(plugin) == name


def test_a_module_may_call_itself_something_else() -> None:
    """The attribute wins over the name of the file."""
    module = ModuleType("shop.plugin")
    module.name = "shop"  # type: ignore[attr-defined]  # that is the point
    assert find_name(module) == "shop"


@pytest.mark.parametrize(
    "name", ["toy box", "", "toy,box", "-toy", "toy-", "to--y", "spielz\u00e4ug", "toy\n", "app", "core"]
)
def test_names_that_could_be_misread_are_refused(name: str) -> None:
    """Names stand in lists with commas, in entry points and in reports, where the app and the core have names too."""
    (message,) = check(object(), name)
    assert f"cannot be called {name!r}" in message
    assert "A name is letters and digits" in message


@pytest.mark.parametrize("name", ["toy", "toy-box", "toy_box", "toy.box", "Toy2"])
def test_names_may_have_separators(name: str) -> None:
    """A name may be made of words."""
    assert check(object(), name) == []


def test_a_plugin_has_one_name() -> None:
    """A class that calls itself otherwise than its entry point could be neither blocked nor configured."""
    (message,) = check(Toy(), "doll")
    assert "calls itself 'toy'" in message
    assert "write name = 'doll' in it, or 'toy' in the entry point" in message


@pytest.mark.parametrize(
    ("hook_api", "fix"),
    [
        (2, "Upgrade the core (pip install -U yaat-core)"),
        (0, "Upgrade the plugin"),
        ("1.0", "Write hook_api = 1 in the plugin."),
    ],
)
def test_another_hook_api_is_refused(hook_api: Any, fix: str) -> None:
    """A plugin for other hooks is not called; the message says which side is behind."""
    (message,) = check(SimpleNamespace(name="toy", hook_api=hook_api))
    assert f"is written for hook API {hook_api!r}, and this core has hook API 1" in message
    assert fix in message


@pytest.mark.parametrize("attribute", ["requires", "before", "after", "conflicts"])
@pytest.mark.parametrize("value", ["box", ("box", 7), None])
def test_lists_of_names_are_lists_of_names(attribute: str, value: Any) -> None:
    """One text alone would be taken letter by letter, so it is refused like anything else that is no tuple."""
    (message,) = check(SimpleNamespace(name="toy", **{attribute: value}))
    assert f"has {attribute} = {value!r}" in message
    assert f'Write {attribute} = ("other",)' in message


def test_everything_wrong_is_said_at_once() -> None:
    """One look at the messages is enough to mend a plugin."""
    assert len(check(SimpleNamespace(name="doll", hook_api=2, before="x"))) == 3


GO_WITHOUT = 'To go without it: Yaat(block=["toy"]), or YAAT_BLOCK=toy in the environment.'


@pytest.mark.parametrize(
    ("said", "what", "fix"),
    [
        (
            {"hook_api": 2},
            "is written for hook API 2, and this core has hook API 1",
            "Upgrade the core (pip install -U yaat-core), or install an older version of the plugin.",
        ),
        (
            {"hook_api": 0},
            "is written for hook API 0, and this core has hook API 1",
            "Upgrade the plugin, or install an older version of yaat-core.",
        ),
        (
            {"hook_api": "1"},
            "is written for hook API '1', and this core has hook API 1",
            "Write hook_api = 1 in the plugin.",
        ),
        ({"after": "doll"}, "has after = 'doll'", 'Write after = ("other",), a tuple of plugin names.'),
        (
            {"name": "doll"},
            "calls itself 'doll'",
            "A plugin has one name: write name = 'toy' in it, or 'doll' in the entry point.",
        ),
    ],
    ids=["too new", "too old", "no number", "no tuple", "another name"],
)
def test_each_message_says_what_is_wrong_how_to_mend_it_and_how_to_go_without(
    said: dict[str, Any], what: str, fix: str
) -> None:
    """A message about what a plugin says has a line for each of these."""
    assert check(SimpleNamespace(**said)) == [f"Plugin 'toy' {what}.\n{fix}\n{GO_WITHOUT}"]


def test_the_message_about_a_name_tells_the_rule() -> None:
    """What names are made of, and which are taken."""
    (message,) = check(object(), "core")
    assert message.startswith(
        "Plugin 'core' cannot be called 'core'.\n"
        "A name is letters and digits, with single . _ or - between; not ('app', 'core').\n"
    )
