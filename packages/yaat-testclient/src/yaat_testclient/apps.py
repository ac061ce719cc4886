"""This file is the app for a test: made of the plugins that the test names, whatever is installed."""

import inspect
from collections.abc import Mapping
from typing import Any

from yaat import Yaat
from yaat.plugins.implementation import find_implementations

Settings = Mapping[str, Mapping[str, Any]]


def make_app(*plugins: Any, settings: Settings | None = None, **options: Any) -> Yaat:
    """Return an app with *plugins* and no others: what is installed beside them does not join in.

    It is not built, so routes can be added to it.

    Args:
        plugins: Instances, classes, modules with hooks, or the names of installed plugins.
        settings: By plugin name. A class among *plugins* gets its own as keyword arguments, as if it were loaded by
            its name.
        options: What else `Yaat` takes.

    Raises:
        TypeError: A class does not take its settings.
    """
    given = {name: dict(section) for name, section in (settings or {}).items()}
    made = [make_plugin(plugin, given) if inspect.isclass(plugin) else plugin for plugin in plugins]
    return Yaat(plugins=made, autoload=False, settings=given, **options)


def make_plugin(plugin: Any, settings: dict[str, dict[str, Any]]) -> Any:
    """Return an instance of a plugin class, made with its part of *settings*, which is taken out if it is used up."""
    name = getattr(plugin, "name", "")
    section = settings.get(name, {})
    if not reads_settings(plugin):  # Nobody else would, and the app would say so.
        settings.pop(name, None)
    return plugin(**section)


def reads_settings(plugin: Any) -> bool:
    """Return whether the hook `yaat_configure` of a plugin asks for its settings."""
    hooks = [each for each in find_implementations(plugin) if each.hook == "yaat_configure"]
    return any(each.name == "settings" for hook in hooks for each in hook.parameters)
