"""What caches are told."""

import pytest

from yaat.cache_control import CacheControl
from yaat.exceptions import ConfigurationError
from yaat_staticfiles.cache_rules import ASK_FIRST, FOR_EVER, CacheRules, has_hash


@pytest.mark.parametrize(
    "path",
    [
        "app.3f2a1b9c.css",
        "assets/index-4889e940.js",
        "app-d41d8cd98f00b204e9800998ecf8427e.js",
        "app.3f2a1b9c.js.map",
        "chunk.deadbee1.min.js",
    ],
)
def test_names_with_a_hash_are_told(path: str) -> None:
    """Eight or more hexadecimal digits between dots or dashes, with letters among them, are a hash."""
    assert has_hash(path)


@pytest.mark.parametrize(
    "path",
    [
        "app.css",
        "report-20240101.pdf",
        "jquery-3.7.1.min.js",
        "deadbeef.css",
        "index-settings.js",
        "assets.3f2a1b9c/app.css",
        "facade-decade-defaced.css",
        "photo-12345678.jpg",
        "3f2a1b9c.css",
        "app-3f2a1b9.css",
        "a-effaced0",
    ],
)
def test_names_that_only_look_like_a_hash_are_not(path: str) -> None:
    """A date, a number, a version or a word in a name says nothing about the content."""
    assert not has_hash(path)


def test_the_first_pattern_that_fits_counts() -> None:
    """Patterns are asked in their order, for the whole path."""
    rules = CacheRules({"img/*": "max-age=60", "*.css": CacheControl(no_store=True), "*.png": "max-age=5"})
    assert rules.find("img/a.png") == "max-age=60"
    assert rules.find("a/b.css") == "no-store"
    assert rules.find("img.png") == "max-age=5"
    assert rules.find("a.js") is None


def test_one_policy_is_for_all() -> None:
    """A policy without a pattern is that of every file."""
    assert CacheRules("max-age=1").find("any/thing") == "max-age=1"
    assert CacheRules().find("any/thing") is None


def test_a_policy_that_no_header_can_hold_is_a_mistake() -> None:
    """A line end in a policy is told where it is written."""
    with pytest.raises(ConfigurationError, match="cache_control"):
        CacheRules("max-age=1\r\nx: y")


def test_policies_of_its_own_are_well_formed() -> None:
    """Caches ask first, or keep for a year; neither lets shared caches keep what is private."""
    assert ASK_FIRST == "no-cache"
    assert FOR_EVER == "max-age=31536000, immutable"
