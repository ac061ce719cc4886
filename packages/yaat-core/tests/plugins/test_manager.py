"""The plugins of one app, and the ways to ask them something."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

from yaat.plugins import BrokenPlugin, Plugin, PluginErrors, PluginManager, hookimpl, hookspec
from yaat.plugins.admission import load_plugin
from yaat.plugins.selection import Candidate
from yaat.provenance import APP, Owner
from yaat.records import JSONCodec, PathConverter

Load = Callable[..., PluginManager]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A record that a hook gives."""

    path: str
    owner: Owner = APP


def plugin(name: str, **said: Any) -> SimpleNamespace:
    """Return a plugin with hooks and attributes; functions named like hooks are marked."""
    marked = {key: hookimpl(value) if key.startswith("yaat_") else value for key, value in said.items()}
    return SimpleNamespace(name=name, **marked)


def gives(name: str, result: Any, hook: str = "yaat_register_converters") -> SimpleNamespace:
    return plugin(name, **{hook: lambda app: result})


def raises(name: str, hook: str = "yaat_register_converters") -> SimpleNamespace:
    def fail(app: Any) -> None:
        raise ValueError("no wheels")

    return plugin(name, **{hook: fail})


def converter(name: str) -> PathConverter:
    return PathConverter(name=name, parse=str)


def refuse(ask: Callable[[], object]) -> list[str]:
    with pytest.raises(PluginErrors) as caught:
        ask()
    return [str(error) for error in caught.value.errors]


# --- what is here ---


def test_plugins_are_known_in_order(load: Load) -> None:
    """The objects themselves can be had by name, read-only."""
    a, b = gives("a", None), gives("b", None)
    manager = load(b, a)
    assert list(manager.plugins.items()) == [("b", b), ("a", a)]
    with pytest.raises(TypeError):
        manager.plugins["c"] = a  # type: ignore[index]  # that is the point


def test_every_hook_is_known_with_who_implements_it(load: Load) -> None:
    """Hooks that nobody implements are there too."""
    hooks = load(gives("b", None), gives("a", None)).hooks
    assert hooks["yaat_register_converters"] == ("b", "a")
    assert hooks["yaat_register_routes"] == ()


def test_owners_are_found_by_name(load: Load) -> None:
    """What is known of an active plugin can be asked for."""
    manager = load(gives("a", None))
    assert manager.find_owner("a") == Owner(plugin="a")
    assert manager.find_owner("b") is None


def test_the_status_of_an_active_plugin_names_its_hooks(load: Load) -> None:
    """Each once, in alphabetical order."""
    manager = load(plugin("a", yaat_register_routes=lambda app: None, yaat_configure=lambda app: None))
    (status,) = manager.statuses
    assert (status.owner, status.state, status.reason) == (Owner(plugin="a"), "active", "given in plugins=")
    assert status.hooks == ("yaat_configure", "yaat_register_routes")


def test_apps_share_nothing(load: Load) -> None:
    """Each app has a manager of its own, with its own hooks."""
    load(plugin("a", yaat_addhooks=lambda manager: manager.add_hookspecs(PageHooks)))
    assert "yaat_pages" not in load().hooks


# --- collect ---


def test_records_are_collected_flat_in_plugin_order(load: Load, app: Any) -> None:
    """Each names the plugin that gave it, whatever it said itself."""
    manager = load(gives("b", converter("x")), gives("c", None), gives("a", [converter("y"), converter("z")]))
    records = manager.collect("yaat_register_converters", expect=PathConverter, app=app)
    assert [(record.name, record.owner.plugin) for record in records] == [("x", "b"), ("y", "a"), ("z", "a")]


def test_records_of_the_plugin_stay_untouched(load: Load, app: Any) -> None:
    """A plugin may give the same record to many apps."""
    record = converter("x")
    load(gives("a", record)).collect("yaat_register_converters", expect=PathConverter, app=app)
    assert record.owner == APP


def test_every_plugin_that_breaks_is_named(load: Load, app: Any) -> None:
    """One that raises and one that gives something else are errors of the same group."""
    manager = load(raises("a"), gives("b", converter("x")), gives("c", "rubbish"))
    first, second = refuse(lambda: manager.collect("yaat_register_converters", expect=PathConverter, app=app))
    assert first.startswith("Plugin 'a' raised ValueError in its hook 'yaat_register_converters': no wheels.")
    assert second.startswith("Plugin 'c' gave 'rubbish' from its hook 'yaat_register_converters'.")


