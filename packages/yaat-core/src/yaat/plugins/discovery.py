"""This file is what installed distributions say about their plugins, read without importing any of them.

`importlib.metadata` costs more to import than all of this package, so the functions that need it import it: an app
that neither autoloads plugins nor names one pays nothing.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..exceptions import ConfigurationError
from ..provenance import Owner
from .markers import PROJECT
from .problem import raise_together

if TYPE_CHECKING:
    from importlib.metadata import Distribution

#: Its version is what the requirements of plugins on the core are held against.
CORE_DISTRIBUTION = "yaat-core"


class InstalledPlugin(NamedTuple):
    """An entry point of the group `yaat`.

    Attributes:
        owner: The name of the entry point, its distribution and the version of that.
        target: What it names: `module:attribute`, or a `module` that is the plugin.
        requirements: What the distribution requires, as it is written there.
    """

    owner: Owner
    target: str
    requirements: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The module that is imported for it."""
        return self.target.partition(":")[0].strip()

    @property
    def attribute(self) -> str:
        """The dotted name inside the module, or an empty text for the module itself."""
        # Extras may follow in brackets; nothing uses them any more (entry points specification).
        return self.target.partition(":")[2].partition("[")[0].strip()


def find_installed(path: Sequence[str] | None = None) -> list[InstalledPlugin]:
    """Return every installed plugin, sorted by name.

    Args:
        path: The folders to look in; those of `sys.path` when left out.

    Raises:
        PluginErrors: Entry points that cannot be read.
    """
    found: list[InstalledPlugin] = []
    errors: list[ConfigurationError] = []
    seen: set[str] = set()
    for distribution in _find_distributions(path):
        # Most distributions have no plugin of Yaat; to look at the text first saves parsing what all of them say.
        if f"[{PROJECT}]" not in (distribution.read_text("entry_points.txt") or ""):
            continue
        # Of a distribution that is there twice, Python imports what it finds first.
        if distribution.name in seen:
            continue
        seen.add(distribution.name)
        try:
            found.extend(_read_plugins(distribution))
        except Exception as error:  # what a broken file makes of the parser is not specified
            errors.append(_explain(distribution, error))
    raise_together(errors)
    return sorted(found, key=lambda plugin: plugin.owner.plugin)


def find_core_version(path: Sequence[str] | None = None) -> str | None:
    """Return the version of the installed core, or `None` when it runs without being installed."""
    core = next(iter(_find_distributions(path, CORE_DISTRIBUTION)), None)
    return core.version if core else None


def _find_distributions(path: Sequence[str] | None, name: str | None = None) -> "Iterable[Distribution]":
    """Return the installed distributions, all or those of one name, in the order of the folders."""
    from importlib.metadata import distributions  # noqa: PLC0415  # see the head of this file

    return distributions(name=name, path=list(sys.path if path is None else path))


def _read_plugins(distribution: "Distribution") -> Iterator[InstalledPlugin]:
    """Yield the plugins that one distribution brings."""
    for entry in distribution.entry_points.select(group=PROJECT):
        yield InstalledPlugin(
            owner=Owner(plugin=entry.name, distribution=distribution.name, version=distribution.version),
            target=entry.value,
            requirements=tuple(distribution.requires or ()),
        )


def _explain(distribution: "Distribution", error: Exception) -> ConfigurationError:
    """Return the error for a distribution whose entry points cannot be read."""
    name, version = distribution.name, distribution.version
    problem = ConfigurationError(
        f"The entry points of {name} {version} cannot be read: {error}.\n"
        f"Install it anew: pip install --force-reinstall {name}"
    )
    problem.__cause__ = error
    return problem
