"""RFC 3986 §3 and §4: the components of a URL."""

import pytest

from yaat.url import URL, InvalidHost, InvalidURL, parse_host, parse_url


@pytest.mark.parametrize(
    "text",
    [
        "ftp://ftp.is.co.za/rfc/rfc1808.txt",
        "http://www.ietf.org/rfc/rfc2396.txt",
        "ldap://[2001:db8::7]/c=GB?objectClass?one",
        "mailto:John.Doe@example.com",
        "news:comp.infosystems.www.servers.unix",
        "tel:+1-816-555-1212",
        "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
        "telnet://192.0.2.16:80/",
    ],
)
def test_1_1_2_examples_are_read(text: str) -> None:
    """§1.1.2: the examples are read and written as they are."""
    assert parse_url(text) == text


def test_3_components_of_the_example() -> None:
    """§3: the example is taken apart as the section draws it."""
    url = parse_url("foo://example.com:8042/over/there?name=ferret#nose")
    assert (url.scheme, url.netloc, url.path, url.query, url.fragment) == (
        "foo",
        "example.com:8042",
        "/over/there",
        "name=ferret",
        "nose",
    )


def test_3_1_schemes_are_the_same_in_any_case() -> None:
    """§3.1: schemes are written in lower case."""
    assert parse_url("HTTP://a/") == "http://a/"


@pytest.mark.parametrize("scheme", ["1http", "+http", "ht/tp", "ht tp", "é"])
def test_3_1_scheme_begins_with_a_letter(scheme: str) -> None:
    """§3.1: a scheme is a letter, then letters, digits, "+", "-" and "."."""
    with pytest.raises(InvalidURL):
        URL(scheme=scheme, host="a")


@pytest.mark.parametrize("text", ["http://user@a/", "http://user:password@a/", "http://@a/"])
def test_3_2_1_user_information_is_refused(text: str) -> None:
    """§3.2.1: user information is refused, as RFC 9110 §4.2.4 advises for untrusted sources."""
    with pytest.raises(InvalidURL):
        parse_url(text)


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "::2:3:4:5:6:7:8",
        "1::3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "1:2:3:4:5:6:1.2.3.4",
        "::1.2.3.4",
        "1::1.2.3.4",
        "fe80::abcd:ABCD",
    ],
)
def test_3_2_2_ipv6_addresses_are_read(address: str) -> None:
    """§3.2.2: an IPv6 address in brackets is a host."""
    assert parse_host(f"[{address}]") == (address.lower(), None)


@pytest.mark.parametrize(
    "address",
    [
        ":",
        ":::",
        "1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "1:2:3:4::5:6:7:8",
        "1::2::3",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        "12345::",
        "g::",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "::1.2.3.256",
        "::1.2.3",
        "1:2:3:4:5:6:7:1.2.3.4",
    ],
)
def test_3_2_2_what_is_no_ipv6_address_is_refused(address: str) -> None:
    """§3.2.2: what is no IPv6 address is not accepted in brackets."""
    with pytest.raises(InvalidHost):
        parse_host(f"[{address}]")


@pytest.mark.parametrize("address", ["0.0.0.0", "9.10.99.100", "199.200.249.255"])
def test_3_2_2_ipv4_addresses_are_read(address: str) -> None:
    """§3.2.2: four numbers up to 255 are an IPv4 address."""
    assert parse_host(address) == (address, None)


@pytest.mark.parametrize("address", ["256.0.0.1", "1.2.3.4.5", "1.2.3", "01.2.3.4", "1.2.3.0004"])
def test_3_2_2_what_looks_like_ipv4_but_is_not_is_refused(address: str) -> None:
    """§3.2.2: the grammar would take these for names; no name ends in a number, so they are refused."""
    with pytest.raises(InvalidHost):
        parse_host(address)


def test_3_2_2_hosts_are_the_same_in_any_case() -> None:
    """§3.2.2: hosts are given in lower case."""
    assert parse_host("EXAMPLE.Com") == ("example.com", None)


def test_3_2_3_empty_port_is_no_port() -> None:
    """§3.2.3: a port may be empty, and a default port is left out when a URL is written."""
    assert parse_url("http://a:/") == parse_url("http://a:80/") == "http://a/"


def test_3_3_path_after_an_authority_begins_with_a_slash() -> None:
    """§3.3: after an authority a path is empty or begins with "/"."""
    with pytest.raises(InvalidURL):
        URL(host="a", path="b")


def test_3_3_path_without_an_authority_does_not_begin_with_two_slashes() -> None:
    """§3.3: without an authority a path cannot begin with "//", so "/." is put before it."""
    assert URL(path="//a") == "/.//a"


def test_3_4_query_may_hold_slashes_and_question_marks() -> None:
    """§3.4: "/" and "?" are data within a query."""
    assert parse_url("/a?b=/c?d").query == "b=/c?d"


def test_3_5_fragment_may_hold_slashes_and_question_marks() -> None:
    """§3.5: "/" and "?" are data within a fragment, which ends only with the URL."""
    assert parse_url("/a#b/c?d").fragment == "b/c?d"


def test_4_2_first_segment_of_a_relative_path_holds_no_colon() -> None:
    """§4.2: a colon in the first segment would read as a scheme, so "./" is put before it."""
    assert URL(path="this:that") == "./this:that"
