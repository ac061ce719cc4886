"""This file is finding records that are of one kind and answer to one key."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from ..exceptions import ConfigurationError, PluginError
from ..provenance import APP, CORE
from .markers import PROJECT
from .problem import raise_together
from .specs import SPECIFICATIONS

R = TypeVar("R")


def check_unique(records: Iterable[R], *, key: Callable[[R], Hashable], what: str) -> dict[Any, R]:
    """Return *records* by their key, in the order in which each key was met first.

    The app's own record takes the place of another when it says `replaces=True`. Nobody else may.

    Args:
        records: Frozen records with an `owner`; some kinds have a `replaces` too.
        key: What must not be there twice, such as the name of a converter.
        what: What the records are, such as `converter`.

    Raises:
        PluginErrors: Every key that is there twice, with who gave both.
    """
    kept: dict[Hashable, Any] = {}
    errors: list[ConfigurationError] = []
    for record in records:
        value = key(record)
        first = kept.setdefault(value, record)
        if first is record or _replaces(first, record):
            continue
        if _replaces(record, first):
            kept[value] = record
        else:
            errors.append(_explain(first, record, what, value))
    raise_together(errors)
    return kept


def _replaces(record: Any, other: Any) -> bool:
    """Whether *record* is the app's, *other* is not, and the app says that it replaces it."""
    is_apps = record.owner.is_app and not other.owner.is_app
    return is_apps and getattr(record, "replaces", False)


def _explain(first: Any, second: Any, what: str, key: Hashable) -> ConfigurationError:
    """Return the error for two records with the same key, with the ways to choose between them."""
    owners = (first.owner, second.owner)
    plugins = dict.fromkeys(owner.plugin for owner in owners if owner not in (APP, CORE))
    ways = [f'Yaat(block=["{plugin}"])' for plugin in plugins]
    if hasattr(second, "replaces") and any(not owner.is_app for owner in owners):
        ways.append("replaces=True on one that the app adds itself")
    hook = f"{PROJECT}_register_{what.replace(' ', '_')}s"
    is_specified = any(hasattr(namespace, hook) for namespace in SPECIFICATIONS)
    where = f"Plugins give them in their hook {hook!r}.\n" if plugins and is_specified else ""
    switch = "\nYAAT_BLOCK in the environment blocks as well." if plugins else ""
    error = PluginError if plugins else ConfigurationError
    return error(
        f"There are two of the {what} {key!r}: from {_locate(first)}, and from {_locate(second)}.\n"
        f"{where}Choose one: {' or '.join(ways) or 'take the other out'}.{switch}"
    )


def _locate(record: Any) -> str:
    """Return who gave *record*, and where if that is known."""
    who = "the core" if record.owner == CORE else str(record.owner)
    source = getattr(record, "source", None)
    return f"{who} at {source}" if source else who
