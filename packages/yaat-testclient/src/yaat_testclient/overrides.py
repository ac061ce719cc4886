"""This file is overriding: an app that has something else, or lacks something, as long as a block runs.

What an app is built of is frozen, so it is built again for the block, and is what it was before when the block ends.
Apps mounted in it are part of it, and part of this; so are those that ASGI middleware around them keeps as its `app`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import replace
from typing import Any

from yaat import Yaat
from yaat.app import CALLED_AS
from yaat.exceptions import ConfigurationError
from yaat.plugins.plugin import find_name
from yaat.plugins.problem import suggest
from yaat.plugins.version import parse_requirement
from yaat.routing import Mount, Router

_MISSING = object()


@contextmanager
def override(
    app: Any,
    request_state: MutableMapping[str, Any],
    *,
    plugins: Sequence[Any] = (),
    block: Sequence[str] = (),
    resolvers: Sequence[Any] = (),
    state: dict[str, Any],
) -> Iterator[None]:
    """Let *app*, and the apps mounted in it, be different until the block ends.

    Args:
        request_state: What requests see in their state, over what the lifespan gives.
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
        stores = [request_state, *(each.state for root in list_roots(app) for each in list_apps(root))]
        for store in stores if state else ():
            stack.enter_context(_changed(store, state))
        yield


def list_roots(app: Any) -> list[Yaat]:
    """Return the Yaat apps that are built by themselves: what *app* is, and those that something else hides in a mount.

    None if *app* is none, and keeps none as its `app`, as ASGI middleware does.
    """
    roots: list[Yaat] = []
    pending = [app]
    while pending:
        root = _unwrap(pending.pop(0))
        if root is None or any(root is each for known in roots for each in list_apps(known)):
            continue
        roots.append(root)
        pending += [each for each in _list_mounted(root) if not isinstance(each, Router)]
    return roots


def _unwrap(app: Any) -> Yaat | None:
    """Return the Yaat app that *app* is, or that it is middleware around."""
    seen: list[Any] = []
    while not isinstance(app, Yaat):
        if app is None or any(app is each for each in seen):
            return None
        seen.append(app)
        app = getattr(app, "app", None)
    return app


def list_apps(app: Yaat) -> list[Yaat]:
    """Return *app* and the Yaat apps mounted in it, each once, the outermost first; they are built if need be."""
    return [each for each in _list_mounted(app) if isinstance(each, Yaat)]


def _list_mounted(app: Yaat) -> list[Any]:
    """Return *app* and all that is mounted in it, directly or through others, each once: apps and routers."""
    app.build()
    found: dict[int, Any] = {}
    pending: list[Any] = [app]
    while pending:
        target = pending.pop()
        if id(target) not in found:
            found[id(target)] = target
            router = target.parts if isinstance(target, Yaat) else target
            entries = router.routes if isinstance(target, Router) else ()
            pending += [entry.app for entry in entries if isinstance(entry, Mount)]
    return list(found.values())


@contextmanager
def _rebuilt(app: Any, plugins: Sequence[Any], block: Sequence[str], resolvers: Sequence[Any]) -> Iterator[None]:
    """Build *app* with other plugins; put back what was there before when the block ends."""
    roots = list_roots(app)
    if not roots:
        raise TypeError(f"Plugins and resolvers are those of a Yaat app, and {app!r} is none. Override state alone.")
    apps = [each for root in roots for each in list_apps(root)]
    replacing = {find_name(plugin): plugin for plugin in plugins}
    resolving = {resolver.name: resolver for resolver in resolvers}
    _check_names((*replacing, *block), {name for each in apps for name in each.manager.plugins}, "plugin")
    saved = [(each, dict(vars(each)), CALLED_AS.__get__(each)) for each in apps]
    try:
        for each in apps:
            each.extensions = _copy_extensions(each)
            if any(name in each.manager.plugins for name in (*replacing, *block)):
                _prepare(each, replacing, block)
        if resolving:
            _resolve_otherwise(apps, resolving)
        for root in roots:
            root.line = None  # The core offers no other way to build an app again.
            root.build()
        yield
    finally:
        _restore(saved)


def _restore(saved: Sequence[tuple[Yaat, dict[str, Any], Any]]) -> None:
    """Let apps be as they were: their attributes, what they are called as, and what their plugins know of them."""
    for app, values, called_as in saved:
        # Never without what it was built of: work in the background may go on meanwhile.
        vars(app).update(values)
        CALLED_AS.__set__(app, called_as)
        for name in vars(app).keys() - values.keys():
            delattr(app, name)
    for app, *_ in saved:
        _tell_built(app)


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


def _copy_extensions(app: Yaat) -> dict[str, Any]:
    """Return the extensions of *app*, for plugins to change; objects of their own stay the same."""
    return {name: copy(each) if type(each) in (list, dict, set) else each for name, each in app.extensions.items()}


def _tell_built(app: Yaat) -> None:
    """Tell the plugins of *app* again that it is built.

    They have been told of the other app, and have objects that outlive it: a document of all routes, for one.
    """
    extensions = app.extensions
    app.extensions = _copy_extensions(app)  # These are as they were before already.
    try:
        app.manager.collect("yaat_app_built", app=app, report=app.report)
    finally:
        app.extensions = extensions


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
