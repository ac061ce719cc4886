"""What every plugin owes every app, of this one."""

from yaat_forms.plugin import FormsPlugin
from yaat_testclient import PluginContract


class TestContract(PluginContract):
    """The contract of plugins, inherited."""

    plugin = FormsPlugin
