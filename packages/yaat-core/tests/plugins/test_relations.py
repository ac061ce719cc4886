"""How plugins stand to each other."""

from collections.abc import Iterable
from typing import Any

import pytest

from yaat.exceptions import ConfigurationError
from yaat.plugins import BrokenPlugin, PluginErrors
from yaat.plugins.loaded import LoadedPlugin
from yaat.plugins.plugin import Declaration
from yaat.plugins.relations import check_conflicts, check_needs, check_required, refuse_twin, sort_plugins
from yaat.provenance import Owner


def plugin(
    name: str, *, version: str | None = "1.0", is_autoloaded: bool = False, itself: object = None, **said: Any
) -> LoadedPlugin:
    return LoadedPlugin(
        plugin=itself or object(),
        owner=Owner(plugin=name, distribution=f"yaat-{name}" if version else None, version=version),
        declaration=Declaration(name=name, **said),
        implementations=(),
        settings={},
        reason="",
        is_autoloaded=is_autoloaded,
    )


def say(errors: Iterable[ConfigurationError]) -> list[str]:
    return [str(error) for error in errors]


def order(*plugins: LoadedPlugin) -> list[str]:
    return [each.name for each in sort_plugins(plugins)]


def refuse_order(*plugins: LoadedPlugin) -> list[str]:
    with pytest.raises(PluginErrors) as caught:
        sort_plugins(plugins)
    return say(caught.value.errors)


def required(*texts: str, there: Iterable[LoadedPlugin] = (), absent: Any = None, broken: Any = ()) -> list[str]:
    return say(check_required(texts, list(there), absent or {}, broken))


def test_what_is_required_is_there() -> None:
    """A plugin that has all it needs has no errors."""
    assert say(check_needs([plugin("a", requires=("b",)), plugin("b")], {}, ())) == []


def test_what_is_missing_is_named() -> None:
    """The message says what to install, or which name was probably meant."""
    (message,) = say(check_needs([plugin("a", requires=("template",)), plugin("templates")], {}, ()))
    assert "Plugin 'a' (yaat-a 1.0) requires the plugin 'template', which is not there." in message
    assert "Install the package that brings it, or add it to plugins=. Did you mean 'templates'?" in message


def test_why_it_is_missing_is_said() -> None:
    """A plugin that is blocked is not to be installed."""
    absent = {"b": "is blocked: named in YAAT_BLOCK"}
    (message,) = say(check_needs([plugin("a", requires=("b",))], absent, ()))
    assert "requires the plugin 'b', which is blocked: named in YAAT_BLOCK." in message
    assert "Lift that, or take the plugin out too." in message


def test_what_is_broken_is_not_missing_too() -> None:
    """One mistake gives one error."""
    assert say(check_needs([plugin("a", requires=("b",))], {}, {"b"})) == []


def test_plugins_that_bar_each_other_are_an_error() -> None:
    """Both are named, and the way to choose."""
    (message,) = say(check_conflicts([plugin("a", conflicts=("b", "c")), plugin("b")]))
    assert "Plugin 'a' (yaat-a 1.0) cannot work beside plugin 'b' (yaat-b 1.0)." in message
    assert 'Choose one of them: Yaat(block=["b"]) keeps this one.' in message


def test_the_app_requires_plugins() -> None:
    """Their names are enough; versions may be given."""
    assert required("auth", "auth>=2.1", "auth>=2,<3", there=[plugin("auth", version="2.1.0")]) == []


def test_a_plugin_that_the_app_requires_is_missing() -> None:
    """The message says why, or what it might be called."""
    assert required("auth>=2", there=[plugin("oauth")]) == [
        "required_plugins= asks for 'auth>=2', and it is not there.\nDid you mean 'oauth'?"
    ]
    assert required("auth", absent={"auth": "is blocked: named in block="}) == [
        "required_plugins= asks for 'auth', and it is blocked: named in block=.\nThe active plugins: there are none."
    ]


def test_a_plugin_that_the_app_requires_is_too_old() -> None:
    """The message names the version that is there, and what to install."""
    assert required("auth>=2", there=[plugin("auth", version="1.9")]) == [
        "required_plugins= asks for 'auth>=2', and plugin 'auth' (yaat-auth 1.9) is not that.\n"
        "Install it: pip install -U yaat-auth"
    ]


def test_a_plugin_without_a_version_meets_no_range() -> None:
    """What cannot be known is not assumed."""
    (message,) = required("auth>=2", there=[plugin("auth", version=None)])
    assert message == (
        "required_plugins= asks for 'auth>=2', and plugin 'auth' is of no installed distribution, "
        "so its version is not known.\nAsk for it without a version: required_plugins=['auth']."
    )


def test_a_version_that_cannot_be_read_meets_no_range() -> None:
    """The message shows it."""
    (message,) = required("auth>=2", there=[plugin("auth", version="new")])
    assert "the version of plugin 'auth' (yaat-auth new) cannot be read: 'new' is not a version" in message


def test_a_required_plugin_that_is_broken_has_one_error() -> None:
    """That it is not there follows from it."""
    assert required("auth", broken={"auth"}) == []


def test_one_object_under_two_names_is_refused() -> None:
    """Its hooks would be called twice."""
    itself = object()
    with pytest.raises(BrokenPlugin, match="is the same object as plugin 'a'"):
        refuse_twin(plugin("b", itself=itself), [plugin("x"), plugin("a", itself=itself)])


