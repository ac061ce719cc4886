"""This file is versions and the ranges a requirement allows, as far as plugins need them.

The core depends on pluggy alone, so it reads the requirements on plugins and on itself with its own few lines. Only
the numbers of a release count: `0.3.0.dev1` and `0.3.0rc1` are taken as `0.3.0`, so that plugins can be tried with a
core that is not released yet. Markers and `===` are left to installers.
"""

import re
from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType

from ..record import frozen

#: The epoch and then the numbers of a version: `2.1` is (0, 2, 1).
Release = tuple[int, ...]

# PERF: these are compiled when the first of them is needed, which saves an app without requirements a millisecond.
# Version specifiers specification, "Version scheme": release, pre-, post- and development release, local version.
_VERSION = (
    r"v?(?:(?P<epoch>\d+)!)?(?P<numbers>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?:alpha|beta|preview|pre|post|rev|rc|dev|a|b|c|r)[-_.]?\d*)*(?:-\d+)?"
    r"(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?"
)
_CLAUSE = r"(?P<operator>~=|==|!=|<=|>=|<|>)\s*(?P<version>[^\s=]+?)(?P<prefix>\.\*)?"
# Dependency specifiers specification: a name, extras, then a range or a URL, then a marker.
_REQUIREMENT = (
    r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*"
    r"(?:@[^;]*|\(?(?P<clauses>[^();@]*)\)?\s*)(?P<marker>;.*)?"
)
_COMPARE: Mapping[str, Callable[[Release, Release], bool]] = MappingProxyType(
    {"==": eq, "!=": ne, "<=": le, ">=": ge, "<": lt, ">": gt}
)


@frozen
class Clause:
    """One condition on a version, such as `>=1.2` or `==1.*`."""

    operator: str
    release: Release
    is_prefix: bool = False

    def allows(self, release: Release) -> bool:
        """Return whether *release* meets the condition; missing numbers count as zeros."""
        if self.is_prefix:
            return _begins_with(release, self.release) is (self.operator == "==")
        if self.operator == "~=":
            is_recent = _trim(release) >= _trim(self.release)
            return is_recent and _begins_with(release, self.release[:-1])
        return _COMPARE[self.operator](_trim(release), _trim(self.release))


@frozen
class Requirement:
    """A name and the versions of it that will do.

    Attributes:
        text: As it was written.
        name: As it was written; compare names of distributions with `normalize`.
        clauses: All must allow a version. None for a URL, which names one build and no range.
        has_marker: Whether it holds in some environments only.
    """

    text: str
    name: str
    clauses: tuple[Clause, ...]
    has_marker: bool = False

    def allows(self, version: str) -> bool:
        """Return whether *version* will do.

        Raises:
            ValueError: *version* is no version.
        """
        release = parse_release(version)
        return all(clause.allows(release) for clause in self.clauses)


def parse_release(text: str) -> Release:
    """Return the epoch and the numbers of a version.

    Raises:
        ValueError: *text* is no version.
    """
    match = re.fullmatch(_VERSION, text.strip(), re.ASCII | re.IGNORECASE)
    if match is None:
        raise ValueError(f"{text!r} is not a version such as '1.2' or '1.2.3rc1'.")
    return int(match["epoch"] or 0), *(int(number) for number in match["numbers"].split("."))


def parse_requirement(text: str) -> Requirement:
    """Return what a requirement such as `yaat-core>=0.2,<1` asks for.

    Raises:
        ValueError: *text* is no requirement, or uses `===`.
    """
    match = re.fullmatch(_REQUIREMENT, text, re.ASCII | re.DOTALL)
    if match is None:
        raise ValueError(f"{text!r} is not a requirement such as 'name' or 'name>=1.2,<2'.")
    parts = (match["clauses"] or "").split(",")
    return Requirement(
        text=text,
        name=match["name"],
        clauses=tuple(_parse_clause(part.strip()) for part in parts if part.strip()),
        has_marker=match["marker"] is not None,
    )


def normalize(name: str) -> str:
    """Return the name of a distribution in the form that equal names share (names specification)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _parse_clause(text: str) -> Clause:
    """Return the condition that *text* writes, or raise `ValueError`."""
    match = re.fullmatch(_CLAUSE, text, re.ASCII)
    if match is None:
        raise ValueError(f"{text!r} is not a condition such as '>=1.2'; use one of ~= == != <= >= < >.")
    operator, is_prefix = match["operator"], match["prefix"] is not None
    release = parse_release(match["version"])
    if is_prefix and operator not in ("==", "!="):
        raise ValueError(f"{text!r} has '.*', which goes with == and != alone.")
    if operator == "~=" and len(release) < 3:
        raise ValueError(f"{text!r} needs two numbers: '~=1.2' is '>=1.2,==1.*'.")
    return Clause(operator=operator, release=release, is_prefix=is_prefix)


def _begins_with(release: Release, prefix: Release) -> bool:
    """Whether *release*, made longer with zeros where needed, begins with *prefix*."""
    return (release + (0,) * len(prefix))[: len(prefix)] == prefix


def _trim(release: Release) -> Release:
    """Return *release* without the zeros at its end, so that `1.0` and `1` compare as equal."""
    end = len(release)
    while end and release[end - 1] == 0:
        end -= 1
    return release[:end]
