"""This file is the way from what the app was told about plugins to a manager of those that are active."""

import os
from collections.abc import Iterable, Mapping, Sequence

from ..exceptions import ConfigurationError
from .admission import load_plugin
from .discovery import InstalledPlugin, find_core_version, find_installed
from .loaded import LoadedPlugin
from .manager import PluginManager
from .options import PluginOptions, Switches, read_switches
from .problem import BrokenPlugin, PluginErrors, excuse, gather, raise_together
from .relations import check_conflicts, check_needs, check_required, refuse_twin, sort_plugins
from .selection import Selection, select_plugins
from .status import PluginStatus


def load_plugins(
    options: PluginOptions,
    *,
    failed: Mapping[str, BrokenPlugin] | None = None,
    environment: Mapping[str, str] = os.environ,
    path: Sequence[str] | None = None,
) -> PluginManager:
    """Return a manager of the plugins that are active.

    Of what is installed the metadata is read, and only what is chosen is imported. Then comes what each plugin says
    about itself, how they stand to each other, their order, and their hooks. Either all of it is right, or there is no
    manager.

    Args:
        options: What the app was told.
        failed: Plugins to go without because they broke the app before, as `excuse` returns them.
        environment: Where `YAAT_AUTOLOAD` and `YAAT_BLOCK` are.
        path: The folders in which distributions are installed; those of `sys.path` when left out.

    Raises:
        PluginErrors: All that is wrong, together.
        ConfigurationError: `YAAT_AUTOLOAD` cannot be read.
    """
    switches = read_switches(environment)
    installed = find_installed(path) if _needs_installed(options, switches) else []
    selection = select_plugins(options, switches, installed)
    loading = _Loading(options, selection, installed, failed or {})
    loading.load_each(find_core_version(path) if installed else None)
    while True:
        try:
            return loading.assemble()
        except PluginErrors as errors:
            loading.leave_out(excuse(errors, loading.excusable))


def _needs_installed(options: PluginOptions, switches: Switches) -> bool:
    """Whether it matters what is installed; looking costs more than all the rest of an app without plugins."""
    autoloads = options.autoload and switches.autoload
    return autoloads or any(isinstance(each, str) for each in (*options.plugins, *options.required_plugins))


class _Loading:
    """What is known while the plugins of one app are loaded."""

    def __init__(
        self,
        options: PluginOptions,
        selection: Selection,
        installed: Iterable[InstalledPlugin],
        failed: Mapping[str, BrokenPlugin],
    ) -> None:
        self.options = options
        self.selection = selection
        self.installed = [each.owner.plugin for each in installed]
        self.failed = dict(failed)
        self.loaded: list[LoadedPlugin] = []
        self.errors: list[ConfigurationError] = []

    @property
    def excusable(self) -> frozenset[str]:
        """The names of the plugins that the app can do without."""
        return self.selection.autoloaded if self.options.on_plugin_error == "warn" else frozenset()

    def load_each(self, core_version: str | None) -> None:
        """Load what was chosen, one by one, each whatever became of the others."""
        self.errors += self.selection.errors
        for candidate in self.selection.candidates:
            name = candidate.owner.plugin
            if name not in self.failed:
                with gather(self.errors):
                    plugin = load_plugin(candidate, self.options.find_settings(name), core_version)
                    refuse_twin(plugin, self.loaded)
                    self.loaded.append(plugin)

    def assemble(self) -> PluginManager:
        """Return the manager of what was loaded.

        Raises:
            PluginErrors: All that was found wrong up to here, and what is wrong between the plugins.
        """
        broken = {error.owner.plugin for error in self.errors if isinstance(error, BrokenPlugin)}
        absent = self._explain_absent()
        errors = [
            *self.errors,
            *check_needs(self.loaded, absent, broken),
            *check_conflicts(self.loaded),
            *check_required(self.options.required_plugins, self.loaded, absent, broken),
        ]
        ordered = self.loaded
        with gather(errors):
            ordered = sort_plugins(self.loaded)
        with gather(errors):
            manager = PluginManager(ordered, left_out=self._list_left_out(), excusable=self.excusable, broken=broken)
        raise_together(errors)
        manager.announce()
        return manager

    def leave_out(self, failed: Mapping[str, BrokenPlugin]) -> None:
        """Go on without some of the plugins."""
        self.failed |= failed
        self.loaded = [plugin for plugin in self.loaded if plugin.name not in self.failed]
        self.errors = []

    def _list_left_out(self) -> list[PluginStatus]:
        """Return a line for each plugin that is not active."""
        failed = [PluginStatus(owner=error.owner, state="failed", reason=str(error)) for error in self.failed.values()]
        return [*failed, *self.selection.left_out]

    def _explain_absent(self) -> dict[str, str]:
        """Return, by name, why plugins that are known are not active."""
        unasked = dict.fromkeys(self.installed, "is installed, but not in plugins=, and autoloading is off")
        left_out = {each.owner.plugin: f"is {each.state}: {each.reason}" for each in self.selection.left_out}
        failed = dict.fromkeys(self.failed, "was left out, because it is broken")
        return {**unasked, **left_out, **failed}