def test_different_objects_are_no_twins() -> None:
    """Every plugin is an object of its own."""
    refuse_twin(plugin("b"), [plugin("a")])


def test_plugins_stand_as_they_were_asked_for() -> None:
    """Where nothing is said, the given order is kept."""
    assert order(plugin("c"), plugin("a"), plugin("b")) == ["c", "a", "b"]


@pytest.mark.parametrize("later", [plugin("a", requires=("b",)), plugin("a", after=("b",))], ids=["requires", "after"])
def test_a_plugin_comes_after_others(later: LoadedPlugin) -> None:
    """What it needs comes earlier, and so does what it says it comes after."""
    assert order(later, plugin("b")) == ["b", "a"]


def test_a_plugin_comes_before_others() -> None:
    """It need not be known to them."""
    assert order(plugin("a"), plugin("b", before=("a",))) == ["b", "a"]


def test_the_order_does_not_need_the_others() -> None:
    """Names that are not there are ignored."""
    assert order(plugin("a", before=("x",), after=("y",)), plugin("b")) == ["a", "b"]


def test_a_circle_is_shown_with_who_says_what() -> None:
    """It is clear from the message which of the plugins to change."""
    (message,) = refuse_order(plugin("a", after=("c",)), plugin("b", requires=("a",)), plugin("c", after=("b",)))
    assert "Plugin 'a' (yaat-a 1.0) would have to come before itself: a → b → c → a." in message
    assert "Take one of these out: b requires a; c says after b; a says after c." in message


def test_every_circle_is_shown() -> None:
    """One look at the messages is enough."""
    messages = refuse_order(
        plugin("a", before=("b",)), plugin("b", before=("a",)), plugin("c", after=("d",)), plugin("d", after=("c",))
    )
    assert len(messages) == 2


def test_a_circle_is_blamed_on_a_plugin_that_nobody_asked_for() -> None:
    """An app that can do without installed plugins leaves that one out."""
    (message,) = refuse_order(plugin("a", after=("b",)), plugin("b", after=("a",), is_autoloaded=True))
    assert message.startswith("Plugin 'b'")


def switch_off(name: str) -> str:
    return f'To go without it: Yaat(block=["{name}"]), or YAAT_BLOCK={name} in the environment.'


@pytest.mark.parametrize(
    ("absent", "reason", "fix"),
    [
        (
            {},
            "is not there",
            "Install the package that brings it, or add it to plugins=. The other plugins are: b, c.",
        ),
        (
            {"zebra": "is blocked: named in block="},
            "is blocked: named in block=",
            "Lift that, or take the plugin out too.",
        ),
    ],
    ids=["unknown", "blocked"],
)
def test_the_message_about_a_missing_plugin_is_whole(absent: dict[str, str], reason: str, fix: str) -> None:
    """What is missing and why, how to mend it, and how to go without the plugin that needs it."""
    there = [plugin("c"), plugin("a", requires=("zebra",)), plugin("b")]
    assert say(check_needs(there, absent, ())) == [
        f"Plugin 'a' (yaat-a 1.0) requires the plugin 'zebra', which {reason}.\n{fix}\n{switch_off('a')}"
    ]


def test_all_that_is_missing_is_named() -> None:
    """What is there, or broken, does not hide what comes behind it."""
    there = [plugin("a", requires=("b", "c", "x", "y")), plugin("b")]
    messages = say(check_needs(there, {}, {"c"}))
    assert [message.split("'")[3] for message in messages] == ["x", "y"]


def test_the_message_about_plugins_that_bar_each_other_is_whole() -> None:
    """Either can be kept."""
    assert say(check_conflicts([plugin("a", conflicts=("b",)), plugin("b")])) == [
        "Plugin 'a' (yaat-a 1.0) cannot work beside plugin 'b' (yaat-b 1.0).\n"
        f'Choose one of them: Yaat(block=["b"]) keeps this one.\n{switch_off("a")}'
    ]


def test_the_message_about_twins_is_whole() -> None:
    """One of the names is too many."""
    itself = object()
    with pytest.raises(BrokenPlugin) as caught:
        refuse_twin(plugin("b", itself=itself), [plugin("a", itself=itself)])
    assert str(caught.value) == (
        "Plugin 'b' (yaat-b 1.0) is the same object as plugin 'a' (yaat-a 1.0).\n"
        f"Take one of the two names out of the entry points, or make it a class.\n{switch_off('b')}"
    )


def test_the_message_about_a_circle_is_whole() -> None:
    """All who say something are named, in the order of the circle."""
    assert refuse_order(plugin("a", before=("b",)), plugin("b", before=("a",))) == [
        "Plugin 'a' (yaat-a 1.0) would have to come before itself: a → b → a.\n"
        f"Take one of these out: a says before b; b says before a.\n{switch_off('a')}"
    ]


def test_the_message_about_a_required_plugin_lists_those_that_are_there() -> None:
    """Where no name is similar, what is active may help."""
    assert required("zebra", there=[plugin("b"), plugin("a")]) == [
        "required_plugins= asks for 'zebra', and it is not there.\nThe active plugins are: a, b."
    ]
