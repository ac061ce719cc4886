"""This file is what a client must show: the requirements of operations, each by the name of a scheme."""

from collections.abc import Iterable, Mapping
from typing import Any

from yaat.exceptions import ConfigurationError
from yaat.similar import find_similar

Requirement = dict[str, list[str]]


def read_requirements(given: Iterable[Any]) -> list[Requirement]:
    """Return Security Requirement Objects: a name alone is a scheme without scopes."""
    return [{each: []} if isinstance(each, str) else dict(each) for each in given]


def check_security(document: Mapping[str, Any], operations: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Raise when an operation of *document* requires a scheme that nobody describes.

    Args:
        document: With the schemes that plugins have added.
        operations: Each with its path and method.

    Raises:
        ConfigurationError: It does; the message names the operation and the schemes that there are.
    """
    schemes = document.get("components", {}).get("securitySchemes", {})
    _check(document.get("security", ()), schemes, "The document")
    for path, method, operation in operations:
        _check(operation.get("security", ()), schemes, f"{method} {path}")


def _check(requirements: Iterable[Mapping[str, Any]], schemes: Mapping[str, Any], who: str) -> None:
    """Raise for a requirement that names no scheme."""
    for requirement in requirements:
        for name in requirement:
            if name not in schemes:
                similar = find_similar(name, schemes)
                known = f"There are: {', '.join(schemes)}." if schemes else "There are none."
                hint = f"Did you mean {similar!r}?" if similar else f"{known} Describe it in security_schemes=."
                raise ConfigurationError(f"{who} requires the security scheme {name!r}, which nobody describes. {hint}")
