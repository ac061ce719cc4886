"""The markers of Yaat's hooks."""

import pkgutil
from importlib import import_module

import pluggy

import yaat.plugins
from yaat.plugins import HOOK_API, hookimpl, hookspec


def test_markers_are_of_the_project_yaat() -> None:
    """Functions are marked for Yaat and for no other user of pluggy."""
    assert (hookspec.project_name, hookimpl.project_name) == ("yaat", "yaat")


def test_the_version_of_the_hooks_is_two_numbers() -> None:
    """Plugins compare the first number; the second counts additions."""
    assert HOOK_API == (1, 0)


def test_nothing_is_global_but_the_two_markers() -> None:
    """No module of this package keeps plugins, hooks or settings of an app: each app has a manager of its own."""
    kept = [
        f"{module.name}.{name}"
        for module in pkgutil.iter_modules(yaat.plugins.__path__, "yaat.plugins.")
        for name, value in vars(import_module(module.name)).items()
        if isinstance(value, list | set | dict | pluggy.PluginManager) and not name.startswith("__")
    ]
    assert kept == []
