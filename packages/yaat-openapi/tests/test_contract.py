"""What every plugin owes every app, of this one."""

from yaat_openapi.plugin import OpenAPIPlugin
from yaat_testclient import PluginContract


class TestContract(PluginContract):
    """The contract of plugins, inherited."""

    plugin = OpenAPIPlugin
