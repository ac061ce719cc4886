"""This file is the plugin manager: the plugins of one app in order, and the ways to ask them something.

Hooks run while the app is built, never per request: what they give is kept in tables, and nothing here is asked again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar, overload

from ..exceptions import ConfigurationError
from ..provenance import Owner
from .call import Call, Expected, stamp
from .implementation import Implementation, check_fit, check_shape, find_unmarked
from .loaded import LoadedPlugin
from .markers import PROJECT
from .problem import gather, raise_together
from .registry import HookRegistry
from .specs import REMOVED_HOOKS, SPECIFICATIONS
from .status import PluginStatus

R = TypeVar("R")
V = TypeVar("V")


class PluginManager:
    """The active plugins of one app.

    Making one registers *plugins*; if anything is wrong with any of them, there is no manager, and nothing of them
    has taken effect.

    Plugin order rules: whatever hook is called, the first plugin comes first. `tryfirst` and `trylast` put single
    implementations before or after those of all other plugins.

    Args:
        plugins: In plugin order.
        left_out: What became of other plugins, for reports.
        excusable: Names of the plugins that the app can do without if they break.
        broken: Names of plugins that are broken already, and whose own hooks are missing for that.
        specifications: Classes or modules that specify the hooks; those of the core when left out.
        removed: Hooks that were specified once, each with what to do instead.

    Raises:
        PluginErrors: All that keeps the hooks of *plugins* from being used.
    """

    def __init__(
        self,
        plugins: Sequence[LoadedPlugin],
        *,
        left_out: Sequence[PluginStatus] = (),
        excusable: Collection[str] = (),
        broken: Collection[str] = (),
        specifications: Sequence[Any] = SPECIFICATIONS,
        removed: Mapping[str, str] = REMOVED_HOOKS,
    ) -> None:
        self._removed = removed
        self._plugins = {plugin.name: plugin for plugin in plugins}
        self._left_out = tuple(left_out)
        self._registry = HookRegistry()
        #: By hook and route, the route and the plugins that have changed something for it.
        self._changers: dict[tuple[str, int], tuple[Any, list[Owner]]] = {}
        #: Whose errors `excuse` may take as a reason to go on without them.
        self.excusable = frozenset(excusable)
        for namespace in specifications:
            self.add_hookspecs(namespace)
        raise_together([*self._add_hooks(), *self._check_all(broken)])
        self._registry.register((plugin.owner, plugin.plugin) for plugin in plugins)
        if not broken:
            self._registry.check_pending()

    # --- what is here ---

    @property
    def plugins(self) -> Mapping[str, Any]:
        """The plugin objects by name, in plugin order."""
        return MappingProxyType({name: each.plugin for name, each in self._plugins.items()})

    @property
    def hooks(self) -> Mapping[str, tuple[str, ...]]:
        """Every hook that is specified, with the names of the plugins that implement it, in call order."""
        registry = self._registry
        return MappingProxyType({hook: registry.find_order(hook) for hook in registry.specifications})

    @property
    def statuses(self) -> tuple[PluginStatus, ...]:
        """What became of each plugin: the active ones in plugin order, then the others."""
        active = (
            PluginStatus(
                owner=plugin.owner,
                state="active",
                reason=plugin.reason,
                hooks=tuple(sorted({each.hook for each in plugin.implementations})),
            )
            for plugin in self._plugins.values()
        )
        return (*active, *self._left_out)

    def find_owner(self, name: str) -> Owner | None:
        """Return what is known of the active plugin of that name, or `None`."""
        plugin = self._plugins.get(name)
        return plugin.owner if plugin else None

    def find_changers(self, hook: str, route: Any) -> tuple[Owner, ...]:
        """Return the plugins that have put another value into a fold for *route*, in the order in which they did."""
        _, owners = self._changers.get((hook, id(route)), (route, []))
        return tuple(dict.fromkeys(owners))

    # --- asking ---

    @overload
    def collect(self, hook: str, /, *, expect: type[R], **arguments: Any) -> list[R]: ...
    @overload
    def collect(self, hook: str, /, *, expect: tuple[type[Any], ...] = (), **arguments: Any) -> list[Any]: ...
    def collect(self, hook: str, /, *, expect: Expected = (), **arguments: Any) -> list[Any]:
        """Return the records that all plugins give, flat, in plugin order, each with its owner.

        Args:
            hook: The name of the hook.
            expect: The class of the records, or several; none for a hook that gives nothing.
            arguments: What the hook is specified with, all of it.

        Raises:
            PluginErrors: Every implementation that raised or gave anything else.
        """
        records: list[Any] = []
        errors: list[ConfigurationError] = []
        for call in self._registry.prepare(hook, arguments):
            with gather(errors):
                given = call.read_records(arguments, expect) or ()
                records.extend(stamp(record, call.owner) for record in given)
        raise_together(errors)
        return records

    def configure(self, app: Any) -> None:
        """Call `yaat_configure`, each plugin with its own settings and no one else's.

        Raises:
            PluginErrors: Every implementation that raised.
        """
        errors: list[ConfigurationError] = []
        for call in self._registry.prepare("yaat_configure", {"app": app, "settings": {}}):
            with gather(errors):
                settings = self._plugins[call.owner.plugin].settings
                call.read_records({"app": app, "settings": settings}, ())
        raise_together(errors)

    @overload
    def first(self, hook: str, /, *, expect: type[R], **arguments: Any) -> R | None: ...
    @overload
    def first(self, hook: str, /, *, expect: tuple[type[Any], ...], **arguments: Any) -> Any: ...
    def first(self, hook: str, /, *, expect: Expected, **arguments: Any) -> Any:
        """Return the first answer that is not `None`, with its owner; `None` when nobody has one.

        Raises:
            PluginErrors: The implementation that raised or gave anything else, before there was an answer.
        """
        errors: list[ConfigurationError] = []
        with gather(errors):
            for call in self._registry.prepare(hook, arguments):
                answer = call.read_answer(arguments, expect)
                if answer is not None:
                    return stamp(answer, call.owner)
        raise_together(errors)
        return None

    def fold(self, hook: str, name: str, value: V, /, *, expect: Any, **arguments: Any) -> V:
        """Return *value* after every plugin had the chance to put another in its place.

        Args:
            hook: The name of the hook.
            name: The argument that carries the value from one plugin to the next.
            value: What the first plugin is given.
            expect: The class of the value. A plugin that gives `None` leaves it alone.
            arguments: The other arguments of the hook.

        Raises:
            PluginErrors: The implementation that raised or gave anything else.
        """
        errors: list[ConfigurationError] = []
        given = {**arguments, name: value}
        with gather(errors):
            for call in self._registry.prepare(hook, given):
                answer = call.read_answer(given, expect)
                if answer is not None:
                    self._note_change(hook, arguments.get("route"), call.owner)
                    given = {**given, name: answer}
        raise_together(errors)
        folded: V = given[name]
        return folded

    def revise(self, hook: str, name: str, records: Sequence[R], /, *, expect: Expected, **arguments: Any) -> list[R]:
        """Return *records* after every plugin had the chance to put others in their place.

        It is `fold` for a sequence of records. They keep the owners they have: who changed a record did not give it.

        Raises:
            PluginErrors: The implementation that raised or gave anything but such records.
        """
        errors: list[ConfigurationError] = []
        revised = tuple(records)
        with gather(errors):
            for call in self._registry.prepare(hook, {**arguments, name: revised}):
                answer = call.read_records({**arguments, name: revised}, expect)
                revised = revised if answer is None else tuple(answer)
        raise_together(errors)
        return list(revised)

    # --- setting up ---

    def add_hookspecs(self, namespace: Any) -> None:
        """Add the hooks that a class or module specifies. Meant for `yaat_addhooks`.

        Raises:
            PluginError: A hook is there already, or its name does not begin with `yaat_`.
            ValueError: There is none in *namespace*.
        """
        self._registry.add_hookspecs(namespace)

    def announce(self) -> None:
        """Tell the plugins of each other: `yaat_plugin_registered`, once for each active plugin.

        Raises:
            PluginErrors: Every implementation that raised.
        """
        for name, plugin in self.plugins.items():
            self.collect("yaat_plugin_registered", plugin=plugin, name=name, manager=self)

    def _add_hooks(self) -> list[ConfigurationError]:
        """Let the plugins specify hooks of their own; return what goes wrong."""
        errors: list[ConfigurationError] = []
        arguments = {"manager": self}
        for plugin in self._plugins.values():
            for each in plugin.implementations:
                if each.hook == "yaat_addhooks" and not any(self._check(each, plugin.owner)):
                    names = tuple(parameter.name for parameter in each.parameters)
                    call = Call(owner=plugin.owner, hook=each.hook, function=each.function, parameters=names)
                    with gather(errors):
                        call.read_records(arguments, ())
        return errors

    def _note_change(self, hook: str, route: Any, owner: Owner) -> None:
        """Remember, for reports, who has changed something for a route."""
        if route is not None:
            self._changers.setdefault((hook, id(route)), (route, []))[1].append(owner)

    def _check_all(self, broken: Collection[str]) -> Iterator[ConfigurationError]:
        """Yield what is wrong with the hooks of the plugins."""
        missing = tuple(f"{PROJECT}_{name}_" for name in broken)
        for plugin in self._plugins.values():
            yield from find_unmarked(plugin.plugin, plugin.owner, plugin.implementations)
            for each in plugin.implementations:
                if not each.hook.startswith(missing):
                    yield from self._check(each, plugin.owner)

    def _check(self, implementation: Implementation, owner: Owner) -> Iterator[ConfigurationError]:
        """Yield what keeps *implementation* from being called, in itself and as the hook is specified."""
        yield from check_shape(implementation, owner)
        yield from check_fit(implementation, owner, self._registry.specifications, self._removed)
