"""This file is loading one plugin: its core range, its import, its options, and what it says of itself."""

import inspect
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ..provenance import Owner
from .discovery import CORE_DISTRIBUTION, InstalledPlugin
from .implementation import Implementation, find_implementations, find_unmarked
from .loaded import LoadedPlugin
from .plugin import Plugin, check_declaration, read_declaration
from .problem import BrokenPlugin, raise_together
from .selection import Candidate
from .target import import_target, make_plugin
from .version import normalize, parse_requirement


def load_plugin(candidate: Candidate, settings: Mapping[str, Any], core_version: str | None) -> LoadedPlugin:
    """Return the plugin of *candidate*.

    Nothing of it is imported unless its distribution allows the core that is running.

    Args:
        candidate: What was chosen.
        settings: What `settings=` has for it.
        core_version: The version of the running core; `None` leaves it unchecked.

    Raises:
        BrokenPlugin: The first thing that keeps the others from being looked at.
        PluginErrors: All that is wrong with what the plugin says about itself.
    """
    owner = candidate.owner
    if candidate.installed is not None and core_version is not None:
        check_core_range(candidate.installed, core_version)
    target = _find_target(candidate)
    plugin = make_plugin(target, owner, settings) if inspect.isclass(target) else target
    implementations = find_implementations(plugin)
    hooks = {each.hook for each in implementations}
    raise_together(
        (
            *check_declaration(plugin, owner),
            *_check_use(plugin, owner, hooks),
            *_check_readers(target, owner, implementations, settings),
        )
    )
    return LoadedPlugin(
        plugin=plugin,
        owner=owner,
        declaration=read_declaration(plugin, owner.plugin),
        implementations=implementations,
        settings=settings,
        reason=candidate.reason,
        is_autoloaded=candidate.is_autoloaded,
    )


def check_core_range(installed: InstalledPlugin, core_version: str) -> None:
    """Hold the requirement of a plugin's distribution on the core against the core that is running.

    Raises:
        BrokenPlugin: The core is outside the range, or the range cannot be read.
    """
    for text in installed.requirements:
        if not normalize(text).startswith(CORE_DISTRIBUTION):
            continue
        owner = installed.owner
        try:
            requirement = parse_requirement(text)
            is_met = requirement.allows(core_version)
        except ValueError as error:
            what, fix = f"has the requirement {text!r}", f"That cannot be read: {error}"
            raise BrokenPlugin(owner, what, fix=fix) from error
        # What a marker makes of a requirement, and whether an extra is wanted, the installer has decided.
        is_core = normalize(requirement.name) == CORE_DISTRIBUTION and not requirement.has_marker
        if is_core and not is_met:
            what = f"requires {text}, and yaat-core {core_version} is running"
            fix = f"Install versions that go together: pip install -U {owner.distribution} yaat-core"
            raise BrokenPlugin(owner, what, fix=fix)


def _find_target(candidate: Candidate) -> Any:
    """Return the object that the app gave, or what the entry point names."""
    if candidate.plugin is not None or candidate.installed is None:
        return candidate.plugin
    return import_target(candidate.installed)


def _check_use(plugin: object, owner: Owner, hooks: Collection[str]) -> Iterator[BrokenPlugin]:
    """Yield an error for an object that is no plugin at all. A `Plugin` may do with `requires` alone."""
    # One whose marks were forgotten has more to be told, when all the hooks are checked.
    if not hooks and not isinstance(plugin, Plugin) and not any(find_unmarked(plugin, owner, ())):
        fix = "A plugin is an instance, a class or a module with functions marked @hookimpl."
        yield BrokenPlugin(owner, f"is {plugin!r}, which has no hooks", fix=fix)


def _check_readers(
    target: object, owner: Owner, implementations: Iterable[Implementation], settings: Mapping[str, Any]
) -> Iterator[BrokenPlugin]:
    """Yield an error for settings that nobody would read: there is no constructor to give them to."""
    taken = [each.name for one in implementations if one.hook == "yaat_configure" for each in one.parameters]
    if settings and not inspect.isclass(target) and "settings" not in taken:
        fix = "Give them where the instance is made, or read them in its hook yaat_configure(self, app, settings)."
        yield BrokenPlugin(owner, "has settings, and nothing in it reads them", fix=fix)
