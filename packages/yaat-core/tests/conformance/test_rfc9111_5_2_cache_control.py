"""RFC 9111 §5.2: Cache-Control."""

import re

import pytest

from yaat.cache_control import CacheControl, InvalidCacheControl

#: §5.2, with the list grammar of RFC 9110 §5.6.1 as senders have to use it.
DIRECTIVE = r'[a-z-]+(=([0-9]+|"[a-z-]+(, [a-z-]+)*"))?'


@pytest.mark.parametrize(
    "value",
    [
        CacheControl(public=True, max_age=1, s_maxage=2, immutable=True, stale_while_revalidate=3, stale_if_error=4),
        CacheControl(private=["a", "b"], no_cache=["c-d"], no_transform=True, proxy_revalidate=True),
        CacheControl(no_store=True, must_understand=True, must_revalidate=True),
    ],
)
def test_5_2_grammar(value: CacheControl) -> None:
    """§5.2: Cache-Control = #cache-directive; cache-directive = token [ "=" ( token / quoted-string ) ]."""
    assert re.fullmatch(rf"{DIRECTIVE}(, {DIRECTIVE})*", str(value))


def test_5_2_2_1_max_age_is_a_token() -> None:
    """§5.2.2.1: the argument of max-age must not be generated in the form of a quoted string."""
    assert str(CacheControl(max_age=5)) == "max-age=5"


def test_5_2_2_10_s_maxage_is_a_token() -> None:
    """§5.2.2.10: neither must that of s-maxage."""
    assert str(CacheControl(s_maxage=5)) == "s-maxage=5"


def test_5_2_2_4_field_names_are_quoted() -> None:
    """§5.2.2.4: the qualified form of no-cache uses a quoted string even for a single name."""
    assert str(CacheControl(no_cache=["set-cookie"])) == 'no-cache="set-cookie"'


def test_5_2_2_7_field_names_of_private_are_quoted() -> None:
    """§5.2.2.7: neither may the qualified form of private be a token."""
    assert str(CacheControl(private=["set-cookie"])) == 'private="set-cookie"'


def test_5_2_2_3_must_understand_stands_beside_no_store() -> None:
    """§5.2.2.3: must-understand should be accompanied by no-store, for caches that do not know it."""
    assert str(CacheControl(must_understand=True, no_store=True, max_age=5)) == "no-store, must-understand, max-age=5"


def test_1_2_2_seconds_are_not_negative() -> None:
    """§1.2.2: delta-seconds is a non-negative integer."""
    with pytest.raises(InvalidCacheControl):
        CacheControl(max_age=-1)
