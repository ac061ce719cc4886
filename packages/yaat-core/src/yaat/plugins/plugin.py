"""This file is what a plugin says about itself: the base class, and reading the same from any object."""

import re
from collections.abc import Iterator
from types import ModuleType

from ..provenance import Owner
from ..record import frozen
from .markers import HOOK_API
from .problem import BrokenPlugin

#: Names stand in YAAT_BLOCK, between commas, and in entry points, before an equals sign.
_NAME = r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*"
#: What owners that are no plugins are called.
_RESERVED = ("app", "core")
_LISTS = ("requires", "before", "after", "conflicts")


class Plugin:
    """What a plugin class inherits to say its name, and where it stands among the others.

    Nothing but the name is needed. Hooks are methods marked with `hookimpl`; options are keyword arguments of the
    constructor, so that `settings` can give them. A module or any other object with marked functions is a plugin
    too, and the same attributes are read from it.

    Attributes:
        name: The one name: of the entry point, in `block`, in `settings`, in the order. Letters and digits, with
            single `.`, `_` or `-` between.
        hook_api: The version of the hooks it is written for (the first number of `HOOK_API`).
        requires: Names of plugins that must be active; they come earlier.
        before: Names of plugins that come later, if they are there.
        after: Names of plugins that come earlier, if they are there.
        conflicts: Names of plugins that it cannot work beside.
    """

    name: str = ""
    # Stays 1 for good: a plugin that says nothing was written when there was nothing to say.
    hook_api: int = 1
    requires: tuple[str, ...] | list[str] = ()
    before: tuple[str, ...] | list[str] = ()
    after: tuple[str, ...] | list[str] = ()
    conflicts: tuple[str, ...] | list[str] = ()


@frozen
class Declaration:
    """What a plugin says about itself, checked. The attributes are those of `Plugin`."""

    name: str
    requires: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


def find_name(plugin: object) -> str:
    """Return what *plugin* calls itself, or a module's own name, or an empty text."""
    name = getattr(plugin, "name", None)
    if isinstance(name, str) and name:
        return name
    return plugin.__name__.rpartition(".")[2] if isinstance(plugin, ModuleType) else ""


def check_declaration(plugin: object, owner: Owner) -> Iterator[BrokenPlugin]:
    """Yield what *plugin*, which goes by the name of *owner*, says wrongly about itself."""
    yield from _check_name(plugin, owner)
    yield from _check_hook_api(plugin, owner)
    for attribute in _LISTS:
        value = getattr(plugin, attribute, ())
        # One text alone is a common slip: it would be taken letter by letter.
        if not _is_names(value):
            fix = f'Write {attribute} = ("other",), a tuple of plugin names.'
            yield BrokenPlugin(owner, f"has {attribute} = {value!r}", fix=fix)


def read_declaration(plugin: object, name: str) -> Declaration:
    """Return what a checked *plugin* says about its place."""
    return Declaration(name=name, **{key: tuple(getattr(plugin, key, ())) for key in _LISTS})


def _check_name(plugin: object, owner: Owner) -> Iterator[BrokenPlugin]:
    """Yield what is wrong with the name: the one it gives itself, and the one it goes by."""
    name = owner.plugin
    own = getattr(plugin, "name", None) or name
    if re.fullmatch(_NAME, name) is None or name in _RESERVED:
        rule = f"A name is letters and digits, with single . _ or - between; not {_RESERVED}."
        yield BrokenPlugin(owner, f"cannot be called {name!r}", fix=rule)
    elif own != name:
        fix = f"A plugin has one name: write name = {name!r} in it, or {own!r} in the entry point."
        yield BrokenPlugin(owner, f"calls itself {own!r}", fix=fix)


def _check_hook_api(plugin: object, owner: Owner) -> Iterator[BrokenPlugin]:
    """Yield what is wrong with the version of the hooks that the plugin is written for."""
    wanted, spoken = getattr(plugin, "hook_api", Plugin.hook_api), HOOK_API[0]
    what = f"is written for hook API {wanted!r}, and this core has hook API {spoken}"
    if not isinstance(wanted, int):
        yield BrokenPlugin(owner, what, fix=f"Write hook_api = {spoken} in the plugin.")
    elif wanted > spoken:
        fix = "Upgrade the core (pip install -U yaat-core), or install an older version of the plugin."
        yield BrokenPlugin(owner, what, fix=fix)
    elif wanted < spoken:
        fix = "Upgrade the plugin, or install an older version of yaat-core."
        yield BrokenPlugin(owner, what, fix=fix)


def _is_names(value: object) -> bool:
    """Whether *value* is a tuple or a list of texts."""
    return isinstance(value, tuple | list) and all(isinstance(name, str) for name in value)
