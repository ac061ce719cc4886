"""From what the app was told to a manager: with distributions that are really installed."""

import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from yaat.exceptions import ConfigurationError
from yaat.plugins import (
    BrokenPlugin,
    Plugin,
    PluginErrors,
    PluginManager,
    PluginOptions,
    PluginWarning,
    excuse,
    hookimpl,
)
from yaat.plugins.loading import load_plugins
from yaat.provenance import Owner

ROUTES = """
    @hookimpl
    def yaat_register_routes(self, app):
        return []
"""
RAISES = """
    @hookimpl
    def yaat_register_routes(self, app):
        raise ValueError("no wheels")
"""


class Toy(Plugin):
    name = "toy"


def only(messages: list[str]) -> str:
    (message,) = messages
    return message


# --- what is loaded ---


def test_installed_plugins_are_loaded(site: Any) -> None:
    """They are active with the distribution and version they came in."""
    site.install_plugin("b", ROUTES, version="2.1")
    site.install_plugin("a")
    first, second = site.load().statuses
    assert (first.owner, first.hooks) == (Owner(plugin="a", distribution="yaat-a", version="1.0"), ())
    assert second.owner == Owner(plugin="b", distribution="yaat-b", version="2.1")
    assert (second.state, second.reason, second.hooks) == ("active", "installed", ("yaat_register_routes",))


def test_an_installed_module_is_a_plugin(site: Any) -> None:
    """Its hooks are functions; it goes by the name of its entry point, and finds its settings in a hook."""
    source = """
        from yaat.plugins import hookimpl

        seen = {}

        @hookimpl
        def yaat_configure(app, settings):
            seen.update(settings)
    """
    site.install("yaat-toy", plugins={"toy": "site_toy_module"}, modules={"site_toy_module.py": source})
    manager = site.load(settings={"toy": {"colour": "blue"}})
    manager.configure(None)
    assert manager.plugins["toy"].seen == {"colour": "blue"}


def test_settings_reach_the_constructor(site: Any) -> None:
    """They are keyword arguments of an installed class."""
    site.install_plugin("a", "def __init__(self, colour='red'):\n    self.colour = colour")
    assert site.load(settings={"a": {"colour": "blue"}}).plugins["a"].colour == "blue"


def test_plugins_come_in_the_order_they_ask_for(site: Any) -> None:
    """Given ones first, then installed ones by name, and then what they say of each other."""
    site.install_plugin("a", "after = ('z',)")
    site.install_plugin("b")
    site.install_plugin("z")
    assert list(site.load(plugins=[Toy()]).plugins) == ["toy", "b", "z", "a"]


def test_only_what_is_chosen_is_imported(site: Any) -> None:
    """What is blocked may be broken."""
    site.install("yaat-a", plugins={"a": "site_a_broken"}, modules={"site_a_broken.py": "raise ValueError"})
    assert list(site.load(block=["a"]).plugins) == []
    assert list(site.load({"YAAT_BLOCK": "a"}).plugins) == []
    assert list(site.load({"YAAT_AUTOLOAD": "0"}).plugins) == []
    assert "site_a_broken" not in sys.modules


def test_what_became_of_every_plugin_is_told(site: Any) -> None:
    """Those that are not active come after those that are."""
    site.install_plugin("a")
    site.install_plugin("toy")
    states = [(each.owner.plugin, each.state) for each in site.load(plugins=[Toy()], block=["a"]).statuses]
    assert states == [("toy", "active"), ("a", "blocked"), ("toy", "replaced")]


def test_nothing_is_searched_when_nothing_is_asked_for() -> None:
    """Without autoloading and names it does not matter what is installed."""

    class Unsearchable(list[str]):
        def __iter__(self) -> Iterator[str]:
            raise AssertionError("searched")

    manager = load_plugins(PluginOptions(plugins=[Toy()], autoload=False), environment={}, path=Unsearchable())
    assert list(manager.plugins) == ["toy"]


# --- what is refused ---


