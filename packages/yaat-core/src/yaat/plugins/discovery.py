"""This file is what installed distributions say about their plugins, read without importing any of them.

`importlib.metadata` costs more to import than all of this package, so the functions that need it import it: an app
pays nothing for it where no plugin is installed, or none is asked for.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

from ..exceptions import ConfigurationError
from ..provenance import Owner
from ..record import frozen
from .markers import PROJECT
from .problem import raise_together
from .version import normalize

if TYPE_CHECKING:
    from importlib.metadata import Distribution, PackageMetadata

#: Its version is what the requirements of plugins on the core are held against.
CORE_DISTRIBUTION = "yaat-core"


@frozen
class InstalledPlugin:
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
    for distribution in _find_bringing(sys.path if path is None else path):
        # PERF: whoever is asked for its name parses all of the metadata, each time (figure "import, 100 routes").
        metadata = distribution.metadata
        name = metadata["Name"]
        # Of a distribution that is there twice, Python imports what it finds first.
        if normalize(name) in seen:
            continue
        seen.add(normalize(name))
        try:
            found.extend(_read_plugins(distribution, metadata))
        except Exception as error:  # what a broken file makes of the parser is not specified
            errors.append(_explain(metadata, error))
    raise_together(errors)
    return sorted(found, key=lambda plugin: plugin.owner.plugin)


def _find_bringing(path: Sequence[str]) -> "Iterable[Distribution]":
    """Return the distributions that bring plugins, in the order of the folders."""
    # Most distributions have no plugin of Yaat; to look at the text first saves parsing what all of them say.
    section = f"[{PROJECT}]"
    folders = _list_folders(path, section.encode())
    if folders is None:
        everything = _find_distributions(path)
        return [each for each in everything if section in (each.read_text("entry_points.txt") or "")]
    if not folders:
        return ()
    from importlib.metadata import Distribution  # noqa: PLC0415  # see the head of this file

    return [Distribution.at(folder) for folder in folders]


def _list_folders(path: Sequence[str], section: bytes) -> list[str] | None:
    """Return the metadata folders whose entry points have *section*, or `None` where more than folders is to be read.

    That is so for archives, eggs, and finders other than Python's own, which `importlib.metadata` knows how to ask.
    """
    if any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path):
        return None
    found: list[str] = []
    for root in path:
        if os.path.isfile(root) or root.endswith(".egg"):  # noqa: PTH113  # as below
            return None
        try:
            names = os.listdir(root or ".")  # noqa: PTH208  # PERF: pathlib takes two milliseconds to import
        except OSError:  # A folder on the path need not be there.
            continue
        for name in names:
            if name.lower().endswith((".dist-info", ".egg-info")) and section in _read_entry_points(root, name):
                found.append(f"{root or '.'}{os.sep}{name}")
    return found


def _read_entry_points(root: str, name: str) -> bytes:
    """Return the file of entry points of one distribution, empty where it has none."""
    try:
        with open(f"{root or '.'}{os.sep}{name}{os.sep}entry_points.txt", "rb") as file:  # noqa: PTH123  # as above
            return file.read()
    except OSError:
        return b""


def find_core_version(path: Sequence[str] | None = None) -> str | None:
    """Return the version of the installed core, or `None` when it runs without being installed."""
    core = next(iter(_find_distributions(path, CORE_DISTRIBUTION)), None)
    return core.version if core else None


def _find_distributions(path: Sequence[str] | None, name: str | None = None) -> "Iterable[Distribution]":
    """Return the installed distributions, all or those of one name, in the order of the folders."""
    from importlib.metadata import distributions  # noqa: PLC0415  # see the head of this file

    return distributions(name=name, path=list(sys.path if path is None else path))


def _read_plugins(distribution: "Distribution", metadata: "PackageMetadata") -> Iterator[InstalledPlugin]:
    """Yield the plugins that one distribution brings."""
    # What an egg requires stands in a file of its own.
    requirements = tuple(metadata.get_all("Requires-Dist") or distribution.requires or ())
    for entry in distribution.entry_points.select(group=PROJECT):
        yield InstalledPlugin(
            owner=Owner(plugin=entry.name, distribution=metadata["Name"], version=metadata["Version"]),
            target=entry.value,
            requirements=requirements,
        )


def _explain(metadata: "PackageMetadata", error: Exception) -> ConfigurationError:
    """Return the error for a distribution whose entry points cannot be read."""
    name, version = metadata["Name"], metadata["Version"]
    problem = ConfigurationError(
        f"The entry points of {name} {version} cannot be read: {error}.\n"
        f"Install it anew: pip install --force-reinstall {name}"
    )
    problem.__cause__ = error
    return problem