def test_a_hook_that_gives_nothing_collects_nothing(load: Load, app: Any) -> None:
    """It is called all the same."""
    seen: list[Any] = []

    def look(report: Any) -> None:
        seen.append(report)

    manager = load(plugin("a", yaat_app_built=look))
    assert manager.collect("yaat_app_built", app=app, report="report") == []
    assert seen == ["report"]


# --- configure ---


def test_each_plugin_sees_its_own_settings(load: Load, app: Any) -> None:
    """Those of others may be secret; one without settings gets an empty mapping."""
    seen: dict[str, Any] = {}

    def remember(name: str) -> Any:
        return plugin(name, yaat_configure=lambda app, settings: seen.update({name: dict(settings)}))

    load(remember("a"), remember("b"), settings={"a": {"key": "s3cret"}}).configure(app)
    assert seen == {"a": {"key": "s3cret"}, "b": {}}


def test_every_plugin_that_refuses_its_settings_is_named(load: Load, app: Any) -> None:
    """What it raises is the reason."""
    manager = load(raises("a", "yaat_configure"), gives("b", 7, "yaat_configure"))
    first, second = refuse(lambda: manager.configure(app))
    assert first.startswith("Plugin 'a' raised ValueError in its hook 'yaat_configure': no wheels.")
    assert "Return nothing." in second


# --- first ---


def test_the_first_answer_counts(load: Load, app: Any) -> None:
    """Nobody after it is asked; it names its plugin."""
    codec = JSONCodec(encode=repr, decode=eval)  # type: ignore[arg-type]  # never called
    manager = load(
        gives("a", None, "yaat_json_codec"), gives("b", codec, "yaat_json_codec"), raises("c", "yaat_json_codec")
    )
    found = manager.first("yaat_json_codec", expect=JSONCodec, app=app)
    assert found == replace(codec, owner=Owner(plugin="b"))


def test_no_answer_is_none(load: Load, app: Any) -> None:
    """It is left to whoever asks."""
    assert load(gives("a", None, "yaat_json_codec")).first("yaat_json_codec", expect=JSONCodec, app=app) is None


def test_an_answer_that_is_none_of_the_kind_is_an_error(load: Load, app: Any) -> None:
    """It is not passed over in silence."""
    manager = load(gives("a", 7, "yaat_json_codec"))
    (message,) = refuse(lambda: manager.first("yaat_json_codec", expect=JSONCodec, app=app))
    assert "Plugin 'a' gave 7 from its hook 'yaat_json_codec'" in message


# --- fold ---


def wraps(name: str) -> SimpleNamespace:
    return plugin(name, yaat_wrap_endpoint=lambda endpoint: lambda: f"{name}({endpoint()})")


def fold(manager: PluginManager) -> Callable[[], str]:
    inner: Callable[[], str] = lambda: "handler"  # noqa: E731  # a function that is nothing but its result
    return manager.fold("yaat_wrap_endpoint", "endpoint", inner, expect=Callable, app=None, route=None)


def test_a_value_goes_from_plugin_to_plugin(load: Load) -> None:
    """The last one is outermost."""
    assert fold(load(wraps("a"), wraps("b")))() == "b(a(handler))"


def test_none_leaves_a_value_alone(load: Load) -> None:
    """So do plugins without the hook: the very same object comes out."""
    manager = load(plugin("a", yaat_wrap_endpoint=lambda endpoint: None))
    assert fold(manager)() == "handler"


def test_a_value_of_another_kind_is_an_error(load: Load) -> None:
    """The plugin that gave it is named, not the one that comes next."""
    (message,) = refuse(lambda: fold(load(plugin("a", yaat_wrap_endpoint=lambda endpoint: 7), wraps("b"))))
    assert message.startswith("Plugin 'a' gave 7 from its hook 'yaat_wrap_endpoint'")
    assert "Return Callable, or None." in message


# --- revise ---


def revise(manager: PluginManager, *pages: Page) -> list[Page]:
    return manager.revise("yaat_modify_routes", "routes", pages, expect=Page, app=None)


def test_records_go_from_plugin_to_plugin(load: Load) -> None:
    """Each is given what the one before it left, as a tuple."""
    drop = plugin("a", yaat_modify_routes=lambda routes: routes[1:])
    turn = plugin("b", yaat_modify_routes=lambda routes: routes[::-1])
    x, y, z = Page(path="x"), Page(path="y"), Page(path="z")
    assert revise(load(drop, turn), x, y, z) == [z, y]


