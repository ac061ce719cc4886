"""This file is the Cache-Control field of responses, whose parts have to agree with each other (RFC 9111 §5.2.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from .headers import InvalidHeader, encode_name

_FRESH = ("max_age", "s_maxage")
_STALE = ("stale_while_revalidate", "stale_if_error")
#: What excludes what, and why.
_CONTRADICTIONS = (
    ("no_store", ("public", "immutable", *_FRESH, *_STALE), "what no cache keeps is neither fresh nor stale"),
    ("no_cache", ("immutable", *_FRESH, *_STALE), "no_cache asks the server before every use"),
    ("must_revalidate", _STALE, "must_revalidate forbids the use of what is stale"),
    ("public", ("private",), "either every cache may keep the response, or only that of one user"),
    ("private", ("s_maxage", "proxy_revalidate"), "shared caches do not keep a private response"),
)


class InvalidCacheControl(ValueError):
    """Directives that contradict each other, or a value that one of them cannot have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheControl:
    """How caches may use a response: `response.headers["cache-control"] = str(CacheControl(public=True, max_age=60))`.

    Attributes:
        public: Every cache may keep it, even where the request had an `Authorization`.
        private: Only the cache of one user may keep it; or the names of the headers that only such a cache may keep.
        no_store: No cache may keep it.
        no_cache: A cache asks the server before every use; or the names of the headers it may not use without asking.
        no_transform: Nobody on the way may change the content.
        must_revalidate: Once stale, it may not be used without asking, whatever happens.
        proxy_revalidate: The same for shared caches alone.
        must_understand: Caches that know the rules of the status ignore `no_store`, and the others keep nothing.
        max_age: For how long it is fresh, in seconds; of a `timedelta`, parts of a second are cut off.
        s_maxage: The same for shared caches, in place of `max_age`.
        immutable: While it is fresh it does not change, so even a reload need not ask (RFC 8246).
        stale_while_revalidate: For how long it may be used stale while the cache asks (RFC 5861 §3).
        stale_if_error: For how long it may be used stale when the server fails (RFC 5861 §4).

    Raises:
        InvalidCacheControl: They contradict each other, say nothing, or one has a value that it cannot have.
    """

    public: bool = False
    private: bool | Sequence[str] = False
    no_store: bool = False
    no_cache: bool | Sequence[str] = False
    no_transform: bool = False
    must_revalidate: bool = False
    proxy_revalidate: bool = False
    must_understand: bool = False
    max_age: int | timedelta | None = None
    s_maxage: int | timedelta | None = None
    immutable: bool = False
    stale_while_revalidate: int | timedelta | None = None
    stale_if_error: int | timedelta | None = None

    def __post_init__(self) -> None:
        if not str(self):
            raise InvalidCacheControl("CacheControl() says nothing; name at least one directive, such as max_age=60.")
        for name, others, reason in _CONTRADICTIONS:
            is_waived = name == "no_store" and self.must_understand
            clash = [other for other in others if self._is_wanted(name) and self._is_wanted(other)]
            if clash and not is_waived:
                raise InvalidCacheControl(f"{name} and {clash[0]} contradict each other: {reason}. Leave one out.")
        if self.immutable and self.max_age is not None and not self.max_age:
            raise InvalidCacheControl("immutable is about the time of max_age, which is 0. Leave one out.")

    def __str__(self) -> str:
        """The value of the field, its directives always in the same order."""
        return ", ".join(filter(None, (_format_directive(name, getattr(self, name)) for name in self.__slots__)))

    def _is_wanted(self, name: str) -> bool:
        """Return whether a directive is there and holds for the whole response, not for single headers."""
        value = getattr(self, name)
        return bool(value) and isinstance(value, int | timedelta)


def _format_directive(name: str, value: object) -> str:
    """Return one directive, or nothing for one that is left out.

    Raises:
        InvalidCacheControl: It cannot have that value.
    """
    directive = name.replace("_", "-")
    if name in (*_FRESH, *_STALE):
        return "" if value is None else f"{directive}={_count_seconds(name, value)}"
    if isinstance(value, bool):
        return directive if value else ""
    if name not in ("private", "no_cache"):
        raise InvalidCacheControl(f"{name} is True or False, not {value!r}.")
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        raise InvalidCacheControl(f"{name} is True, False, or a list of header names, not {value!r}.")
    return f'{directive}="{", ".join(_check_field_name(name, field) for field in value)}"'


def _count_seconds(name: str, value: object) -> int:
    """Return *value* in whole seconds (RFC 9111 §1.2.2)."""
    seconds = value // timedelta(seconds=1) if isinstance(value, timedelta) else value
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
        raise InvalidCacheControl(f"{name} is a whole number of seconds from 0 up, or a timedelta, not {value!r}.")
    return seconds


def _check_field_name(name: str, field: str) -> str:
    """Return the name of a header, in lower case."""
    try:
        return encode_name(field).decode()
    except InvalidHeader as error:
        raise InvalidCacheControl(f"{name} takes names of headers. {error}") from error
