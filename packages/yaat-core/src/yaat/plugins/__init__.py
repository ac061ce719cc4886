"""This package is the plugins: their hooks, how they are found and loaded, and the manager that asks them."""

from .conflict import check_unique
from .manager import PluginManager
from .markers import HOOK_API, hookimpl, hookspec
from .options import PluginOptions
from .plugin import Plugin
from .problem import BrokenPlugin, PluginErrors, PluginWarning, blame_plugins, excuse
from .status import PluginStatus

__all__ = [
    "HOOK_API",
    "BrokenPlugin",
    "Plugin",
    "PluginErrors",
    "PluginManager",
    "PluginOptions",
    "PluginStatus",
    "PluginWarning",
    "blame_plugins",
    "check_unique",
    "excuse",
    "hookimpl",
    "hookspec",
]