def test_none_leaves_records_alone(load: Load) -> None:
    """An empty list does not: it drops them all."""
    page = Page(path="x")
    assert revise(load(plugin("a", yaat_modify_routes=lambda routes: None)), page) == [page]
    assert revise(load(plugin("a", yaat_modify_routes=lambda routes: [])), page) == []


def test_changed_records_keep_their_owner(load: Load) -> None:
    """Who changed a record did not give it."""
    manager = load(plugin("a", yaat_modify_routes=lambda routes: [replace(routes[0], path="y")]))
    given = Page(path="x", owner=Owner(plugin="b"))
    assert revise(manager, given) == [Page(path="y", owner=Owner(plugin="b"))]


def test_records_of_another_kind_are_an_error(load: Load) -> None:
    """The plugin that gave them is named."""
    (message,) = refuse(lambda: revise(load(plugin("a", yaat_modify_routes=lambda routes: ["y"]))))
    assert message.startswith("Plugin 'a' gave 'y' from its hook 'yaat_modify_routes'")


# --- hooks of plugins ---


class PageHooks:
    @hookspec
    def yaat_pages(self, app: Any) -> None: ...


class Pages(Plugin):
    name = "pages"

    @hookimpl
    def yaat_addhooks(self, manager: PluginManager, colour: str = "blue") -> None:
        manager.add_hookspecs(PageHooks)


def test_a_plugin_adds_hooks_for_others(load: Load, app: Any) -> None:
    """They may come before it in the order."""
    manager = load(gives("a", Page(path="x"), "yaat_pages"), Pages())
    assert manager.collect("yaat_pages", expect=Page, app=app) == [Page(path="x", owner=Owner(plugin="a"))]


def test_implementations_of_added_hooks_are_checked(load: Load) -> None:
    """The blame is on who implements the hook wrongly, not on who added it."""
    (message,) = refuse(lambda: load(Pages(), plugin("a", yaat_pages=lambda rubbish: None)))
    assert message.startswith("Plugin 'a' has an argument 'rubbish' in 'yaat_pages'")


def test_adding_a_hook_twice_is_an_error(load: Load) -> None:
    """The plugin that comes second is named."""
    again = plugin("a", yaat_addhooks=lambda manager: manager.add_hookspecs(PageHooks))
    (message,) = refuse(lambda: load(Pages(), again))
    assert message.startswith("Plugin 'a' raised PluginError in its hook 'yaat_addhooks': The hook 'yaat_pages' is")


def test_adding_hooks_has_arguments_too(load: Load) -> None:
    """An implementation that does not fit is not called."""
    (message,) = refuse(lambda: load(plugin("a", yaat_addhooks=lambda hooks: None)))
    assert message.startswith("Plugin 'a' has an argument 'hooks' in 'yaat_addhooks'")


def test_adding_hooks_gives_nothing(load: Load) -> None:
    """A result is a misunderstanding, and would be lost."""
    (message,) = refuse(lambda: load(plugin("a", yaat_addhooks=lambda manager: 7)))
    assert message.startswith("Plugin 'a' gave 7 from its hook 'yaat_addhooks'.\n    at ")
    assert "\nReturn nothing.\n" in message


def test_hooks_of_a_broken_plugin_are_not_unknown() -> None:
    """They are missing because it is broken, which has an error of its own."""
    candidate = Candidate(owner=Owner(plugin="a"), reason="", plugin=gives("a", None, "yaat_pages_all"))
    loaded = load_plugin(candidate, {}, None)
    assert "a" in PluginManager([loaded], broken={"pages"}).plugins
    assert "has an unknown hook 'yaat_pages_all'" in refuse(lambda: PluginManager([loaded], broken={"page"}))[0]


def test_everything_wrong_with_hooks_is_said_at_once(load: Load) -> None:
    """Forgotten marks, shapes and names, of one hook or of several."""

    async def work(rubbish: Any) -> None: ...

    broken = plugin("a", yaat_configure=work, yaat_oops=lambda: None)
    broken.yaat_app_built = lambda: None
    assert len(refuse(lambda: load(broken, plugin("b", yaat_addhooks=work)))) == 6


# --- announce ---


def test_plugins_hear_of_each_other(load: Load) -> None:
    """Every active plugin is announced to all, whatever their order."""
    heard: list[Any] = []

    def listen(name: str) -> Any:
        return plugin(name, yaat_plugin_registered=lambda name, plugin, manager: heard.append((name, plugin, manager)))

    a, b = listen("a"), gives("b", None)
    manager = load(a, b)
    assert heard == [("a", a, manager), ("b", b, manager)]


