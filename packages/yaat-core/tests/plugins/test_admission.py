"""Loading one plugin."""

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from yaat.plugins import BrokenPlugin, Plugin, PluginErrors, hookimpl
from yaat.plugins.admission import check_core_range, load_plugin
from yaat.plugins.discovery import InstalledPlugin
from yaat.plugins.loaded import LoadedPlugin
from yaat.plugins.selection import Candidate
from yaat.provenance import Owner

TOY = Owner(plugin="toy", distribution="yaat-toy", version="1.2")


class Toy(Plugin):
    name = "toy"
    after = ("doll",)

    @hookimpl
    def yaat_register_routes(self, app: Any) -> None: ...


def load(plugin: object, settings: Any = None, *, name: str = "toy") -> LoadedPlugin:
    candidate = Candidate(owner=Owner(plugin=name), reason="given in plugins=", plugin=plugin)
    return load_plugin(candidate, settings or {}, "0.2.0")


def refuse(plugin: object, settings: Any = None) -> list[str]:
    with pytest.raises(PluginErrors) as caught:
        load(plugin, settings)
    return [str(error) for error in caught.value.errors]


def check(requirement: str, version: str = "0.2.0") -> None:
    check_core_range(InstalledPlugin(owner=TOY, target="x", requirements=("jinja2>=3", requirement)), version)


def test_a_plugin_that_was_given_is_taken_as_it_is() -> None:
    """What it says about itself and its hooks are read once."""
    toy = Toy()
    loaded = load(toy)
    assert loaded.plugin is toy
    assert loaded.name == "toy"
    assert loaded.declaration.after == ("doll",)
    assert [each.hook for each in loaded.implementations] == ["yaat_register_routes"]


def test_a_class_that_is_installed_is_made_with_its_settings(site: Any) -> None:
    """What `settings=` has for the name goes to the constructor."""
    source = """
        from yaat.plugins import Plugin

        class Toy(Plugin):
            name = "toy"

            def __init__(self, colour):
                self.colour = colour
    """
    site.install("yaat-toy", modules={"toy_made.py": source})
    candidate = Candidate(owner=TOY, reason="installed", installed=InstalledPlugin(owner=TOY, target="toy_made:Toy"))
    loaded = load_plugin(candidate, {"colour": "blue"}, None)
    assert loaded.plugin.colour == "blue"
    assert loaded.owner == TOY


def test_what_was_given_is_not_imported_again() -> None:
    """The object of the app is used though its entry point is known."""
    toy = Toy()
    installed = InstalledPlugin(owner=TOY, target="toy_nowhere:Toy")
    assert load_plugin(Candidate(owner=TOY, reason="", plugin=toy, installed=installed), {}, "0.2.0").plugin is toy


def test_nothing_is_imported_for_another_core(site: Any) -> None:
    """The range is known from metadata, and a plugin for another core may not even be importable."""
    installed = InstalledPlugin(owner=TOY, target="toy_nowhere:Toy", requirements=("yaat-core>=9",))
    with pytest.raises(BrokenPlugin, match="requires yaat-core>=9"):
        load_plugin(Candidate(owner=TOY, reason="installed", installed=installed), {}, "0.2.0")


def test_a_core_outside_the_range_is_an_error() -> None:
    """The message names both versions, and how to get some that go together."""
    with pytest.raises(BrokenPlugin) as caught:
        check("yaat-core<2,>=0.3")
    assert str(caught.value) == (
        "Plugin 'toy' (yaat-toy 1.2) requires yaat-core<2,>=0.3, and yaat-core 0.2.0 is running.\n"
        "Install versions that go together: pip install -U yaat-toy yaat-core\n"
        'To go without it: Yaat(block=["toy"]), or YAAT_BLOCK=toy in the environment.'
    )


@pytest.mark.parametrize(
    "requirement",
    [
        "yaat-core",
        "Yaat_Core>=0.2,<1",
        "yaat-core-extras>=9",
        "yaat>=9",
        "yaat-core @ file:///somewhere",
        'yaat-core>=9; python_version < "3"',
        'yaat-core>=9; extra == "tests"',
    ],
)
def test_other_requirements_are_left_to_installers(requirement: str) -> None:
    """Only a plain range of the core's own versions is held against the one that is running."""
    check(requirement)


