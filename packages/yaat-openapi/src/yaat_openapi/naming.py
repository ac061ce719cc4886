"""This file is the `operationId` of every operation: unique in a document, and the same in every build."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from yaat.exceptions import ConfigurationError

#: A route, and a method of it.
Key = tuple[Any, str]


def name_operations(keys: Iterable[Key]) -> list[str]:
    """Return the name of each operation, in the order of *keys*.

    It is what the route says with `operation_id=`, else made of the name of the route; with the method behind it where
    a route has several. A number comes behind a name that is taken.

    Raises:
        ConfigurationError: Two routes say the same.
    """
    wanted = [(route, _choose(route, method)) for route, method in keys]
    said: dict[str, Any] = {}
    for route, name in wanted:
        if "operation_id" in route.metadata:
            _refuse_second(said.setdefault(name, route), route, name)
    taken = set(said)
    return [name if "operation_id" in route.metadata else _take(name, taken) for route, name in wanted]


def check_names(operations: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Raise when two operations have one name after all: a docstring, an option or a plugin has changed it.

    Args:
        operations: Each with its path and method.

    Raises:
        ConfigurationError: Two have; the message names both.
    """
    known: dict[Any, str] = {}
    for path, method, operation in operations:
        name, here = operation.get("operationId"), f"{method} {path}"
        other = known.setdefault(name, here)
        if name is not None and other is not here:
            raise ConfigurationError(f"{other} and {here} both have operationId {name!r}. Give one another name.")


def _refuse_second(first: Any, route: Any, name: str) -> None:
    """Raise when *first* and *route* are two.

    Raises:
        ConfigurationError: They are; the message names the lines of both.
    """
    if first is not route:
        raise ConfigurationError(
            f"Two routes have operation_id={name!r}: {first.path} added at {first.source}, "
            f"and {route.path} added at {route.source}. Give one another name."
        )


def _choose(route: Any, method: str) -> str:
    """Return the name that an operation should have."""
    name = route.metadata.get("operation_id") or re.sub(r"\W+", "_", route.name)
    return f"{name}_{method.lower()}" if len(route.handlers) > 1 else name


def _take(name: str, taken: set[str]) -> str:
    """Return *name*, with a number if it is in *taken*, and put it there."""
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{name}_{count}"
    taken.add(free)
    return free
