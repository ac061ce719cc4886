"""This file is the path converters of several apps beside each other, and the parsers that the route table knows.

What every app starts with stands in `yaat.routing.built_in`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..provenance import CORE, format_origin
from ..records import PathConverter
from ..similar import find_similar
from .route import Mount, Route
from .template import Parameter, PathTemplate

#: A signed 64-bit integer, what databases take as a key.
MIN_INT, MAX_INT = -(2**63), 2**63 - 1
#: As many decimal digits as always fit one.
MAX_INT_DIGITS = 18


def parse_int(text: str) -> int:
    """Return the whole number that *text* writes in ASCII digits, with a minus sign at most.

    Raises:
        ValueError: It is none, or no signed 64-bit integer.
    """
    # PERF: the second test settles nearly every number (row "two path parameters").
    if len(text) <= MAX_INT_DIGITS and text.isdigit() and text.isascii():
        return int(text)
    digits = text.removeprefix("-")
    if len(digits) > MAX_INT_DIGITS + 1 or not digits.isdigit() or not digits.isascii():
        raise ValueError(text)
    value = int(text)
    if not MIN_INT <= value <= MAX_INT:
        raise ValueError(text)
    return value


def parse_text(text: str) -> str:
    """Return *text* as it is; the route table has seen to it that it is not empty.

    Raises:
        ValueError: It is a dot segment: on the way here that leads elsewhere (RFC 3986 §5.2.4).
    """
    if text in (".", ".."):
        raise ValueError(text)
    return text


def parse_path(text: str) -> str:
    """Return the rest of a path as it is.

    Raises:
        ValueError: One of its segments is a dot segment, as for `parse_text`.
    """
    # PERF: few have a segment that begins with a dot, though most that lead to files have one (row "static file").
    if ("/." in text or text[:1] == ".") and any(segment in (".", "..") for segment in text.split("/")):
        raise ValueError(text)
    return text


class ConverterIndex:
    """The path converters of an app and of the apps mounted in it, which may give one name to different things.

    Args:
        converters: Those of the outermost app.
    """

    def __init__(self, converters: Mapping[str, PathConverter]) -> None:
        self._records: dict[str, PathConverter] = {}
        self._names: dict[int, dict[str, str]] = {}
        self._list_names(converters)

    def qualify(self, template: PathTemplate, converters: Mapping[str, PathConverter]) -> PathTemplate:
        """Return *template*, which belongs to an app with *converters*, with names that are unique in this index."""
        names = self._list_names(converters)
        if all(p.converter is None or names[p.converter] == p.converter for p in template.parameters):
            return template
        return template.change_parameters(lambda p: Parameter(p.name, p.converter and names[p.converter]))

    @property
    def parsers(self) -> dict[str, Callable[[str], Any]]:
        """The parser of each converter, those that apps and plugins added first: they are more special."""
        ranked = sorted(self._records.items(), key=lambda item: item[1].owner == CORE)
        return {name: record.parse for name, record in ranked}

    def _list_names(self, converters: Mapping[str, PathConverter]) -> dict[str, str]:
        """Return what the converters of one app are called here, by what they are called there."""
        if id(converters) not in self._names:
            self._names[id(converters)] = {name: self._add(record) for name, record in converters.items()}
        return self._names[id(converters)]

    def _add(self, converter: PathConverter) -> str:
        """Return the name of *converter*, or one made of it where another has that already."""
        name = converter.name
        while self._records.setdefault(name, converter) is not converter:
            name += "'"
        return name


def explain_converter(name: str, record: Route | Mount, converters: Mapping[str, PathConverter]) -> str:
    """Return the message for a converter that is not among *converters*; a caret shows it."""
    path = record.path
    offset = path.find(f":{name}}}") + 1
    caret = f"\n    {path}\n    {' ' * offset}{'^' * len(name)}" if offset else ""
    similar = find_similar(name, converters, cutoff=0.4)
    hint = f" Did you mean {similar!r}?" if similar else ""
    return (
        f"Unknown converter {name!r} in the path {format_origin(record.owner, record.source)}.{caret}\n"
        f"Known converters: {', '.join(sorted(converters))}.{hint}"
    )
