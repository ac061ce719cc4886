"""A plugin hears of all active plugins, itself and those after it included, and can ask who they are."""

from yaat import Plugin, hookimpl


class Listener(Plugin):
    name = "listener"

    def __init__(self):
        self.heard = []

    @hookimpl
    def yaat_plugin_registered(self, plugin, name, manager):
        self.heard.append((name, plugin is manager.plugins[name], manager.find_owner(name).plugin))


class Other(Plugin):
    name = "other"


PLUGINS = [Listener(), Other()]


def prove(app, client):
    assert PLUGINS[0].heard[-2:] == [("listener", True, "listener"), ("other", True, "other")]
