"""Documents as text."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yaat.exceptions import ConfigurationError
from yaat_openapi.text import FORMATS, Format, format_document, format_yaml, parse_yaml

DOCUMENT = {"openapi": "3.1.0", "info": {"title": "Bücher: «1»", "version": "1.0"}, "on": ["yes", None, 1, 1.5, True]}


def test_yaml_says_the_same_as_json() -> None:
    """The same values in the same order, whatever they look like."""
    read = yaml.safe_load(format_document(DOCUMENT, "yaml"))
    assert json.dumps(read) == json.dumps(json.loads(format_document(DOCUMENT, "json"))) == json.dumps(DOCUMENT)


def test_yaml_is_for_people() -> None:
    """Letters stay letters, and what is said twice stands there twice."""
    part = {"type": "string"}
    text = format_document({"title": "Bücher", "a": part, "b": part}, "yaml").decode()
    assert text == "title: Bücher\na:\n  type: string\nb:\n  type: string\n"


@pytest.mark.parametrize("form", FORMATS)
def test_what_json_cannot_hold_is_refused(form: Format) -> None:
    """The message says where to look."""
    with pytest.raises(ConfigurationError, match="cannot be written as JSON.*openapi= and responses="):
        format_document({"paths": object()}, form)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2020-02-29", "2020-02-29"),
        ("12:30", "12:30"),
        ("yes", "yes"),
        ("on", "on"),
        ("0123", "0123"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("-7", -7),
        ("1.5e3", 1500.0),
        ("1e3", 1000.0),
        ("true", True),
        ("null", None),
        ("~", None),
        ("a:", {"a": None}),
        ("{a: [b, 1]}", {"a": ["b", 1]}),
    ],
)
def test_plain_words_are_read_as_openapi_asks_for_it(text: str, value: object) -> None:
    """By the rules of JSON, so no example becomes something that JSON does not have (OpenAPI 3.1 §4.2)."""
    assert parse_yaml(text) == value
    assert type(parse_yaml(text)) is type(value)


@pytest.mark.parametrize("text", ["a: b: c", "[", "- a\nb", "!!python/name:os.system", "[" * 5000])
def test_what_is_no_yaml_is_refused(text: str) -> None:
    """And nothing in it is run."""
    with pytest.raises(ValueError):  # noqa: PT011  # the words are those of yaml
        parse_yaml(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc:-1 ", min_size=1), inner),
    max_leaves=10,
)


@given(JSON)
def test_what_is_written_is_read_again(value: object) -> None:
    """Whatever a document holds."""
    assert parse_yaml(format_yaml(value).decode()) == value
