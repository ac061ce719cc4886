"""This file is the policy: what pages of other origins may do, checked where it is written."""

import re
from collections.abc import Callable, Iterable, Iterator

from yaat.exceptions import ConfigurationError
from yaat.record import field, frozen, set_field

from .origin import check_origin

Field = tuple[bytes, bytes]

ALLOW_ORIGIN = b"access-control-allow-origin"
EXPOSE_HEADERS = b"access-control-expose-headers"
#: What `*` means for methods: all that the HTTP standards know and a browser lets a page use (Fetch standard,
#: "forbidden method").
STANDARD_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY")
#: A page may always set these (Fetch standard, "CORS-safelisted request-header").
SAFELISTED_HEADERS = ("accept", "accept-language", "content-language", "content-type")
#: A regular expression that matches one of these matches anybody's: names below `invalid` and addresses of examples are
#: nobody's (RFC 6761 §6.4, RFC 5737).
_STRANGERS = ("https://cors.invalid", "http://cors.invalid", "https://cors.invalid:8443", "http://203.0.113.9")

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


@frozen
class Policy:
    """What pages of other origins may do. Two policies that allow the same are equal.

    Attributes:
        allow_origins: Origins such as `https://example.com`; `*` for any, `null` for pages that have none.
        allow_origin_regex: Matched against the whole origin; `null` never matches.
        allow_methods: `*` for all of `STANDARD_METHODS`. HEAD goes with GET.
        allow_headers: What a page may send beyond `SAFELISTED_HEADERS`; `*` for all.
        allow_credentials: Whether cookies and the like may come along, and answers to them be read.
        expose_headers: What a page may read beyond the safelisted response headers; `*` for all.
        max_age: How many seconds a browser may remember the answer to a preflight.
        allow_private_network: Whether pages from the internet may reach this server in a private network.
        allow_any_origin_with_credentials: Says in so many words that any page may act for any user.

    Raises:
        ConfigurationError: Something in it cannot be meant; the message says what to write.
    """

    allow_origins: Iterable[str] = ()
    allow_origin_regex: str | re.Pattern[str] | None = None
    allow_methods: Iterable[str] = ("GET",)
    allow_headers: Iterable[str] = ()
    allow_credentials: bool = False
    expose_headers: Iterable[str] = ()
    max_age: int = 600
    allow_private_network: bool = False
    allow_any_origin_with_credentials: bool = False
    #: The origins of `allow_origins`, as they come.
    origins: frozenset[bytes] = field(init=False, is_shown=False)
    pattern: re.Pattern[str] | None = field(init=False, is_shown=False)
    #: Whether it allows no origin at all, and so has nothing to say.
    is_empty: bool = field(init=False, is_shown=False)
    #: Whether the answer is the same for every origin, and for requests that have none.
    is_public: bool = field(init=False, is_shown=False)
    #: What every response says whose origin is allowed; the origin too, where it is public.
    granted: tuple[Field, ...] = field(init=False, is_shown=False)

    def __post_init__(self) -> None:
        origins = tuple(check_origin(origin) for origin in _read_list("allow_origins", self.allow_origins))
        set_field(self, "allow_origins", origins)
        methods = _read_tokens("allow_methods", self.allow_methods, str.upper)
        methods = STANDARD_METHODS if "*" in methods else methods
        set_field(self, "allow_methods", (*methods, "HEAD") if "GET" in methods and "HEAD" not in methods else methods)
        set_field(self, "allow_headers", _read_tokens("allow_headers", self.allow_headers, str.lower))
        set_field(self, "expose_headers", _read_tokens("expose_headers", self.expose_headers, str))
        set_field(self, "pattern", _compile(self.allow_origin_regex))
        set_field(self, "origins", frozenset(origin.encode() for origin in origins))
        set_field(self, "is_empty", not origins and self.pattern is None)
        set_field(self, "is_public", "*" in origins and not self.allow_credentials)
        set_field(self, "granted", tuple(_list_granted(self)))
        _check_age(self.max_age)
        _check_credentials(self)
        _check_use(self)

    @property
    def is_any_origin(self) -> bool:
        """Whether any page at all may do what it allows."""
        if self.origins & {b"*", b"null"}:
            return True
        return self.pattern is not None and any(map(self.pattern.fullmatch, _STRANGERS))


