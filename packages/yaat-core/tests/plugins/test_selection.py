"""Which plugins join in."""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import pytest

from yaat.plugins import Plugin, PluginOptions, PluginStatus, PluginWarning
from yaat.plugins.discovery import InstalledPlugin
from yaat.plugins.options import read_switches
from yaat.plugins.selection import Selection, select_plugins
from yaat.provenance import Owner


class Toy(Plugin):
    name = "toy"


def installed(name: str, distribution: str = "", target: str = "x:X") -> InstalledPlugin:
    owner = Owner(plugin=name, distribution=distribution or f"yaat-{name}", version="1.0")
    return InstalledPlugin(owner=owner, target=target)


def select(*there: InstalledPlugin, environment: Mapping[str, str] | None = None, **options: Any) -> Selection:
    return select_plugins(PluginOptions(**options), read_switches(environment or {}), there)


def names(selection: Selection) -> Sequence[str]:
    assert selection.errors == ()
    return [candidate.owner.plugin for candidate in selection.candidates]


def test_installed_plugins_join_in_by_name() -> None:
    """To install a plugin is to choose it; the order is the same on every machine."""
    assert names(select(installed("b"), installed("a"))) == ["a", "b"]


@pytest.mark.parametrize("said", [{"autoload": False}, {"environment": {"YAAT_AUTOLOAD": "0"}}])
def test_without_autoloading_only_what_is_asked_for_joins_in(said: Mapping[str, Any]) -> None:
    """The app and the operator can both turn it off."""
    assert names(select(installed("a"), installed("b"), plugins=["b", Toy()], **said)) == ["b", "toy"]


def test_what_is_asked_for_comes_first_in_the_order_given() -> None:
    """Autoloaded plugins follow."""
    there = (installed("a"), installed("b"), installed("c"))
    assert names(select(*there, plugins=["c", Toy(), "b"])) == ["c", "toy", "b", "a"]


def test_why_a_plugin_joined_in_is_known() -> None:
    """Reports say who asked for it."""
    selection = select(installed("a"), installed("b"), plugins=["b", Toy()])
    reasons = {each.owner.plugin: (each.reason, each.is_autoloaded) for each in selection.candidates}
    assert reasons == {
        "b": ("named in plugins=", False),
        "toy": ("given in plugins=", False),
        "a": ("installed", True),
    }


@pytest.mark.parametrize(
    ("said", "reason"),
    [({"block": ["a"]}, "named in block="), ({"environment": {"YAAT_BLOCK": "a"}}, "named in YAAT_BLOCK")],
)
def test_blocking_wins_over_everything(said: Mapping[str, Any], reason: str) -> None:
    """Even over the app's own request; the report says who blocked."""
    selection = select(installed("a"), plugins=["a"], **said)
    assert names(selection) == []
    assert selection.left_out == (PluginStatus(owner=installed("a").owner, state="blocked", reason=reason),)


def test_an_instance_is_blocked_by_its_name() -> None:
    """Operators turn plugins off without touching the code."""
    selection = select(plugins=[Toy()], environment={"YAAT_BLOCK": "toy"})
    assert names(selection) == []
    assert selection.left_out == (
        PluginStatus(owner=Owner(plugin="toy"), state="blocked", reason="named in YAAT_BLOCK"),
    )


def test_blocking_what_is_not_there_is_no_mistake() -> None:
    """One environment serves many apps; the report still shows it."""
    (status,) = select(environment={"YAAT_BLOCK": "debugbar"}).left_out
    assert (status.owner.plugin, status.state) == ("debugbar", "blocked")


def test_a_slip_in_blocking_is_warned_of() -> None:
    """What somebody wanted to go without must not stay active silently."""
    with pytest.warns(
        PluginWarning, match="No plugin is called 'debugbr', which is named in block=. Did you mean 'deb"
    ):
        select(installed("debugbar"), block=["debugbr"])


def test_blocking_one_of_two_similar_plugins_is_no_slip() -> None:
    """A name that something has is meant."""
    assert names(select(installed("toy1"), installed("toy2"), block=["toy1"])) == ["toy2"]
    assert names(select(installed("toys"), plugins=[Toy()], block=["toy"])) == ["toys"]


