"""What every plugin owes every app, of this one."""

from yaat_cors.plugin import CORSPlugin
from yaat_testclient import PluginContract


class TestContract(PluginContract):
    """The contract of plugins, inherited."""

    plugin = CORSPlugin