@pytest.mark.parametrize(
    ("body", "what", "fix"),
    [
        ("import no_such_wheels", "needs the module 'no_such_wheels', which is not", "pip install no_such_wheels"),
        ("raise ValueError('boom')", "cannot be imported: ValueError: boom", "The traceback"),
        ("def :", "cannot be imported, because its code is not valid", "pip install -U yaat-toy"),
        ("hook_api = 2", "is written for hook API 2, and this core has hook API 1", "pip install -U yaat-core"),
        ("name = 'doll'", "calls itself 'doll'", "write name = 'toy' in it"),
        ("requires = 'box'", "has requires = 'box'", 'Write requires = ("other",)'),
        ("requires = ('box',)", "requires the plugin 'box', which is not there", "Install the package"),
        ("before = after = ('z',)\nrequires = ('toy',)", "come before itself: toy → toy", "toy requires toy"),
        ("def __init__(self, key): pass", "does not take these settings", "Its options are: key."),
        ("def __init__(self): raise ValueError('boom')", "raised ValueError while it was made: boom", "Its settings"),
        ("@hookimpl\ndef yaat_register_route(self): pass", "unknown hook", "Did you mean 'yaat_register_routes'?"),
        ("@hookimpl\ndef yaat_app_built(self, reports): pass", "an argument 'reports'", "Did you mean 'report'?"),
        ("@hookimpl\nasync def yaat_app_built(self): pass", "that is async", "Write it with plain def."),
        ("@hookimpl\ndef yaat_app_built(self): yield", "that is a generator", "Return a list."),
        ("@hookimpl\ndef yaat_app_built(self, **all): pass", "takes '**all'", "write them as plain parameters"),
        ("def yaat_app_built(self): pass", "function 'yaat_app_built' that is not marked", "Put @hookimpl above it"),
        ("@hookimpl\ndef yaat_addhooks(self, manager): 1 / 0", "raised ZeroDivisionError in its hook", "traceback"),
    ],
)
def test_a_broken_plugin_is_refused(site: Any, body: str, what: str, fix: str) -> None:
    """The message says which plugin of which distribution, what, how to mend it, and how to go without it."""
    site.install_plugin("toy", body, version="1.2")
    message = only(site.fail())
    assert message.startswith("Plugin 'toy' (yaat-toy 1.2) ")
    assert what in message
    assert fix in message
    assert message.endswith('To go without it: Yaat(block=["toy"]), or YAAT_BLOCK=toy in the environment.')


def test_a_plugin_for_another_core_is_refused(site: Any) -> None:
    """What its distribution requires is held against the core that is installed."""
    site.install("yaat-core", version="0.2.0")
    site.install("yaat-toy", plugins={"toy": "never_imported"}, requires=["yaat-core>=0.3"])
    assert "requires yaat-core>=0.3, and yaat-core 0.2.0 is running" in only(site.fail())


def test_settings_that_do_not_fit_are_refused(site: Any) -> None:
    """The option that was probably meant is named."""
    site.install_plugin("toy", "def __init__(self, *, colour='red'): pass")
    message = only(site.fail(settings={"toy": {"color": "blue"}}))
    assert "got an unexpected keyword argument 'color'" in message
    assert "Did you mean 'colour'?" in message


def test_settings_for_nobody_are_refused(site: Any) -> None:
    """The plugin that was probably meant is named."""
    site.install_plugin("openapi")
    assert "Did you mean 'openapi'?" in only(site.fail(settings={"opnapi": {}}))


def test_two_distributions_with_one_name_are_refused(site: Any) -> None:
    """Which one was meant cannot be known."""
    site.install("yaat-toy", plugins={"toy": "x:X"})
    site.install("other-toy", plugins={"toy": "y:Y"})
    message = only(site.fail())
    assert "yaat-toy 1.0 (x:X)" in message
    assert "other-toy 1.0 (y:Y)" in message


def test_one_module_under_two_names_is_refused(site: Any) -> None:
    """Its hooks would be called twice."""
    source = "from yaat.plugins import hookimpl\n\n@hookimpl\ndef yaat_app_built(): pass\n"
    site.install("yaat-toy", plugins={"a": "site_twin", "b": "site_twin"}, modules={"site_twin.py": source})
    assert "Plugin 'b' (yaat-toy 1.0) is the same object as plugin 'a'" in only(site.fail())