def _list_granted(policy: Policy) -> Iterator[Field]:
    """Yield the fields that are the same in every response."""
    if policy.is_public:
        yield ALLOW_ORIGIN, b"*"
    if policy.allow_credentials:
        yield b"access-control-allow-credentials", b"true"
    if policy.expose_headers:
        yield EXPOSE_HEADERS, ", ".join(policy.expose_headers).encode()


def _read_list(option: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return *values*, each once."""
    if isinstance(values, str):  # It would be taken letter by letter.
        raise ConfigurationError(f"{option} takes a list such as [{values!r}], not the str {values!r}.")
    names = tuple(dict.fromkeys(values))
    for name in names:
        if not isinstance(name, str):
            raise ConfigurationError(f"{option} takes a list of str, and {name!r} is in it.")
    return names


def _read_tokens(option: str, values: Iterable[str], fold: Callable[[str], str]) -> tuple[str, ...]:
    """Return *values*, names of methods or headers, each once."""
    names = tuple(dict.fromkeys(map(fold, _read_list(option, values))))
    for name in names:
        if _TOKEN.fullmatch(name) is None:
            raise ConfigurationError(
                f"{option} has {name!r}, which is not a name; use letters, digits and any of !#$%&'*+-.^_`|~ "
                "(RFC 9110 §5.6.2)."
            )
    return names


def _compile(pattern: str | re.Pattern[str] | None) -> re.Pattern[str] | None:
    """Return *pattern* compiled."""
    if pattern is None:
        return None
    try:
        compiled = re.compile(pattern)
        compiled.fullmatch("")  # A pattern of bytes shows here.
    except (re.error, TypeError) as error:
        raise ConfigurationError(f"allow_origin_regex={pattern!r} is not a regular expression: {error}.") from error
    return compiled


def _check_age(seconds: object) -> None:
    """Raise for what is not a number of seconds (Fetch standard, "Access-Control-Max-Age")."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
        raise ConfigurationError(f"max_age is a whole number of seconds from 0 up, not {seconds!r}.")


def _check_credentials(policy: Policy) -> None:
    """Raise for credentials where they would be everybody's, or where browsers would not grant what is written."""
    if not policy.allow_credentials:
        return
    if policy.is_any_origin and not policy.allow_any_origin_with_credentials:
        # `null` is among them: any site can frame a page without an origin.
        raise ConfigurationError(
            "allow_credentials=True with any origin ('*', 'null' or a regex that matches everything) lets every page "
            "on the internet read what your users may read. List the origins: allow_origins=['https://example.com']. "
            "If that is really meant, say so: allow_any_origin_with_credentials=True."
        )
    if "*" in policy.expose_headers:
        raise ConfigurationError(
            "expose_headers=['*'] with allow_credentials=True exposes nothing: with credentials browsers take '*' for "
            "a name (Fetch standard, CORS protocol and credentials). List the headers."
        )


def _check_use(policy: Policy) -> None:
    """Raise for options that could have no effect: without an origin, nothing is allowed to anybody."""
    if not policy.is_empty:
        return
    given = [name for name, default in _DEFAULTS.items() if getattr(policy, name) != default]
    if given:
        raise ConfigurationError(
            f"{', '.join(given)} without allow_origins or allow_origin_regex allows nothing to anybody. "
            "Name the origins: allow_origins=['https://example.com']."
        )


#: What a policy without origins has, in the form in which it is kept.
_DEFAULTS = {
    "allow_methods": ("GET", "HEAD"),
    "allow_headers": (),
    "allow_credentials": False,
    "expose_headers": (),
    "max_age": 600,
    "allow_private_network": False,
}
