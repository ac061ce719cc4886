"""This file reads media types and chooses what a client prefers among what there is.

Media types are read strictly, preferences leniently: a member of Accept that makes no sense is left
out, as a preference is a wish, not a command (RFC 9110 §12.1).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeAlias

from .record import EMPTY, frozen, set_field

#: Members of a preference list that are looked at; browsers send about ten.
MAX_MEMBERS = 100

# PERF: `re` compiles these when they are first needed, and keeps them (figure "import, CPU").
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_QUOTED = r'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*+"'
_ESSENCE = rf"({_TOKEN})/({_TOKEN})"
_PARAMETER = rf"[ \t]*+;[ \t]*+(?:({_TOKEN})=({_TOKEN}|{_QUOTED}))?+"
_QUOTED_PAIR = r"\\(.)"
#: What stands between commas; a comma inside quotes does not count.
_MEMBER = r'(?s)((?:[^,"]++|"(?:[^"\\]++|\\.)*+"?+)*+)(?:,|\Z)'
#: §12.4.2, and ".5", which Java's own client sends.
_WEIGHT = r"0(?:\.[0-9]{0,3})?|\.[0-9]{1,3}|1(?:\.0{0,3})?"
_WEIGHTED = rf"({_TOKEN})(?:[ \t]*+;[ \t]*+[qQ]=([0-9.]++))?+"
#: Less than the smallest weight there is, 0.001: acceptable, but not asked for.
_LAST_RESORT = 0.0001
#: Old names of codings (RFC 9110 §8.4.1).
_CODING_ALIASES = {"x-gzip": "gzip", "x-compress": "compress"}


class InvalidMediaType(ValueError):
    """A text that is no media type (RFC 9110 §8.3.1)."""


@frozen
class MediaType:
    """A media type, or a range of them where *type* or *subtype* is ``*``.

    Attributes:
        type: Lower case.
        subtype: Lower case.
        parameters: By name in lower case; of a repeated one the first counts.
    """

    type: str
    subtype: str
    parameters: Mapping[str, str]

    def __init__(self, type: str, subtype: str, parameters: Mapping[str, str] = EMPTY) -> None:
        set_field(self, "type", type)
        set_field(self, "subtype", subtype)
        set_field(self, "parameters", parameters)

    def __hash__(self) -> int:
        return hash((self.type, self.subtype))

    @property
    def essence(self) -> str:
        """The media type without parameters: ``text/html``."""
        return f"{self.type}/{self.subtype}"

    @property
    def charset(self) -> str | None:
        """The charset parameter in lower case."""
        charset = self.parameters.get("charset")
        return None if charset is None else charset.lower()

    @property
    def specificity(self) -> int:
        """How narrow a range is: the narrowest that matches counts (RFC 9110 §12.5.1)."""
        return (self.type != "*") + (self.subtype != "*") + len(self.parameters)

    def matches(self, media_range: "MediaType") -> bool:
        """Whether this media type lies within *media_range*.

        Each parameter of the range has to be there with the same value in any case. Only charset
        may be missing: clients add it to ranges for types that have none, such as JSON.
        """
        return (
            media_range.type in ("*", self.type)
            and media_range.subtype in ("*", self.subtype)
            and all(
                self.parameters.get(name, value if name == "charset" else "").lower() == value.lower()
                for name, value in media_range.parameters.items()
            )
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return parse_media_range, (str(self),)

    def __str__(self) -> str:
        return self.essence + "".join(f"; {name}={_quote(value)}" for name, value in self.parameters.items())


#: A `MediaType` whose type or subtype may be ``*``.
MediaRange: TypeAlias = MediaType


def parse_media_type(text: str) -> MediaType:
    """Return the media type that *text* names.

    Raises:
        InvalidMediaType: It is malformed, or it is a range (RFC 9110 §8.3.1).
    """
    media_type = parse_media_range(text)
    if media_type.subtype == "*":
        raise InvalidMediaType(f"{text!r} is a range of media types; name one, as 'text/html'.")
    return media_type


def parse_media_range(text: str) -> MediaRange:
    """Return the media range that *text* names; a media type is the narrowest range.

    Raises:
        InvalidMediaType: It is malformed (RFC 9110 §12.5.1).
    """
    main, sub, parameters = _parse(text.strip(" \t"))
    return MediaType(main, sub, MappingProxyType(parameters))


def is_json(essence: str) -> bool:
    """Whether *essence* (``type/subtype`` in lower case) is JSON (RFC 8259, RFC 6839 §3.1)."""
    return essence == "application/json" or essence.endswith("+json")


def parse_accept(text: str) -> list[tuple[MediaRange, float]]:
    """Return the ranges of an Accept header with their weights, in their order.

    Members that are malformed are left out, and so is all after the first `MAX_MEMBERS`.
    """
    ranges = []
    for member in split_members(text):
        # A lone "*", which Java's own client sends, means "*/*".
        is_star = member[:1] == "*" and member[1:2] != "/"
        try:
            main, sub, parameters = _parse("*/" + member if is_star else member)
        except InvalidMediaType:
            continue
        weight = re.fullmatch(_WEIGHT, parameters.pop("q", "1"))
        if weight:
            media_range = MediaType(main, sub, MappingProxyType(parameters))
            ranges.append((media_range, float(weight[0])))
    return ranges


def choose_media_type(accept: str | None, offers: Sequence[str]) -> str | None:
    """Return the one of *offers* that the client likes best (RFC 9110 §12.5.1).

    The weight of an offer is that of the narrowest range it matches; weight 0 rules it out. The
    earlier of two equal offers wins, so list the best first.

    Args:
        accept: The Accept header; without one, or if none of it makes sense, all is welcome.
        offers: Media types as the server would send them.

    Returns:
        ``None`` when nothing is acceptable: answer 406, or send the first offer all the same.

    Raises:
        InvalidMediaType: One of the offers is malformed.
    """
    ranges = parse_accept(accept or "") or [(MediaType("*", "*"), 1.0)]
    weights = []
    for offer in offers:
        media_type = parse_media_type(offer)
        matching = [(r.specificity, weight) for r, weight in ranges if media_type.matches(r)]
        weights.append(max(matching)[1] if matching else 0.0)
    return _choose_heaviest(offers, weights)


def parse_weighted(text: str) -> list[tuple[str, float]]:
    """Return the members of a list such as Accept-Encoding with their weights, in their order.

    Names are in lower case. Members that are malformed are left out, and so is all after the first
    `MAX_MEMBERS` (RFC 9110 §12.4.2).
    """
    members = []
    for member in split_members(text):
        found = re.fullmatch(_WEIGHTED, member)
        weight = found and re.fullmatch(_WEIGHT, found[2] or "1")
        if found and weight:
            members.append((found[1].lower(), float(weight[0])))
    return members


def choose_encoding(accept_encoding: str | None, offers: Sequence[str]) -> str | None:
    """Return the one of *offers*, or ``identity``, that the client likes best (RFC 9110 §12.5.3).

    Args:
        accept_encoding: The Accept-Encoding header; without one nothing is encoded, as not every
            client that leaves it out can decode.
        offers: Content codings in lower case, the best first. ``identity`` need not be among them:
            it is then the last resort, unless the client rules it out.

    Returns:
        ``None`` when nothing is acceptable, not even ``identity``.
    """
    weights: dict[str, float] = {}
    for name, weight in parse_weighted(accept_encoding or ""):
        weights.setdefault(_CODING_ALIASES.get(name, name), weight)
    others = weights.get("*", 0.0)
    weights.setdefault("identity", weights.get("*", _LAST_RESORT))
    codings = (*offers, "identity")
    return _choose_heaviest(codings, [weights.get(coding, others) for coding in codings])


def choose_language(accept_language: str | None, offers: Sequence[str]) -> str | None:
    """Return the one of *offers* that the client likes best (RFC 9110 §12.5.4).

    A range takes in the tags that begin with it: ``en`` matches ``en-GB`` (RFC 4647 §3.3.1). An
    offer that no range takes in may still be what is left of one: ``de`` of ``de-CH`` (§3.4).

    Args:
        accept_language: The Accept-Language header; without one, or if none of it makes sense, all
            is welcome.
        offers: Language tags, the best first.
    """
    ranges = parse_weighted(accept_language or "") or [("*", 1.0)]
    weights = []
    for offer in offers:
        matching = [
            (closeness, weight)
            for language, weight in ranges
            if (closeness := _compare_languages(language, offer.lower()))
        ]
        weights.append(max(matching)[1] if matching else 0.0)
    return _choose_heaviest(offers, weights)


def _parse(text: str) -> tuple[str, str, dict[str, str]]:
    found = re.match(_ESSENCE, text)
    if found is None or (found[1] == "*" and found[2] != "*"):
        raise _malformed(text, 0)
    parameters: dict[str, str] = {}
    position = found.end()
    while position < len(text):
        parameter = re.compile(_PARAMETER).match(text, position)
        if parameter is None:
            raise _malformed(text, position)
        position = parameter.end()
        name, value = parameter.groups()
        if name is not None:
            parameters.setdefault(name.lower(), _unquote(value))
    return found[1].lower(), found[2].lower(), parameters


def _compare_languages(language: str, tag: str) -> int:
    """Return how close a range comes to a tag, 0 for not at all."""
    if f"{tag}-".startswith(f"{language}-"):
        return 2 + len(language)
    if language.startswith(f"{tag}-"):
        return 2
    return int(language == "*")


def _choose_heaviest(offers: Sequence[str], weights: Sequence[float]) -> str | None:
    place = max(range(len(offers)), key=weights.__getitem__, default=None)
    return None if place is None or weights[place] == 0 else offers[place]


def split_members(text: str, max_members: int | None = MAX_MEMBERS) -> Iterator[str]:
    """Yield what stands between commas outside of quotes (RFC 9110 §5.6.1), empty members too.

    Args:
        text: The value of a field that is a list.
        max_members: So many are yielded; `None` for all.
    """
    for found in islice(re.finditer(_MEMBER, text), max_members):
        yield found[1].strip(" \t")


def _quote(value: str) -> str:
    if re.fullmatch(_TOKEN, value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquote(value: str) -> str:
    return re.sub(_QUOTED_PAIR, r"\1", value[1:-1]) if value[0] == '"' else value


def _malformed(text: str, position: int) -> InvalidMediaType:
    return InvalidMediaType(
        f"{text[:100]!r} is no media type: at position {position}, "
        f"{text[position : position + 20]!r} does not fit. "
        "Write it as 'text/html' or 'text/html; charset=utf-8'."
    )
