"""Apps with the plugins that a test names, and no others."""

from typing import Any

import pytest

from yaat import Plugin, Yaat, hookimpl
from yaat_testclient import make_app


class Greeting(Plugin):
    name = "greeting"

    def __init__(self, *, text: str = "Hello") -> None:
        self.text = text


class Configured(Plugin):
    name = "configured"

    def __init__(self, **options: Any) -> None:
        self.options = options

    @hookimpl
    def yaat_configure(self, app: Yaat, settings: Any) -> None:
        app.extensions["configured"] = dict(settings)


def build(*plugins: Any, **options: Any) -> Yaat:
    app = make_app(*plugins, **options)
    app.build()
    return app


def test_nothing_that_is_installed_joins_in() -> None:
    """The app has the named plugins alone, whatever the environment holds."""
    assert list(build(Greeting()).manager.plugins) == ["greeting"]
    assert not build().manager.plugins


def test_a_class_is_made_with_its_settings() -> None:
    """As if the plugin was installed and loaded by its name."""
    assert build(Greeting, settings={"greeting": {"text": "Moin"}}).manager.plugins["greeting"].text == "Moin"


def test_a_class_that_reads_its_settings_later_gets_them_too() -> None:
    """In its hook, as an installed one."""
    app = build(Configured, settings={"configured": {"colour": "blue"}})
    assert app.extensions["configured"] == app.manager.plugins["configured"].options == {"colour": "blue"}


def test_a_class_whose_hook_does_not_ask_for_settings_gets_them_once() -> None:
    """The app does not complain that nothing reads them: the constructor has."""

    class Entered(Greeting):
        @hookimpl
        def yaat_configure(self, app: Yaat) -> None:
            app.extensions["greeting"] = self.text

    assert build(Entered, settings={"greeting": {"text": "Moin"}}).extensions == {"greeting": "Moin"}


def test_an_instance_finds_its_settings_in_its_hook() -> None:
    """It was made by hand, so its constructor has had its say."""
    assert build(Configured(), settings={"configured": {"a": 1}}).extensions["configured"] == {"a": 1}


def test_the_settings_that_were_given_stay_as_they_are() -> None:
    """They may be used for the next app."""
    settings = {"greeting": {"text": "Moin"}}
    build(Greeting, settings=settings)
    assert settings == {"greeting": {"text": "Moin"}}


def test_a_setting_that_a_class_does_not_take_is_an_error() -> None:
    """Where the app is made."""
    with pytest.raises(TypeError, match="colour"):
        make_app(Greeting, settings={"greeting": {"colour": "blue"}})


def test_other_options_go_to_the_app() -> None:
    """It can be given all that `Yaat` takes."""
    assert make_app(debug=True).debug is True


def test_the_app_can_be_added_to() -> None:
    """It is not built yet."""
    app = make_app()
    app.add_route("/", lambda request: "")
    assert [route.path for route in app.routes] == ["/"]
