"""Host templates: labels of a host name, each a text or one parameter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.exceptions import RouteConflict, RouteError
from yaat.routing.hosts import parse_host_template, rank_hosts

PROPERTY = settings(deadline=None)
LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)


@PROPERTY
@given(st.lists(st.tuples(LABELS, st.booleans()), min_size=1, max_size=5))
def test_values_come_back_from_the_host_they_are_put_into(labels: list[tuple[str, bool]]) -> None:
    """A host made of a template and values matches the template and gives the values."""
    values = {f"p{index}": text for index, (text, is_parameter) in enumerate(labels) if is_parameter}
    texts = [f"{{p{index}}}" if is_parameter else text for index, (text, is_parameter) in enumerate(labels)]
    template = parse_host_template(".".join(texts))
    assert template.match(template.format(values)) == values


@PROPERTY
@given(st.text())
def test_any_host_matches_or_does_not(host: str) -> None:
    """No text makes matching fail, and what a parameter takes is part of a host name."""
    found = parse_host_template("{a}.example").match(host)
    assert found is None or set(found["a"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")


@pytest.mark.parametrize(
    ("text", "host", "values"),
    [
        ("example.com", "example.com", {}),
        ("example.com", "www.example.com", None),
        ("example.com", "example.org", None),
        ("{a}.example.com", "x.example.com", {"a": "x"}),
        ("{a}.example.com", "x_1-y.example.com", {"a": "x_1-y"}),
        ("{a}.example.com", "example.com", None),
        ("{a}.example.com", "x.y.example.com", None),
        ("{a}.example.com", ".example.com", None),
        ("{a}.example.com", "-x.example.com", None),
        ("{a}.example.com", "x\n.example.com", None),
        ("{a}.example.com", "é.example.com", None),
        ("{a}.example.com", "<b>.example.com", None),
        ("{a}.example.com", "x" * 64 + ".example.com", None),
        ("{a}.{b}", "x.y", {"a": "x", "b": "y"}),
    ],
)
def test_a_parameter_takes_one_label(text: str, host: str, values: dict[str, str] | None) -> None:
    """A parameter takes exactly one label of at most 63 letters, digits, hyphens and underscores (RFC 1123 §2.1)."""
    assert parse_host_template(text).match(host) == values


@pytest.mark.parametrize(
    "text", ["", "a..b", "*.example.com", "example.com:80", "x{a}.com", "{a b}.com", "-a.com", "{}"]
)
def test_a_malformed_host_is_refused(text: str) -> None:
    """A host has no port, no wildcard, and parameters that take whole labels."""
    with pytest.raises(RouteError, match="is neither part of a host name nor one parameter"):
        parse_host_template(text)


def test_the_message_about_a_host_shows_how_to_write_one() -> None:
    """The message names the label and the host, and gives an example of each kind of label."""
    with pytest.raises(RouteError) as caught:
        parse_host_template("Example.com:80")
    assert str(caught.value) == (
        "'com:80' in the host 'Example.com:80' is neither part of a host name nor one parameter. "
        "Write it like 'api.example.com' or '{tenant}.example.com', without a port."
    )


def test_a_parameter_that_occurs_twice_is_refused() -> None:
    """Each parameter of a host has a name of its own."""
    with pytest.raises(RouteError, match="A parameter occurs twice in the host '{a}.{a}.com'"):
        parse_host_template("{a}.{a}.com")


def test_hosts_are_kept_in_lower_case() -> None:
    """Host names have no case, names of parameters do."""
    assert parse_host_template("{Tenant}.Example.COM").text == "{Tenant}.example.com"


def test_a_host_without_parameters_is_static() -> None:
    """Only a host without parameters is static."""
    assert [parse_host_template(text).is_static for text in ("a.com", "{a}.com")] == [True, False]


@pytest.mark.parametrize("value", ["", "a.b", "a/b", "evil.com/", "a:80"])
def test_a_value_that_is_no_label_is_refused(value: str) -> None:
    """What is put into a host must be one label."""
    with pytest.raises(ValueError, match=r"example\.com"):
        parse_host_template("{a}.example.com").format({"a": value})


def test_a_value_is_put_in_in_lower_case() -> None:
    """A value is lowered, as host names are."""
    assert parse_host_template("{a}.example.com").format({"a": "ACME"}) == "acme.example.com"


def test_a_missing_value_is_a_key_error() -> None:
    """Each parameter needs a value."""
    with pytest.raises(KeyError, match="a"):
        parse_host_template("{a}.example.com").format({})


def test_hosts_are_tried_from_the_most_literal_on() -> None:
    """A host with fewer parameters comes first, whatever the order in which they came, and each comes once."""
    texts = ["{a}.{b}.com", "x.{b}.com", "{a}.y.com", "x.y.com", "{a}.{b}.com"]
    ranked = ["x.y.com", "x.{b}.com", "{a}.y.com", "{a}.{b}.com"]
    for order in (texts, texts[::-1]):
        assert [template.text for template in rank_hosts(order)] == ranked


def test_hosts_that_differ_in_names_alone_are_refused() -> None:
    """Two hosts that match the same requests must give their parameters the same names."""
    with pytest.raises(RouteConflict, match=r"'\{a\}\.example\.com' and '\{b\}\.example\.com' are the same but for"):
        rank_hosts(["{a}.example.com", "{b}.example.com"])


def test_the_message_about_two_hosts_says_how_to_make_them_one() -> None:
    """The message ends with what to do."""
    with pytest.raises(RouteConflict, match=r"the names of their parameters\. Use the same names for both\.$"):
        rank_hosts(["{a}.example.com", "{b}.example.com"])
