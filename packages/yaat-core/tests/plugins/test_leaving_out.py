"""An app that goes on without installed plugins that break while it is built."""

import sys
from pathlib import Path
from typing import Any

import pytest

from yaat import Yaat
from yaat.plugins import PluginErrors, PluginWarning

from ..asgi_driver import ask
from .conftest import Site


@pytest.fixture(autouse=True)
def alone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be installed but what a test installs."""
    monkeypatch.setattr(sys, "path", [folder for folder in sys.path if Path(folder).name != "site-packages"])
    for switch in ("YAAT_AUTOLOAD", "YAAT_BLOCK"):
        monkeypatch.delenv(switch, raising=False)


def make_app(**options: Any) -> Yaat:
    app = Yaat(on_plugin_error="warn", **options)
    app.extensions["own"] = 1

    @app.get("/")
    async def show(request: Any) -> list[str]:
        return sorted(app.extensions)

    return app


GOOD = """
@hookimpl
def yaat_configure(self, app):
    app.extensions[self.name] = app.extensions.get("broken", "alone")
"""
BROKEN = """
@hookimpl
def yaat_configure(self, app):
    app.extensions[self.name] = "there"

@hookimpl
def {hook}(self, app):
    raise ValueError("out of order")
"""


@pytest.mark.parametrize(
    "hook", ["yaat_register_routes", "yaat_register_lifespans", "yaat_json_codec", "yaat_modify_routes"]
)
def test_a_plugin_that_breaks_is_left_out(site: Site, hook: str) -> None:
    """With `on_plugin_error="warn"` the build begins anew without it: nothing of it is left, and the others work."""
    site.install_plugin("broken", BROKEN.format(hook=hook))
    site.install_plugin("good", GOOD)
    app = make_app()
    with pytest.warns(PluginWarning, match=f"(?s)Left out: Plugin 'broken' .* raised ValueError in its hook '{hook}'"):
        app.build()
    assert (app.extensions, ask(app, "GET", "/").text) == ({"own": 1, "good": "alone"}, '["good","own"]')
    assert [(status.owner.plugin, status.state) for status in app.report.plugins] == [
        ("good", "active"),
        ("broken", "failed"),
    ]


def test_one_after_the_other_is_left_out(site: Site) -> None:
    """A plugin may break only when another is gone already."""
    site.install_plugin("broken", BROKEN.format(hook="yaat_register_routes"))
    site.install_plugin("needy", GOOD.replace('.get("broken", "alone")', '["broken"]'))
    app = make_app()
    with pytest.warns(PluginWarning) as caught:
        app.build()
    assert [str(warning.message)[:26] for warning in caught] == [
        "Left out: Plugin 'broken' ",
        "Left out: Plugin 'needy' (",
    ]
    assert app.extensions == {"own": 1}


def test_a_plugin_that_was_asked_for_is_not_left_out(site: Site) -> None:
    """What the app names itself it needs: there the build stops."""
    site.install_plugin("broken", BROKEN.format(hook="yaat_register_routes"))
    app = make_app(plugins=["broken"])
    with pytest.raises(PluginErrors):
        app.build()
    assert app.extensions == {"own": 1}


def test_a_conflict_between_plugins_is_nobody_s_fault(site: Site) -> None:
    """Two plugins that claim the same stop the build: which of them to go without is for the app to say."""
    give = """
    @hookimpl
    def yaat_register_converters(self, app):
        from yaat.records import PathConverter
        return PathConverter(name="x", parse=str)
    """
    for name in ("one", "two"):
        site.install_plugin(name, give)
    with pytest.raises(PluginErrors, match="A problem with plugins"):
        make_app().build()
