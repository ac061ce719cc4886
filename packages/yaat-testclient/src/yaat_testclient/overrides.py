"""This file is overriding: an app that has something else, or lacks something, as long as a block runs.

What an app is built of is frozen, so it is built again for the block, and is what it was before when the block ends.
Apps mounted in it are part of it, and part of this.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from yaat import Yaat
from yaat.exceptions import ConfigurationError
from yaat.plugins.plugin import find_name
from yaat.plugins.problem import suggest
from yaat.plugins.version import parse_requirement
from yaat.routing import Mount, Router

_MISSING = object()


@contextmanager
def override(
    app: Any,
    lifespan_state: MutableMapping[str, Any],
    *,
    plugins: Sequence[Any] = (),
    block: Sequence[str] = (),
    resolvers: Sequence[Any] = (),
    state: dict[str, Any],
) -> Iterator[None]:
    """Let *app*, and the apps mounted in it, be different until the block ends.

    Args:
        lifespan_state: What requests see as their state.
        plugins: Each takes the place of the plugin of its name, in each app that has it.
        block: Names of plugins to go without, in each app that has them.
        resolvers: Each takes the place of the parameter resolver of its name, in each app that has it.
        state: Values in `app.state` of each app, and in the state of requests.

    Raises:
        ConfigurationError: No app has a plugin or a resolver of that name.
        TypeError: *app* is no `Yaat`, and more than state is to be overridden.
    """
    with ExitStack() as stack:
        if plugins or block or resolvers:
            stack.enter_context(_rebuilt(app, plugins, block, resolvers))
        stores = [lifespan_state, *(each.state for each in (list_apps(app) if isinstance(app, Yaat) else ()))]
        for store in stores if state else ():
            stack.enter_context(_changed(store, state))
        yield


def list_apps(app: Yaat) -> list[Yaat]:
    """Return *app* and the Yaat apps mounted in it, each once, the outermost first; they are built if need be."""
    app.build()
    found: dict[int, Yaat] = {}
    pending: list[Any] = [app]
    while pending:
        router = pending.pop()
        if isinstance(router, Yaat):
            found.setdefault(id(router), router)
        entries = router.parts.routes if isinstance(router, Yaat) else router.routes
        pending += [entry.app for entry in entries if isinstance(entry, Mount) and isinstance(entry.app, Router)]
    return list(found.values())


@contextmanager
def _rebuilt(app: Any, plugins: Sequence[Any], block: Sequence[str], resolvers: Sequence[Any]) -> Iterator[None]:
    """Build *app* with other plugins; put back what was there before when the block ends."""
    if not isinstance(app, Yaat):
        raise TypeError(f"Plugins and resolvers are those of a Yaat app, and {app!r} is none. Override state alone.")
    apps = list_apps(app)
    replacing = {find_name(plugin): plugin for plugin in plugins}
    resolving = {resolver.name: resolver for resolver in resolvers}
    _check_names((*replacing, *block), {name for each in apps for name in each.manager.plugins}, "plugin")
    saved = [(each, dict(vars(each))) for each in apps]
    try:
        for each in apps:
            if any(name in each.manager.plugins for name in (*replacing, *block)):
                _prepare(each, replacing, block)
        if resolving:
            _resolve_otherwise(apps, resolving)
        app._line = None  # The core offers no other way to build an app again.
        app.build()
        yield
    finally:
        for each, values in saved:
            # Never without what it was built of: work in the background may go on meanwhile.
            vars(each).update(values)
            for name in vars(each).keys() - values.keys():
                delattr(each, name)


def _check_names(names: Iterable[str], known: Collection[str], kind: str) -> None:
    """Raise for a name that nothing has.

    Raises:
        ConfigurationError: There is one; the message says what there is.
    """
    for name in names:
        if name not in known:
            hint = suggest(name, known, label=f"The active {kind}s")
            raise ConfigurationError(f"There is no active {kind} {name!r} to override. {hint}")


def _resolve_otherwise(apps: Iterable[Yaat], resolving: Mapping[str, Any]) -> None:
    """Put other resolvers in the place of those that *apps* have."""
    parts = [(each, each.assemble()) for each in apps]
    _check_names(resolving, {record.name for _, each in parts for record in each.resolvers}, "resolver")
    for app, each in parts:
        app.parts = replace(each, resolvers=[resolving.get(record.name, record) for record in each.resolvers])


def _prepare(app: Yaat, replacing: Mapping[str, Any], block: Sequence[str]) -> None:
    """Tell *app* of its other plugins, and let it forget what it was built of."""
    options = app._options
    here = {name: plugin for name, plugin in replacing.items() if name in app.manager.plugins}
    given = [here.pop(plugin if isinstance(plugin, str) else find_name(plugin), plugin) for plugin in options.plugins]
    touched = {*replacing, *block}
    app._options = replace(
        options,
        plugins=[*given, *here.values()],
        block=[*options.block, *block],
        # A plugin that was made by hand has neither settings to read nor a version to be required.
        settings={name: section for name, section in options.settings.items() if name not in touched},
        required_plugins=[text for text in options.required_plugins if parse_requirement(text).name not in touched],
    )
    app.extensions = {name: value for name, value in app.extensions.items() if name not in touched}
    del app.parts


@contextmanager
def _changed(store: MutableMapping[str, Any], values: dict[str, Any]) -> Iterator[None]:
    """Let *store* have *values*; put back what was there before when the block ends."""
    before = {name: store.get(name, _MISSING) for name in values}
    store.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is not _MISSING:
                store[name] = value
            else:
                store.pop(name, None)
