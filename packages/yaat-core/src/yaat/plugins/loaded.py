"""This file is one loaded plugin: the object, and all that is known of it."""

from collections.abc import Mapping
from typing import Any

from ..provenance import Owner
from ..record import frozen
from .implementation import Implementation
from .plugin import Declaration


@frozen
class LoadedPlugin:
    """A plugin that is ready to take its place among the others.

    Attributes:
        plugin: The object with the hooks.
        owner: Its name, and its distribution and version as far as they are known.
        declaration: What it says about its place.
        implementations: Its hooks, not checked yet.
        settings: What `settings=` has for it.
        reason: Why it is here, for reports.
        is_autoloaded: Whether nobody asked for it by name.
    """

    plugin: Any
    owner: Owner
    declaration: Declaration
    implementations: tuple[Implementation, ...]
    settings: Mapping[str, Any]
    reason: str
    is_autoloaded: bool

    @property
    def name(self) -> str:
        """Its one name."""
        return self.owner.plugin
