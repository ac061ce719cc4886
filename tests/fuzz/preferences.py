"""Targets: media types, and what clients prefer, each beside a naive model of what is right."""

import re
from contextlib import suppress

from yaat.media_type import (
    MAX_MEMBERS,
    InvalidMediaType,
    MediaType,
    choose_encoding,
    choose_language,
    choose_media_type,
    is_json,
    parse_accept,
    parse_media_type,
    parse_weighted,
)
from yaat_staticfiles.codings import SUFFIXES, list_codings

from .fields import TOKEN

QUOTED = r'"((?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*)"'
PARAMETER = re.compile(rf"[ \t]*;[ \t]*(?:({TOKEN})=(?:({TOKEN})|{QUOTED}))?")
WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|\.[0-9]{1,3}|1(\.0{0,3})?")
OFFERS = ["text/html", "application/json", "text/plain; charset=utf-8", "image/png"]
LANGUAGES = ["en", "en-GB", "de-CH", "zh-Hant"]

Member = tuple[str, dict[str, str]]


def check_accept(data: bytes) -> None:
    """Preferences are read member by member, and the best offer is the one that the RFC names (RFC 9110 §12.5.1)."""
    text = data.decode("latin-1")
    accepted: list[tuple[Member, float]] = []
    for member in split_members(text)[:MAX_MEMBERS]:
        starred = "*/" + member if member[:1] == "*" and member[1:2] != "/" else member
        parsed = parse_member(starred)
        if parsed is not None and WEIGHT.fullmatch(weight := parsed[1].pop("q", "1")):
            accepted.append((parsed, float(weight)))
    found = parse_accept(text)
    assert [((r.essence, dict(r.parameters)), weight) for r, weight in found] == accepted
    chosen = choose_media_type(text, OFFERS)
    weights = [weigh(offer, accepted) for offer in OFFERS] if accepted else [1.0]
    assert chosen == (OFFERS[weights.index(max(weights))] if max(weights) else None)


def check_media_type(data: bytes) -> None:
    """A media type is refused, or is written in one way, which means the same."""
    text = data.decode("latin-1")
    parsed = parse_member(text.strip(" \t"))
    try:
        media_type = parse_media_type(text)
    except InvalidMediaType:
        assert parsed is None or parsed[0].endswith("/*")
        return
    assert parsed == (media_type.essence, dict(media_type.parameters))
    assert parse_media_type(str(media_type)) == media_type
    assert dict(parse_media_type(str(media_type)).parameters) == dict(media_type.parameters)
    assert media_type.matches(media_type)
    assert media_type.matches(MediaType("*", "*"))
    assert is_json(media_type.essence) == bool(re.fullmatch(r"application/json|.*\+json", media_type.essence))


def check_weighted(data: bytes) -> None:
    """Codings and languages are chosen by their weights; what is not asked for is the last resort, not the first."""
    text = data.decode("latin-1")
    members = parse_weighted(text)
    assert members == [*read_weighted(split_members(text)[:MAX_MEMBERS])]
    offers = [*SUFFIXES]
    coding = choose_encoding(text, offers)
    assert coding in (None, "identity", *offers)
    named = dict(reversed(members))
    for alias in ("gzip", "compress"):
        firsts = [weight for name, weight in members if name in (alias, f"x-{alias}")]
        named |= {alias: firsts[0]} if firsts else {}
    if coding in offers:
        assert named.get(coding, named.get("*", 0)) > 0
    if coding is None:
        assert named.get("identity", named.get("*")) == 0
    liked = list_codings(data)
    assert len(set(liked)) == len(liked)
    assert liked[:1] == ((coding,) if coding in offers else ())
    language = choose_language(text, LANGUAGES)
    assert language in (None, *LANGUAGES)
    if language is None:
        assert all(any(covers(name, offer) for name, _ in members) <= rules_out(members, offer) for offer in LANGUAGES)


def covers(language: str, offer: str) -> bool:
    """Return whether a range takes in an offer, or is narrower than it."""
    offer = offer.lower()
    return language == "*" or f"{offer}-".startswith(f"{language}-") or language.startswith(f"{offer}-")


def rules_out(members: list[tuple[str, float]], offer: str) -> bool:
    """Return whether some range with the weight 0 takes in *offer*."""
    return any(not weight and covers(name, offer) for name, weight in members)


def read_weighted(members: list[str]) -> list[tuple[str, float]]:
    """Return names and weights of the members that make sense."""
    read = []
    for member in members:
        found = re.fullmatch(rf"({TOKEN})(?:[ \t]*;[ \t]*[qQ]=([0-9.]+))?", member)
        with suppress(ValueError):
            if found and WEIGHT.fullmatch(found[2] or "1"):
                read.append((found[1].lower(), float(found[2] or "1")))
    return read


def split_members(text: str) -> list[str]:
    """Return what stands between commas outside quotes."""
    members, is_quoted, position = [""], False, 0
    while position < len(text):
        character = text[position]
        if is_quoted and character == "\\":
            character = text[position : position + 2]
        is_quoted ^= character == '"'
        if character == "," and not is_quoted:
            members.append("")
        else:
            members[-1] += character
        position += len(character)
    return [member.strip(" \t") for member in members]


def parse_member(text: str) -> Member | None:
    """Return type and parameters, or `None` for what is no media range."""
    found = re.match(rf"({TOKEN})/({TOKEN})", text)
    if found is None or (found[1] == "*" != found[2]):
        return None
    rest, parameters = text[found.end() :], dict[str, str]()
    while rest:
        parameter = PARAMETER.match(rest)
        if parameter is None:
            return None
        rest = rest[parameter.end() :]
        name, token, quoted = parameter.groups()
        if name is not None:
            value = re.sub(r"\\(.)", r"\1", quoted) if token is None else token
            parameters.setdefault(name.lower(), value)
    return found[0].lower(), parameters


def weigh(offer: str, accepted: list[tuple[Member, float]]) -> float:
    """Return the weight of the narrowest range that takes in *offer*; of equally narrow ones the heaviest."""
    media_type = parse_media_type(offer)
    fitting = []
    for (essence, parameters), weight in accepted:
        main, _, sub = essence.partition("/")
        own = {"charset": parameters.get("charset", ""), **media_type.parameters}
        is_match = (
            main in ("*", media_type.type)
            and sub in ("*", media_type.subtype)
            and all(own.get(name, "").lower() == value.lower() for name, value in parameters.items())
        )
        if is_match:
            fitting.append(((main != "*") + (sub != "*") + len(parameters), weight))
    return max(fitting)[1] if fitting else 0.0