def test_a_range_that_cannot_be_read_is_an_error() -> None:
    """It is not taken as a range that allows everything."""
    with pytest.raises(BrokenPlugin) as caught:
        check("yaat-core>=two")
    assert str(caught.value) == (
        "Plugin 'toy' (yaat-toy 1.2) has the requirement 'yaat-core>=two'.\n"
        "That cannot be read: 'two' is not a version such as '1.2' or '1.2.3rc1'.\n"
        'To go without it: Yaat(block=["toy"]), or YAAT_BLOCK=toy in the environment.'
    )


def test_everything_wrong_with_a_plugin_is_said_at_once() -> None:
    """What it says about itself is read to the end, whatever is found."""
    assert len(refuse(SimpleNamespace(name="toy", requires="box", hook_api=2))) == 3


def test_a_plugin_whose_marks_were_forgotten_is_no_stranger() -> None:
    """It is told so when its hooks are checked, and not that it has none."""
    assert load(SimpleNamespace(name="toy", yaat_configure=lambda app: None)).implementations == ()


@pytest.mark.parametrize("plugin", [ModuleType("toy"), SimpleNamespace(name="toy"), len])
def test_an_object_without_hooks_is_no_plugin(plugin: object) -> None:
    """It is the wrong object, or one whose marks were forgotten."""
    (message,) = refuse(plugin)
    assert f"is {plugin!r}, which has no hooks" in message


def test_a_plugin_class_may_do_without_hooks() -> None:
    """It can stand for others that it requires."""

    class Bundle(Plugin):
        name = "bundle"
        requires = ("toy",)

    assert load(Bundle(), name="bundle").implementations == ()


@pytest.mark.parametrize("hooks", [{}, {"yaat_configure": hookimpl(lambda app: None)}])
def test_settings_that_nobody_reads_are_an_error(hooks: dict[str, Any]) -> None:
    """An instance has had its constructor called, and has no hook for settings, or one that does not take them."""
    plugin = Toy()
    vars(plugin).update(hooks)
    (message,) = refuse(plugin, {"colour": "blue"})
    assert "has settings, and nothing in it reads them" in message
    assert "Give them where the instance is made" in message


def test_settings_are_read_by_a_hook() -> None:
    """A module has no constructor; `yaat_configure` is where it gets them."""
    plugin = SimpleNamespace(name="toy", yaat_configure=hookimpl(lambda settings: None))
    assert load(plugin, {"colour": "blue"}).settings == {"colour": "blue"}


GO_WITHOUT = 'To go without it: Yaat(block=["toy"]), or YAAT_BLOCK=toy in the environment.'


def test_the_message_about_an_object_without_hooks_says_what_a_plugin_is() -> None:
    """There are three kinds, and all of them mark functions."""
    assert refuse(SimpleNamespace(name="toy")) == [
        "Plugin 'toy' is namespace(name='toy'), which has no hooks.\n"
        f"A plugin is an instance, a class or a module with functions marked @hookimpl.\n{GO_WITHOUT}"
    ]


def test_the_message_about_settings_that_nobody_reads_says_where_they_belong() -> None:
    """There are two places."""
    assert refuse(Toy(), {"colour": "blue"}) == [
        "Plugin 'toy' has settings, and nothing in it reads them.\n"
        "Give them where the instance is made, or read them in its hook yaat_configure(self, app, settings).\n"
        f"{GO_WITHOUT}"
    ]


def test_a_hook_may_have_another_name_than_its_function() -> None:
    """An object whose functions are called otherwise is a plugin by their marks."""
    plugin = SimpleNamespace(name="toy", set_up=hookimpl(specname="yaat_configure")(lambda app: None))
    assert [each.hook for each in load(plugin).implementations] == ["yaat_configure"]


def test_a_declaration_has_the_name_that_the_plugin_goes_by() -> None:
    """It is the name of the entry point, where the plugin itself says none."""
    assert load(SimpleNamespace(yaat_x=hookimpl(lambda: None))).declaration.name == "toy"
