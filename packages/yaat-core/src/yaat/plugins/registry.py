"""This file is the hooks of one app: their specifications, who implements them, and the calls that follow."""

from collections.abc import Iterable
from typing import Any

import pluggy

from ..exceptions import ConfigurationError, PluginError
from ..provenance import Owner
from .call import Call
from .implementation import HookReader, read_specifications
from .markers import PROJECT
from .problem import suggest


class HookRegistry:
    """What pluggy knows of the hooks, and the order in which plugins are asked."""

    def __init__(self) -> None:
        #: The arguments of each hook.
        self.specifications: dict[str, tuple[str, ...]] = {}
        self._pluggy = HookReader()
        self._owners: dict[str, Owner] = {}
        # PERF: some hooks are called once for each route. Kept, the calls of 30 plugins cost 300 routes 11 ms, not 27.
        self._calls: dict[str, tuple[Call, ...]] = {}

    def add_hookspecs(self, namespace: Any) -> None:
        """Add the hooks that a class or module specifies.

        Raises:
            PluginError: A hook is there already, or its name does not begin with `yaat_`.
            ValueError: There is none in *namespace*.
        """
        specifications = read_specifications(namespace)
        for hook in specifications:
            if not hook.startswith(f"{PROJECT}_"):
                raise PluginError(f"The hook {hook!r} needs a name that begins with '{PROJECT}_'.")
            if hook in self.specifications:
                raise PluginError(f"The hook {hook!r} is specified already. Choose another name.")
        self._pluggy.add_hookspecs(namespace)
        self.specifications.update(specifications)

    def register(self, plugins: Iterable[tuple[Owner, Any]]) -> None:
        """Take the implementations of checked plugins, which are given in plugin order."""
        self._calls.clear()
        for owner, plugin in plugins:
            self._owners[owner.plugin] = owner
            self._pluggy.register(plugin, owner.plugin)

    def check_pending(self) -> None:
        """Let pluggy have the last word on implementations of hooks that nobody specifies."""
        self._pluggy.check_pending()

    def find_order(self, hook: str) -> tuple[str, ...]:
        """Return the names of the plugins that implement a hook, in call order."""
        return tuple(each.plugin_name for each in self._sort(hook))

    def prepare(self, hook: str, arguments: Iterable[str]) -> tuple[Call, ...]:
        """Return the calls of a hook, in call order.

        Raises:
            ConfigurationError: There is no such hook.
            TypeError: *arguments* are not those of the hook.
        """
        known, given = self.specifications.get(hook), set(arguments)
        if known is None:
            hint = suggest(hook, self.specifications, label="The hooks")
            raise ConfigurationError(f"There is no hook {hook!r}. {hint}")
        if set(known) != given:
            raise TypeError(f"The hook {hook!r} takes {', '.join(known)}, not {', '.join(sorted(given))}.")
        if hook not in self._calls:
            self._calls[hook] = tuple(
                Call(
                    owner=self._owners[each.plugin_name],
                    hook=hook,
                    function=each.function,
                    parameters=(*each.argnames, *each.kwargnames),
                )
                for each in self._sort(hook)
            )
        return self._calls[hook]

    def _sort(self, hook: str) -> list[pluggy.HookImpl]:
        """Return the implementations of a hook, those of the first plugin first."""
        # pluggy calls what was registered last first: the order of a stack of overrides. Plugins are a list.
        rank = {name: position for position, name in enumerate(self._owners)}
        return sorted(
            getattr(self._pluggy.hook, hook).get_hookimpls(),
            key=lambda each: (each.trylast - each.tryfirst, rank[each.plugin_name]),
        )
