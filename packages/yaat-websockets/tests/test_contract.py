"""What every plugin owes every app, of this one."""

from yaat_testclient import PluginContract
from yaat_websockets.plugin import WebSocketsPlugin


class TestContract(PluginContract):
    """The contract of plugins, inherited."""

    plugin = WebSocketsPlugin