def test_a_listener_that_breaks_is_named_once(load: Load) -> None:
    """Not once for every plugin that it would have heard of."""

    def fail(name: str) -> None:
        raise ValueError("no wheels")

    (message,) = refuse(lambda: load(gives("b", None), plugin("a", yaat_plugin_registered=fail)))
    assert message.startswith("Plugin 'a' raised ValueError in its hook 'yaat_plugin_registered': no wheels.")


def test_errors_name_the_plugin_as_data(load: Load, app: Any) -> None:
    """Tools need not take messages apart."""
    with pytest.raises(PluginErrors) as caught:
        load(raises("a")).collect("yaat_register_converters", expect=PathConverter, app=app)
    (error,) = caught.value.errors
    assert isinstance(error, BrokenPlugin)
    assert error.owner == Owner(plugin="a")


# --- hooks that come and go ---


class OldHooks:
    """What a core might specify that is older, or younger, than a plugin thinks."""

    @hookspec(historic=True)
    def yaat_addhooks(self, manager: Any) -> None: ...

    @hookspec(historic=True)
    def yaat_plugin_registered(self, plugin: Any, name: str, manager: Any) -> None: ...

    @hookspec(warn_on_impl=DeprecationWarning("yaat_old goes in hook API 1.2; implement yaat_new"))
    def yaat_old(self, app: Any) -> None: ...


def load_old(*plugins: Any) -> PluginManager:
    """Return a manager of a core with other hooks than this one."""
    loaded = [
        load_plugin(Candidate(owner=Owner(plugin=each.name), reason="", plugin=each), {}, None) for each in plugins
    ]
    removed = {"yaat_gone": "Implement yaat_old, which does the same since hook API 1.1."}
    return PluginManager(loaded, specifications=[OldHooks], removed=removed)


def test_a_removed_hook_says_what_to_do_instead() -> None:
    """With the plugin and the line, as any other mistake."""
    (message,) = refuse(lambda: load_old(plugin("a", yaat_gone=lambda app: None)))
    assert message.startswith("Plugin 'a' has a hook 'yaat_gone' that this core has no more.\n    at ")
    assert "Implement yaat_old, which does the same since hook API 1.1." in message
    assert 'Yaat(block=["a"])' in message


def test_a_removed_hook_is_not_let_pass_as_optional() -> None:
    """It would be silent: no other plugin can bring it."""
    optional = SimpleNamespace(name="a", yaat_gone=hookimpl(optionalhook=True)(lambda app: None))
    (message,) = refuse(lambda: load_old(optional))
    assert "has no more" in message


def test_a_deprecated_hook_warns_where_it_is_implemented_and_works() -> None:
    """Its text says what to do; the plugin goes on as before."""
    old = plugin("a", yaat_old=lambda app: ["still here"])
    with pytest.warns(DeprecationWarning, match="implement yaat_new") as caught:
        manager = load_old(old)
    assert caught[0].filename == __file__
    assert manager.collect("yaat_old", expect=str, app=None) == ["still here"]


def test_a_deprecated_hook_warns_nobody_who_leaves_it_alone() -> None:
    """Warnings are errors here, so nothing more has to be said."""
    assert load_old(plugin("a", yaat_addhooks=lambda manager: None)).hooks["yaat_old"] == ()


# --- who has changed what ---


def test_those_who_change_something_for_a_route_are_known(load: Load) -> None:
    """In their order, each once; those who leave it alone are not."""
    route, other = object(), object()
    wrapping = {"yaat_wrap_endpoint": lambda route, endpoint: endpoint if route is not other else None}
    manager = load(plugin("b", **wrapping), plugin("a", **wrapping), gives("c", None, "yaat_register_converters"))
    for each in (route, route, other):
        manager.fold("yaat_wrap_endpoint", "endpoint", print, expect=object, app=None, route=each)
    assert [owner.plugin for owner in manager.find_changers("yaat_wrap_endpoint", route)] == ["b", "a"]
    assert manager.find_changers("yaat_wrap_endpoint", other) == ()


def test_folds_that_are_about_no_route_are_not_remembered(load: Load) -> None:
    """There is nothing to ask about."""
    manager = load(plugin("a", yaat_modify_routes=lambda routes: routes))
    manager.fold("yaat_modify_routes", "routes", [], expect=object, app=None)
    assert manager.find_changers("yaat_modify_routes", None) == ()
