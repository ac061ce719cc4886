"""This file is which plugins join in: those given, those named, those installed; less those blocked."""

import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from ..exceptions import ConfigurationError, PluginError
from ..provenance import Owner
from ..record import frozen
from ..similar import find_similar
from .discovery import InstalledPlugin
from .options import PluginOptions, Switches
from .plugin import find_name
from .problem import BrokenPlugin, PluginWarning, gather, suggest
from .status import PluginStatus

#: By name; more than one where distributions compete for a name.
Available = Mapping[str, Sequence[InstalledPlugin]]


@frozen
class Candidate:
    """A plugin that was chosen and is not loaded yet.

    Attributes:
        owner: Its name, and its distribution and version as far as they are known.
        reason: Why it was chosen, for reports.
        is_autoloaded: Whether nobody asked for it by name.
        plugin: The object, when the app gave it.
        installed: Where it comes from, when that is known.
    """

    owner: Owner
    reason: str
    is_autoloaded: bool = False
    plugin: Any = None
    installed: InstalledPlugin | None = None


@frozen
class Selection:
    """What was chosen.

    Attributes:
        candidates: In the order of `plugins=`, then the autoloaded ones by name.
        left_out: What became of the others.
        autoloaded: The names that came in without being asked for, those with an error included.
        errors: Names that mean nothing, or two things.
    """

    candidates: tuple[Candidate, ...]
    autoloaded: frozenset[str]
    left_out: tuple[PluginStatus, ...]
    errors: tuple[ConfigurationError, ...]


def select_plugins(options: PluginOptions, switches: Switches, installed: Iterable[InstalledPlugin]) -> Selection:
    """Return which plugins join in. Blocking wins over all else, an instance over what is installed."""
    available = _group(installed)
    blocked = dict.fromkeys(switches.block, "named in YAAT_BLOCK")
    blocked |= dict.fromkeys(options.block, "named in block=")
    given = {plugin if isinstance(plugin, str) else find_name(plugin): plugin for plugin in options.plugins}
    asked = {name: plugin for name, plugin in given.items() if name not in blocked}
    autoloads = options.autoload and switches.autoload
    autoloaded = sorted(available.keys() - blocked.keys() - asked.keys()) if autoloads else []
    candidates: list[Candidate] = []
    errors: list[ConfigurationError] = []
    active = (*asked, *autoloaded)
    for name in active:
        with gather(errors):
            candidates.append(_choose(name, asked.get(name), available))
    errors.extend(_check_settings(options.settings, active, blocked))
    _warn_of_typos({name: blocked[name] for name in blocked if name not in given and name not in available}, active)
    return Selection(
        candidates=tuple(candidates),
        left_out=(*_list_blocked(blocked, available), *_list_replaced(candidates, available)),
        autoloaded=frozenset(autoloaded),
        errors=tuple(errors),
    )


def _group(installed: Iterable[InstalledPlugin]) -> Available:
    """Return the installed plugins by name."""
    available: dict[str, list[InstalledPlugin]] = {}
    for plugin in installed:
        available.setdefault(plugin.owner.plugin, []).append(plugin)
    return available


def _choose(name: str, asked: Any, available: Available) -> Candidate:
    """Return the candidate of one name.

    Args:
        name: The plugin's name.
        asked: What `plugins=` has for it: the name itself, an object, or `None` when it is autoloaded.
        available: What is installed.

    Raises:
        PluginError: Nothing that is installed has the name, or several things.
    """
    brought = available.get(name, ())
    if asked is not None and not isinstance(asked, str):
        origin = next((each for each in brought if _shares_package(asked, each)), None)
        owner = origin.owner if origin else Owner(plugin=name)
        return Candidate(owner=owner, reason="given in plugins=", plugin=asked, installed=origin)
    if not brought:
        raise _explain_missing(name, available)
    if len(brought) > 1:
        raise _explain_rivals(brought)
    reason = "installed" if asked is None else "named in plugins="
    return Candidate(owner=brought[0].owner, reason=reason, is_autoloaded=asked is None, installed=brought[0])


def _shares_package(plugin: object, installed: InstalledPlugin) -> bool:
    """Whether *plugin* is of the package that an entry point names."""
    module = plugin.__name__ if isinstance(plugin, ModuleType) else type(plugin).__module__
    return module.partition(".")[0] == installed.module.partition(".")[0]


def _explain_missing(name: str, available: Available) -> PluginError:
    """Return the error for a name that nothing installed has."""
    hint = suggest(name, available, label="The installed plugins")
    return PluginError(
        f"plugins= names {name!r}, and no installed package brings a plugin of that name.\n{hint} "
        f"If it is one of Yaat's own: pip install yaat-{name}"
    )


def _explain_rivals(brought: Sequence[InstalledPlugin]) -> PluginError:
    """Return the error for a name that several entry points have."""
    owner = brought[0].owner
    others = " and by ".join(_describe(each) for each in brought[1:])
    fix = "Uninstall one, or give an instance of the one you mean: Yaat(plugins=[…])."
    return BrokenPlugin(owner, f"is brought by {_describe(brought[0])} and by {others}", fix=fix)


def _describe(installed: InstalledPlugin) -> str:
    """Return a distribution and what it brings, in words."""
    owner = installed.owner
    return f"{owner.distribution} {owner.version} ({installed.target})"


def _check_settings(settings: Iterable[str], active: Sequence[str], blocked: Collection[str]) -> Iterator[PluginError]:
    """Yield an error for settings of a plugin that is not there. A blocked plugin may keep its settings."""
    for name in settings:
        if name not in active and name not in blocked:
            hint = suggest(name, active, label="The active plugins")
            yield PluginError(f"settings= has options for {name!r}, and no active plugin is called so.\n{hint}")


def _warn_of_typos(unknown: Mapping[str, str], active: Sequence[str]) -> None:
    """Warn of each blocked name that is unknown and looks like that of a plugin that stays active.

    To block what is not there is no mistake: one environment serves apps with different plugins, and an app runs with
    and without what its developers have installed. But a slip leaves active what somebody wanted to go without.
    """
    for name, reason in unknown.items():
        similar = find_similar(name, active)
        if similar:
            warnings.warn(
                f"No plugin is called {name!r}, which is {reason}. Did you mean {similar!r}, which stays active?",
                PluginWarning,
                stacklevel=2,
            )


def _list_blocked(blocked: Mapping[str, str], available: Available) -> list[PluginStatus]:
    """Return a line for each blocked name, one that nothing has included."""
    return [
        PluginStatus(owner=owner, state="blocked", reason=reason)
        for name, reason in blocked.items()
        for owner in [each.owner for each in available.get(name, ())] or [Owner(plugin=name)]
    ]


def _list_replaced(candidates: Iterable[Candidate], available: Available) -> list[PluginStatus]:
    """Return a line for each installed plugin in whose place the app gave another object."""
    return [
        PluginStatus(owner=each.owner, state="replaced", reason="another is given in plugins=")
        for candidate in candidates
        if candidate.plugin is not None
        for each in available.get(candidate.owner.plugin, ())
        if each is not candidate.installed
    ]