def test_an_instance_takes_the_place_of_what_is_installed() -> None:
    """The app's own object wins; that of the other package is reported as replaced."""
    selection = select(installed("toy", "rival-toy", "rival.toy:Toy"), plugins=[Toy()])
    assert names(selection) == ["toy"]
    (status,) = selection.left_out
    assert (status.owner.distribution, status.state) == ("rival-toy", "replaced")
    assert status.reason == "another is given in plugins="


def test_an_instance_of_an_installed_plugin_keeps_its_origin() -> None:
    """Its distribution and version are known though the app made it."""
    here = Toy.__module__.partition(".")[0]
    there = installed("toy", "yaat-toy", f"{here}.plugin:Toy")
    selection = select(there, plugins=[Toy()])
    (candidate,) = selection.candidates
    assert candidate.owner == there.owner
    assert selection.left_out == ()


def test_a_module_of_an_installed_plugin_keeps_its_origin() -> None:
    """For modules the name of the package decides too."""
    module = ModuleType("yaat_toy.plugin")
    (candidate,) = select(installed("plugin", "yaat-toy", "yaat_toy.plugin"), plugins=[module]).candidates
    assert candidate.owner.distribution == "yaat-toy"


def test_a_plugin_from_deep_in_a_package_keeps_its_origin() -> None:
    """Wherever in the package the object and the entry point are, the package is the same."""
    module = ModuleType("yaat_toy.inner.parts.plugin")
    (candidate,) = select(installed("plugin", "yaat-toy", "yaat_toy.outer.plugin"), plugins=[module]).candidates
    assert candidate.owner.distribution == "yaat-toy"


def test_an_unknown_name_is_an_error() -> None:
    """The message names what is installed, and what to install."""
    (error,) = select(installed("openapi"), plugins=["opnapi"]).errors
    assert str(error) == (
        "plugins= names 'opnapi', and no installed package brings a plugin of that name.\n"
        "Did you mean 'openapi'? If it is one of Yaat's own: pip install yaat-opnapi"
    )


def test_a_name_that_is_like_no_other_is_told_with_what_is_installed() -> None:
    """The message lists all that could be meant."""
    (error,) = select(installed("openapi"), installed("forms"), plugins=["zebra"]).errors
    assert str(error).endswith(
        "\nThe installed plugins are: forms, openapi. If it is one of Yaat's own: pip install yaat-zebra"
    )


def test_two_distributions_with_one_name_are_an_error() -> None:
    """Neither wins by chance; both are named with their versions."""
    (error,) = select(installed("auth", "yaat-auth"), installed("auth", "other-auth")).errors
    assert str(error) == (
        "Plugin 'auth' (yaat-auth 1.0) is brought by yaat-auth 1.0 (x:X) and by other-auth 1.0 (x:X).\n"
        "Uninstall one, or give an instance of the one you mean: Yaat(plugins=[…]).\n"
        'To go without it: Yaat(block=["auth"]), or YAAT_BLOCK=auth in the environment.'
    )


def test_any_number_of_distributions_with_one_name_are_named() -> None:
    """The message lists all of them."""
    (error,) = select(*(installed("auth", name) for name in ("one", "two", "three"))).errors
    assert "is brought by one 1.0 (x:X) and by two 1.0 (x:X) and by three 1.0 (x:X).\n" in str(error)


def test_two_distributions_with_one_name_can_be_told_apart() -> None:
    """An instance settles it, and so does blocking."""
    there = (installed("toy", "yaat-toy"), installed("toy", "other-toy"))
    assert names(select(*there, plugins=[Toy()])) == ["toy"]
    assert names(select(*there, block=["toy"])) == []


def test_settings_for_a_plugin_that_is_not_there_are_an_error() -> None:
    """They would be ignored silently."""
    (error,) = select(installed("openapi"), settings={"opnapi": {}}).errors
    assert str(error) == (
        "settings= has options for 'opnapi', and no active plugin is called so.\nDid you mean 'openapi'?"
    )


def test_settings_for_a_name_that_is_like_no_other_are_told_with_what_is_active() -> None:
    """The message lists the plugins that have settings."""
    (error,) = select(installed("openapi"), installed("forms"), settings={"zebra": {}}).errors
    assert str(error).endswith(
        "settings= has options for 'zebra', and no active plugin is called so.\nThe active plugins are: forms, openapi."
    )


def test_settings_of_a_blocked_plugin_may_stay() -> None:
    """To turn a plugin off is one change and not two."""
    assert names(select(installed("openapi"), block=["openapi"], settings={"openapi": {}})) == []
