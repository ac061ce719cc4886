"""What every plugin owes every app, of this one."""

from yaat_testclient import PluginContract
from yaat_typed.plugin import TypedPlugin


class TestContract(PluginContract):
    """The contract of plugins, inherited."""

    plugin = TypedPlugin