def test_a_blocked_plugin_that_another_requires_is_refused(site: Any) -> None:
    """The message says who blocked it."""
    site.install_plugin("a", "requires = ('b',)")
    site.install_plugin("b")
    assert "which is blocked: named in YAAT_BLOCK" in only(site.fail({"YAAT_BLOCK": "b"}))


def test_a_plugin_that_was_not_asked_for_is_not_there(site: Any) -> None:
    """The message says that it is installed."""
    site.install_plugin("a", "requires = ('b',)")
    site.install_plugin("b")
    assert "is installed, but not in plugins=" in only(site.fail(plugins=["a"], autoload=False))


def test_plugins_that_bar_each_other_are_refused(site: Any) -> None:
    """Somebody has to choose."""
    site.install_plugin("a", "conflicts = ('b',)")
    site.install_plugin("b")
    assert "cannot work beside plugin 'b' (yaat-b 1.0)" in only(site.fail())


def test_plugins_in_a_circle_are_refused(site: Any) -> None:
    """The circle is shown."""
    site.install_plugin("a", "before = ('b',)")
    site.install_plugin("b", "before = ('a',)")
    assert "come before itself: a → b → a" in only(site.fail())


def test_a_required_plugin_that_is_missing_is_refused(site: Any) -> None:
    """What the app cannot do without is checked by name and version."""
    site.install_plugin("auth", version="2.0")
    assert "plugin 'auth' (yaat-auth 2.0) is not that" in only(site.fail(required_plugins=["auth>=2.1"]))
    assert list(site.load(required_plugins=["auth>=2"]).plugins) == ["auth"]


def test_everything_wrong_is_said_at_once(site: Any) -> None:
    """Mistakes of every kind, by every plugin, are in one group."""
    site.install_plugin("a", "import no_such_wheels")
    site.install_plugin("b", "hook_api = 2")
    site.install_plugin("c", "requires = ('x',)")
    site.install_plugin("d", "@hookimpl\ndef yaat_oops(self): pass")
    messages = site.fail(plugins=["opnapi"], settings={"z": {}}, required_plugins=["y"])
    assert len(messages) == 7


def test_one_mistake_gives_one_error(site: Any) -> None:
    """A plugin that needs a broken one, or its hooks, is not blamed for it."""
    site.install_plugin("a", "import no_such_wheels")
    site.install_plugin("b", "requires = ('a',)\n@hookimpl\ndef yaat_a_wheels(self): pass")
    assert only(site.fail(required_plugins=["a"])).startswith("Plugin 'a'")


def test_nothing_takes_effect_when_anything_is_wrong(site: Any) -> None:
    """No plugin hears of another, so none has done anything."""
    heard: list[str] = []

    def listen(name: str) -> None:
        heard.append(name)

    listener = SimpleNamespace(name="toy", yaat_plugin_registered=hookimpl(listen))
    site.install_plugin("a", "@hookimpl\ndef yaat_oops(self): pass")
    site.fail(plugins=[listener])
    assert heard == []


def test_an_unclear_environment_is_refused(site: Any) -> None:
    """It is not a mistake of any plugin."""
    with pytest.raises(ConfigurationError, match="YAAT_AUTOLOAD"):
        site.load({"YAAT_AUTOLOAD": "maybe"})


def test_plugins_and_the_core_are_looked_for_in_the_folders_that_are_named(site: Any) -> None:
    """What is on the path of imports besides does not count."""
    other = type(site)(site.path / "other")
    other.path.mkdir()
    other.install("yaat-core", version="9.0")
    other.install_plugin("a", requires=["yaat-core<9"])
    assert "requires yaat-core<9, and yaat-core 9.0 is running.\n" in only(other.fail())


def test_why_an_installed_plugin_is_not_active_is_told(site: Any) -> None:
    """It has to be asked for where nothing joins in by itself."""
    site.install_plugin("a")
    assert only(site.fail(required_plugins=["a"], autoload=False)) == (
        "required_plugins= asks for 'a', and it is installed, but not in plugins=, and autoloading is off.\n"
        "The active plugins: there are none."
    )


# --- what is left out ---


