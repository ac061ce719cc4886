"""This file is how one text, or several, becomes a value: of a path, a query, a header, a cookie or a form.

The law here: ASCII digits, a bounded length before any number is made, and nothing that is no number.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any, Literal, get_args, get_origin

import msgspec

from yaat.media_type import split_members
from yaat.routing.converters import parse_int

from .annotation import has_number, holds, strip_none
from .mistakes import Mistake, Pointer, make_mistake

#: Longer than any number that a program writes.
MAX_NUMBER_LENGTH = 64
_FLOAT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
#: What forms, links and programs write for them.
_BOOLS = {"true": True, "1": True, "false": False, "0": False, "on": True, "off": False, "True": True, "False": False}

#: Text → value; raises `ValueError` with what was expected.
Parse = Callable[[str], Any]


def parse_whole(text: str) -> int:
    """Return a whole number.

    Raises:
        ValueError: It is none, or no signed 64-bit integer, as in a path.
    """
    try:
        return parse_int(text)
    except ValueError:
        raise ValueError(f"Expected `int`, got {text[:50]!r}") from None


def parse_number(text: str) -> float:
    """Return a number.

    Raises:
        ValueError: It is none, or too large.
    """
    if len(text) > MAX_NUMBER_LENGTH or _FLOAT.fullmatch(text) is None or not isfinite(value := float(text)):
        raise ValueError(f"Expected `float`, got {text[:50]!r}")
    return value


def parse_truth(text: str) -> bool:
    """Return what `true`, `1`, `on`, `false`, `0` or `off` says.

    Raises:
        ValueError: It is none of these.
    """
    value = _BOOLS.get(text)
    if value is None:
        raise ValueError(f"Expected `bool`, got {text[:50]!r}")
    return value


_SIMPLE: dict[Any, Parse] = {int: parse_whole, float: parse_number, bool: parse_truth}


def make_parser(kind: Any) -> Parse | None:
    """Return what makes a *kind* of one text; `None` for `str`, which is a text already."""
    kind = strip_none(kind)
    if kind is str:
        return None
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if hasattr(kind, "__metadata__") and get_args(kind)[0] in (int, float):
        return _parse_first(_SIMPLE[get_args(kind)[0]], kind)
    if get_origin(kind) is Literal and all(isinstance(each, bool) for each in get_args(kind)):
        return _parse_first(parse_truth, kind)
    return _parse_any(kind)


def make_list_parser(kind: Any) -> Callable[[Sequence[str]], Any]:
    """Return what makes a *kind*, a collection, of several texts.

    It raises `ListMistakes` with all that is wrong.
    """
    kind = strip_none(kind)
    plain = get_args(kind)[0] if hasattr(kind, "__metadata__") else kind
    parse = make_parser(get_args(plain)[0])

    def parse_all(texts: Sequence[str]) -> Any:
        values: list[Any] = []
        wrong: list[tuple[Pointer, str]] = []
        for number, text in enumerate(texts):
            try:
                values.append(text if parse is None else parse(text))
            except ValueError as error:
                wrong.append(((number,), str(error)))
        if wrong:
            raise ListMistakes(wrong)
        try:
            return msgspec.convert(values, kind)
        except msgspec.ValidationError as error:
            raise ListMistakes([((), str(error))]) from None

    return parse_all


def list_members(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str] | None:
    """Return the members of all headers of a name, or `None` if there is no such header.

    Several lines are one list, and so is one line with commas (RFC 9110 §5.3); empty members are none (§5.6.1.2).
    """
    lines = [value.decode("latin-1") for key, value in headers if key == name]
    return [each for line in lines for each in split_members(line, None) if each] if lines else None


class ListMistakes(ValueError):
    """What is wrong with several texts.

    Attributes:
        wrong: Each with its place among them.
    """

    def __init__(self, wrong: list[tuple[Pointer, str]]) -> None:
        super().__init__(wrong[0][1])
        self.wrong = wrong

    def tell(self, place: str, name: str) -> list[Mistake]:
        """Return the mistakes of what is called *name*."""
        return [make_mistake(place, (name, *pointer), detail) for pointer, detail in self.wrong]


def _parse_first(first: Parse, kind: Any) -> Parse:
    """Return what makes a number with *first*, and then holds it against the constraints of *kind*."""

    def parse(text: str) -> Any:
        value = first(text)
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from None

    return parse


def _parse_any(kind: Any) -> Parse:
    """Return what makes a *kind* that msgspec knows."""
    # What has numbers in it is read in a lenient way, for in a text they are no numbers yet.
    is_strict = not (holds(kind, (int, float, bool)) or has_number(kind))
    is_short = not is_strict and not holds(kind, (str,))

    def parse(text: str) -> Any:
        if is_short and len(text) > MAX_NUMBER_LENGTH:
            raise ValueError(f"Expected a shorter text than {text[:50]!r}")
        try:
            value = msgspec.convert(text, kind, strict=is_strict)
        except msgspec.ValidationError as error:
            raise ValueError(str(error).replace(", got `str`", f", got {text[:50]!r}")) from None
        if isinstance(value, float | Decimal) and not isfinite(value):
            raise ValueError(f"Expected a finite number, got {text[:50]!r}")
        # Python takes blanks, underscores and the digits of all scripts too.
        if isinstance(value, Decimal) and _DECIMAL.fullmatch(text) is None:
            raise ValueError(f"Expected `decimal`, got {text[:50]!r}")
        return value

    return parse