def test_a_broken_installed_plugin_can_be_left_out(site: Any) -> None:
    """With a warning, and the reason in its status; the others are active."""
    site.install_plugin("a", "import no_such_wheels")
    site.install_plugin("b")
    with pytest.warns(PluginWarning, match="Left out: Plugin 'a'"):
        manager = site.load(on_plugin_error="warn")
    active, failed = manager.statuses
    assert (active.owner.plugin, active.state) == ("b", "active")
    assert (failed.owner.plugin, failed.state) == ("a", "failed")
    assert "needs the module 'no_such_wheels'" in failed.reason


@pytest.mark.filterwarnings("ignore::yaat.plugins.PluginWarning")
def test_what_needs_a_plugin_that_was_left_out_is_left_out_too(site: Any) -> None:
    """It says so."""
    site.install_plugin("a", "import no_such_wheels")
    site.install_plugin("b", "requires = ('a',)")
    site.install_plugin("c")
    manager = site.load(on_plugin_error="warn")
    assert list(manager.plugins) == ["c"]
    reasons = {each.owner.plugin: each.reason for each in manager.statuses}
    assert "requires the plugin 'a', which was left out, because it is broken" in reasons["b"]
    assert "needs the module 'no_such_wheels'" in reasons["a"]


@pytest.mark.filterwarnings("ignore::yaat.plugins.PluginWarning")
@pytest.mark.parametrize(
    "body",
    [
        "conflicts = ('toy',)",
        "before = ('toy',)\nafter = ('toy',)",
        "@hookimpl\ndef yaat_plugin_registered(self): 1 / 0",
    ],
)
def test_whatever_breaks_an_installed_plugin_it_is_left_out(site: Any, body: str) -> None:
    """Also what is found late: between plugins, or when they hear of each other."""
    site.install_plugin("a", body)
    assert list(site.load(plugins=[Toy()], on_plugin_error="warn").plugins) == ["toy"]


@pytest.mark.filterwarnings("ignore::yaat.plugins.PluginWarning")
def test_rivals_that_nobody_asked_for_are_left_out(site: Any) -> None:
    """Neither of the two wins by chance."""
    site.install("yaat-toy", plugins={"toy": "x:X"})
    site.install("other-toy", plugins={"toy": "y:Y"})
    assert list(site.load(on_plugin_error="warn").plugins) == []


def test_a_plugin_that_was_asked_for_is_never_left_out(site: Any) -> None:
    """Whoever names a plugin needs it."""
    site.install_plugin("a", "import no_such_wheels")
    assert "needs the module" in only(site.fail(plugins=["a"], on_plugin_error="warn"))


@pytest.mark.filterwarnings("ignore::yaat.plugins.PluginWarning")
def test_a_required_plugin_is_never_left_out(site: Any) -> None:
    """What the app says it cannot do without stops it."""
    site.install_plugin("a", "import no_such_wheels")
    message = only(site.fail(required_plugins=["a"], on_plugin_error="warn"))
    assert "required_plugins= asks for 'a', and it was left out, because it is broken" in message


def build(site: Any, **options: Any) -> PluginManager:
    """Collect routes as an app does while it is built, going on without plugins that can be excused."""
    failed: dict[str, BrokenPlugin] = {}
    while True:
        manager = load_plugins(PluginOptions(**options), failed=failed, environment={}, path=[str(site.path)])
        try:
            manager.collect("yaat_register_routes", app=None)
        except PluginErrors as errors:
            failed |= excuse(errors, manager.excusable)
        else:
            return manager


def test_a_plugin_that_breaks_during_the_build_can_be_left_out(site: Any) -> None:
    """Nothing of it stays: the app is built again without it."""
    site.install_plugin("a", RAISES)
    site.install_plugin("b", ROUTES)
    with pytest.warns(PluginWarning, match="Left out: Plugin 'a'"):
        manager = build(site, on_plugin_error="warn")
    assert [(each.owner.plugin, each.state) for each in manager.statuses] == [("b", "active"), ("a", "failed")]


def test_a_plugin_that_breaks_during_the_build_stops_it(site: Any) -> None:
    """That is the rule, and leaving out is the exception."""
    site.install_plugin("a", RAISES)
    with pytest.raises(PluginErrors, match="A problem with plugins"):
        build(site)
