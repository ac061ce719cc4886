"""URLs: built from components that cannot leak into each other."""

import copy
import html
import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.query import percent_decode
from yaat.url import (
    URL,
    InvalidHost,
    InvalidURL,
    encode_path,
    parse_host,
    parse_url,
    url_from_scope,
)

PROPERTY = settings(deadline=None)
HOSTS = st.sampled_from(["example.com", "localhost", "127.0.0.1", "::1", "a_b-c.example."])
PORTS = st.none() | st.integers(0, 65535)
PATHS = st.just("") | st.text().map(lambda text: f"/{text}")
FULL = URL(scheme="https", host="example.com", port=8443, path="/a/b", query="c=1&d=2", fragment="e")


def make_scope(**parts: Any) -> dict[str, Any]:
    """Return a scope with the headers of one that a browser causes."""
    return {"type": "http", "path": "/", "headers": [(b"host", b"example.com")], **parts}


def test_url_is_the_text_of_its_components() -> None:
    """A URL is the text that its components make."""
    assert FULL == "https://example.com:8443/a/b?c=1&d=2#e"


def test_components_can_be_read() -> None:
    """Each component can be read."""
    assert (FULL.scheme, FULL.host, FULL.port) == ("https", "example.com", 8443)
    assert (FULL.path, FULL.query, FULL.fragment) == ("/a/b", "c=1&d=2", "e")


@pytest.mark.parametrize(
    ("components", "text"),
    [
        ({}, "/"),
        ({"path": ""}, ""),
        ({"path": "/users/1"}, "/users/1"),
        ({"path": "", "query": "a=1"}, "?a=1"),
        ({"path": "", "fragment": "a"}, "#a"),
        ({"path": "a/b"}, "a/b"),
        ({"scheme": "https", "host": "a.com", "path": ""}, "https://a.com"),
        ({"scheme": "HTTPS", "host": "A.com"}, "https://a.com/"),
        ({"host": "a.com"}, "//a.com/"),
        ({"host": "a.com", "port": 0}, "//a.com:0/"),
        ({"scheme": "http", "host": "::1", "port": 8000}, "http://[::1]:8000/"),
        ({"scheme": "mailto", "path": "a@b.com"}, "mailto:a@b.com"),
    ],
)
def test_components_are_put_together(components: dict[str, Any], text: str) -> None:
    """Only components that are there leave their marks."""
    assert URL(**components) == text


@pytest.mark.parametrize(
    ("scheme", "port", "netloc"),
    [
        ("http", 80, "a.com"),
        ("ws", 80, "a.com"),
        ("https", 443, "a.com"),
        ("wss", 443, "a.com"),
        ("https", None, "a.com"),
        ("http", 443, "a.com:443"),
        ("https", 80, "a.com:80"),
        ("ftp", 80, "a.com:80"),
    ],
)
def test_default_port_is_left_out(scheme: str, port: int | None, netloc: str) -> None:
    """The port is left out if it is the default of the scheme."""
    url = URL(scheme=scheme, host="a.com", port=port)
    assert (url.netloc, url.port) == (netloc, port)


@pytest.mark.parametrize("text", ["https://a.com/", "//a.com/", "mailto:a@b"])
def test_url_that_leads_elsewhere_is_absolute(text: str) -> None:
    """A URL with a scheme or a host is absolute."""
    assert parse_url(text).is_absolute


@pytest.mark.parametrize("text", ["/", "", "a/b", "?a", "#a", "/a:b", "/https://a.com"])
def test_url_that_stays_on_the_site_is_not_absolute(text: str) -> None:
    """A URL without scheme and host is not absolute: it leads to the site it stands on."""
    assert not parse_url(text).is_absolute


@pytest.mark.parametrize(
    ("components", "text"),
    [
        ({"path": "/a b"}, "/a%20b"),
        ({"path": "/a%20b"}, "/a%20b"),
        ({"path": "/100%"}, "/100%25"),
        ({"path": "/a?b#c"}, "/a%3Fb%23c"),
        ({"path": "/é\ud800"}, "/%C3%A9%EF%BF%BD"),
        ({"path": "/a\r\n\\"}, "/a%0D%0A%5C"),
        ({"query": "a=b c#d?e"}, "/?a=b%20c%23d?e"),
        ({"fragment": "a#b"}, "/#a%23b"),
    ],
)
def test_what_may_not_stand_in_a_component_is_encoded(components: dict[str, Any], text: str) -> None:
    """What may not stand in a component is percent-encoded; escapes stay as they are."""
    assert URL(**components) == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("//evil.com", "/.//evil.com"),
        ("///evil.com", "/.///evil.com"),
        ("/\\evil.com", "/%5Cevil.com"),
        ("\\\\evil.com", "%5C%5Cevil.com"),
        ("javascript:alert(1)", "./javascript:alert(1)"),
        ("/\t/evil.com", "/%09/evil.com"),
    ],
)
def test_path_never_reads_as_host_or_scheme(path: str, text: str) -> None:
    """A path alone never leads to another site, whatever it holds."""
    url = URL(path=path)
    assert url == text
    assert not parse_url(url).is_absolute


def test_double_slash_after_a_host_is_a_path() -> None:
    """After a host a path may begin with two slashes."""
    assert URL(scheme="http", host="a.com", path="//b") == "http://a.com//b"


@pytest.mark.parametrize(
    ("components", "message"),
    [
        ({"scheme": "1a"}, "'1a' is no scheme"),
        ({"scheme": "a b"}, "'a b' is no scheme"),
        ({"scheme": "http\n"}, "is no scheme"),
        ({"scheme": "https"}, "'https' needs a host"),
        ({"port": 80}, "port 80 is no number up to 65535 after a host"),
        ({"host": "a.com", "port": 65536}, "port 65536 is no number"),
        ({"host": "a.com", "port": -1}, "port -1 is no number"),
        ({"host": "a.com", "path": "b"}, "path 'b' follows a host, so begin it with '/'"),
        ({"host": "a.com/b"}, "'a.com/b' is no host"),
        ({"host": "a@b"}, "'a@b' is no host"),
        ({"host": "[::1]"}, "without brackets"),
        ({"host": "::1::"}, "is no host"),
        ({"host": "a" * 256}, "is no host"),
    ],
)
def test_component_that_cannot_be_is_refused(components: dict[str, Any], message: str) -> None:
    """A component that cannot be is refused; the message shows it and says what to use."""
    with pytest.raises(InvalidURL) as caught:
        URL(**components)
    assert message in str(caught.value)


def test_url_works_as_text() -> None:
    """A URL is a str: it can be formatted, joined, compared, encoded and searched."""
    url = URL(path="/users/1")
    assert f"<{url}>" == "<" + url + ">" == "</users/1>"
    assert json.dumps(url) == '"/users/1"'
    assert url.startswith("/users")
    assert type(str(url)) is str


def test_equal_urls_have_equal_hashes() -> None:
    """A URL equals its text and finds the same in a dict or set."""
    assert hash(URL(path="/a")) == hash("/a")
    assert URL(scheme="http", host="a.com", port=80) == URL(scheme="http", host="a.com")


def test_repr_shows_the_text() -> None:
    """The representation shows the text."""
    assert repr(URL(path="/a")) == "URL('/a')"


@pytest.mark.parametrize("name", ["path", "port", "other"])
def test_url_cannot_be_changed(name: str) -> None:
    """A URL does not change; the message says how to get another one."""
    with pytest.raises(AttributeError, match=rf"url.replace\({name}=…\) gives another one"):
        setattr(URL(), name, "/b")


def test_copies_are_equal() -> None:
    """A URL can be copied and pickled."""
    for twin in (copy.copy(FULL), copy.deepcopy(FULL), pickle.loads(pickle.dumps(FULL))):
        assert twin == FULL
        assert (twin.host, twin.port, twin.fragment) == ("example.com", 8443, "e")


def test_replace_gives_another_url() -> None:
    """``replace`` gives another URL with some components changed."""
    assert FULL.replace(path="/x", port=None) == "https://example.com/x?c=1&d=2#e"
    assert FULL.path == "/a/b"


def test_replace_can_make_it_relative() -> None:
    """Without scheme, host and port what is left is relative to any site."""
    assert FULL.replace(scheme="", host="", port=None) == "/a/b?c=1&d=2#e"


def test_replace_of_text_works_as_in_str() -> None:
    """Functions that take it for text can replace text in it."""
    url = URL(path="/a&b")
    assert html.escape(url) == "/a&amp;b"
    assert (url.replace("a", "x"), url.replace("&", "", 0)) == ("/x&b", "/a&b")
    assert url.replace("b", "/", count=0) == "/a&b"


def test_replace_of_an_unknown_component_is_a_type_error() -> None:
    """A misspelt component is a mistake."""
    with pytest.raises(TypeError, match="pth"):
        FULL.replace(pth="/")  # type: ignore[call-overload]  # this is the mistake in question


def test_url_can_be_put_under_a_prefix() -> None:
    """``under`` puts a decoded path in front."""
    assert URL(path="/a%20b", query="c").under("/d e") == "/d%20e/a%20b?c"


def test_query_is_replaced() -> None:
    """``with_query`` replaces the whole query."""
    assert FULL.replace(fragment="").with_query(x=[1, 2], y=True) == ("https://example.com:8443/a/b?x=1&x=2&y=true")


def test_query_can_be_taken_away() -> None:
    """``with_query`` without fields leaves no query."""
    assert URL(query="a=1").with_query() == "/"


@pytest.mark.parametrize(
    ("query", "params", "result"),
    [
        ("", {"a": 1}, "a=1"),
        ("a=1&b=2&a=3", {"a": 4}, "b=2&a=4"),
        ("%61=1&b=2", {"a": 4}, "b=2&a=4"),
        ("a+b=1&c", {"a b": 2}, "c&a+b=2"),
        ("a=1&b=%zz", {"c": "d e"}, "a=1&b=%25zz&c=d+e"),
        ("a=1&b=2", {"a": None}, "b=2"),
        ("a=1", {"a": None}, ""),
        ("a=1&&", {}, "a=1"),
    ],
)
def test_query_is_merged(query: str, params: dict[str, Any], result: str) -> None:
    """``include_query`` replaces fields of the same names, keeps the others, ``None`` removes."""
    assert URL(query=query).include_query(**params).query == result


@PROPERTY
@given(HOSTS, PORTS, PATHS, st.text(), st.text())
def test_url_reads_back_as_itself(host: str, port: int | None, path: str, query: str, fragment: str) -> None:
    """Reading the text of a URL gives the same components, so none leaks into another."""
    url = URL(scheme="https", host=host, port=port, path=path, query=query, fragment=fragment)
    twin = parse_url(str(url))
    assert twin == url
    assert (twin.host, twin.netloc, twin.path) == (url.host, url.netloc, url.path)
    assert (twin.query, twin.fragment) == (url.query, url.fragment)


@PROPERTY
@given(st.text(), st.text(), st.text())
def test_relative_url_reads_back_as_itself(path: str, query: str, fragment: str) -> None:
    """A URL without a host never gets one by being written and read."""
    url = URL(path=path, query=query, fragment=fragment)
    twin = parse_url(str(url))
    assert twin == url
    assert not twin.is_absolute


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/a?b#c",
        "//example.com/a",
        "/a//b?c?d#e?f",
        "?a",
        "#a",
        "",
        "a/b",
        "mailto:a@b.com",
        "http://[::1]:8000/",
    ],
)
def test_text_is_read(text: str) -> None:
    """Absolute and relative URLs are read."""
    assert parse_url(text) == text


def test_text_is_taken_apart() -> None:
    """Each component is found where it stands."""
    url = parse_url(FULL)
    assert (url.scheme, url.host, url.port) == ("https", "example.com", 8443)
    assert (url.path, url.query, url.fragment) == ("/a/b", "c=1&d=2", "e")


@pytest.mark.parametrize(
    "text",
    [
        "http://",
        "http:/a",
        "https:a",
        "///a",
        "http:///a",
        "http://a b/",
        "http://a.com:99999/",
        "http://a.com:x/",
        "http://[::1/",
        "http://[::1]a/",
        "http://a%2Eb/",
        "http://é.com/",
        "1http://a/",
        "/a b",
        "/a\n",
        "\t/a",
        "java\tscript:x",
        "/a\x7f",
    ],
)
def test_text_that_is_no_url_is_refused(text: str) -> None:
    """Spaces, control characters, and schemes or hosts that cannot be are refused."""
    with pytest.raises(InvalidURL):
        parse_url(text)


def test_credentials_are_refused_and_not_repeated() -> None:
    """A URL with credentials is refused, and the message does not repeat them."""
    with pytest.raises(InvalidURL, match="credentials") as caught:
        parse_url("https://user:secret@example.com/")
    assert "secret" not in str(caught.value)


@PROPERTY
@given(st.text() | st.text(st.sampled_from("ahtp:/?#[]@%.1 \\")))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text does anything but give a URL or InvalidURL; what it gives is stable."""
    try:
        url = parse_url(text)
    except InvalidURL:
        return
    assert parse_url(str(url)) == url
    assert url.isascii()
    assert url.isprintable()


@pytest.mark.parametrize(
    ("value", "host", "port"),
    [
        ("example.com", "example.com", None),
        (b"Example.com", "example.com", None),
        ("EXAMPLE.com:8000", "example.com", 8000),
        ("localhost:0", "localhost", 0),
        ("a:65535", "a", 65535),
        ("a:00080", "a", 80),
        ("a:", "a", None),
        ("example.com.", "example.com.", None),
        ("my_service-1:80", "my_service-1", 80),
        ("1a.2b", "1a.2b", None),
        ("127.0.0.1:80", "127.0.0.1", 80),
        ("[::1]", "::1", None),
        ("[2001:DB8::1]:443", "2001:db8::1", 443),
        ("x" * 255, "x" * 255, None),
    ],
)
def test_host_and_port_are_read(value: bytes | str, host: str, port: int | None) -> None:
    """Host and port are read, the host in lower case and without brackets."""
    assert parse_host(value) == (host, port)


@pytest.mark.parametrize(
    "value",
    [
        "",
        ":80",
        " a",
        "a ",
        "a\n",
        "a b",
        "a/b",
        "a?b",
        "a#b",
        "a\\b",
        "user@a",
        "a,b",
        "a, b",
        "a%2eb",
        "é",
        b"a\xe9",
        ".",
        ".a",
        "a..b",
        "a:b",
        "a:1:2",
        "a:65536",
        "a:000080",
        "a:+1",
        "a:-1",
        "a:1_0",
        "a:٣",
        "x" * 256,
        "300.1.1.1",
        "1.2.3",
        "1.2.3.4.",
        "a.1",
        "::1",
        "[::1",
        "[]",
        "[1.2.3.4]",
        "[a]",
        "[::1]80",
        "[::1%25eth0]",
        "[v1.a]",
    ],
)
def test_host_that_is_none_is_refused(value: bytes | str) -> None:
    """Anything but a name or address with a port is refused; the message shows it."""
    with pytest.raises(InvalidHost, match="is no host; use a name, an IPv4 address or") as caught:
        parse_host(value)
    assert repr(value[:100]) in str(caught.value)


@PROPERTY
@given(st.ip_addresses(v=6).map(str) | st.ip_addresses(v=6).map(lambda ip: ip.exploded))
def test_any_ipv6_address_is_read(address: str) -> None:
    """Any IPv6 address in brackets is read."""
    assert parse_host(f"[{address}]:1") == (address, 1)


@PROPERTY
@given(st.ip_addresses(v=4).map(str))
def test_any_ipv4_address_is_read(address: str) -> None:
    """Any IPv4 address is read, also as the end of an IPv6 address."""
    assert parse_host(address) == (address, None)
    assert parse_host(f"[::ffff:{address}]") == (f"::ffff:{address}", None)


@PROPERTY
@given(st.text() | st.binary() | st.text(st.sampled_from("a1:.[]%-_")))
def test_any_host_is_read_or_refused(value: str | bytes) -> None:
    """No value does anything but give a host that makes a URL, or InvalidHost."""
    try:
        host, port = parse_host(value)
    except InvalidHost:
        return
    assert parse_host(URL(host=host, port=port).netloc) == (host, port)


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("/users/42", "/users/42"),
        ("/a b", "/a%20b"),
        ("/100%", "/100%25"),
        ("/%41", "/%2541"),
        ("/é", "/%C3%A9"),
        ("/a?b#c", "/a%3Fb%23c"),
        ("/~-._!$&'()*+,;=:@", "/~-._!$&'()*+,;=:@"),
        ("/\ud800", "/%EF%BF%BD"),
        ("", ""),
    ],
)
def test_path_is_encoded(text: str, encoded: str) -> None:
    """A decoded path is percent-encoded as UTF-8, slashes stay."""
    assert encode_path(text) == encoded


def test_segment_is_encoded_with_its_slashes() -> None:
    """With nothing safe, a slash is encoded too: the text is one segment."""
    assert encode_path("a/b c", safe="") == "a%2Fb%20c"


@PROPERTY
@given(st.text(st.characters(codec="utf-8")))
def test_encoded_path_decodes_to_itself(text: str) -> None:
    """Decoding an encoded path gives the same path."""
    assert percent_decode(encode_path(text).encode()).decode() == text


def test_scope_becomes_a_url() -> None:
    """The URL of a request is made of scheme, Host header, path and query."""
    scope = make_scope(
        scheme="https",
        headers=[(b"accept", b"*/*"), (b"host", b"Example.com:8443")],
        path="/a b",
        raw_path=b"/a%20b",
        query_string=b"c=d",
    )
    assert url_from_scope(scope) == "https://example.com:8443/a%20b?c=d"


def test_least_scope_becomes_a_url() -> None:
    """What a server may leave out of the scope is not needed."""
    assert url_from_scope(make_scope()) == "http://example.com/"


@pytest.mark.parametrize(
    ("path", "raw_path", "url_path"),
    [
        ("/a/b", b"/a%2Fb", "/a%2Fb"),
        ("/a/b", b"/a%2Fb?c", "/a%2Fb"),
        ("/a", b"/%61", "/%61"),
        ("/é", b"/%C3%A9", "/%C3%A9"),
        ("/é", b"/\xc3\xa9", "/%C3%A9"),
        ("/\ufffd", b"/\xff", "/%FF"),
        ("/a\n", b"/a%0A", "/a%0A"),
        ("/root/a b", b"/a%20b", "/root/a%20b"),
        ("/a b", b"", "/a%20b"),
        ("/a b", None, "/a%20b"),
        ("//evil.com", b"//evil.com", "//evil.com"),
    ],
)
def test_path_is_encoded_as_it_came(path: str, raw_path: bytes | None, url_path: str) -> None:
    """The path is encoded as in the request where raw_path means the same, else anew."""
    assert url_from_scope(make_scope(path=path, raw_path=raw_path)).path == url_path


@pytest.mark.parametrize("path", ["*", "example.com:443", ""])
def test_request_without_a_path_has_none(path: str) -> None:
    """``OPTIONS *`` and CONNECT name no path."""
    assert url_from_scope(make_scope(path=path)) == "http://example.com"


def test_query_keeps_its_escapes() -> None:
    """The query stays as it came, except for bytes that cannot stand in a URL."""
    assert url_from_scope(make_scope(query_string=b'a=%41+"\xff')).query == "a=%41+%22%FF"


@pytest.mark.parametrize(
    ("server", "url"),
    [
        (("127.0.0.1", 8000), "http://127.0.0.1:8000/"),
        (("::1", 80), "http://[::1]/"),
        (None, "/"),
        (("/run/app.sock", None), "/"),
        (("fe80::1%eth0", 8000), "/"),
        (("", 8000), "/"),
    ],
)
def test_without_a_host_header_the_server_is_named(server: tuple[str, int | None] | None, url: str) -> None:
    """Without a Host header the address of the server is used if there is one."""
    assert url_from_scope(make_scope(headers=[], server=server)) == url


@pytest.mark.parametrize("hosts", [[b"a", b"a"], [b"a", b"b"], [b""], [b"a/b"], [b"a, b"], [b"evil.com/?"]])
def test_malformed_or_doubled_host_is_refused(hosts: list[bytes]) -> None:
    """A malformed Host header is refused, and so are two, even if they are the same."""
    with pytest.raises(InvalidHost):
        url_from_scope(make_scope(headers=[(b"host", host) for host in hosts]))


def test_host_header_in_upper_case_counts() -> None:
    """A second Host header in another case is no way around."""
    with pytest.raises(InvalidHost, match="2 Host headers came"):
        url_from_scope(make_scope(headers=[(b"Host", b"a"), (b"host", b"b")]))


def test_malformed_scheme_is_refused() -> None:
    """A malformed scheme is refused."""
    with pytest.raises(InvalidURL, match="is no scheme"):
        url_from_scope(make_scope(scheme="http:"))


@PROPERTY
@given(st.text(), st.binary(), st.binary(), st.binary() | st.text("aB.1").map(str.encode))
def test_any_scope_becomes_a_url_or_is_refused(path: str, raw_path: bytes, query: bytes, host: bytes) -> None:
    """No request gives a URL that leads to another host than it names."""
    scope = make_scope(path=path, raw_path=raw_path, query_string=query, headers=[(b"host", host)])
    try:
        url = url_from_scope(scope)
    except InvalidHost:
        return
    assert parse_url(str(url)).netloc == url.netloc == host.decode().lower()


class FakeRequest:
    """Anything with a URL: a request, or a WebSocket."""

    url = URL(scheme="https", host="shop.example", port=8443, path="/cart", query="a=1")


@pytest.mark.parametrize(
    ("url", "absolute"),
    [
        (URL(path="/users/1", query="x=2"), "https://shop.example:8443/users/1?x=2"),
        (URL(host="api.example", path="/users"), "https://api.example/users"),
        (URL(scheme="http", host="other.example", path="/"), "http://other.example/"),
    ],
)
def test_absolute_takes_from_the_request_what_is_missing(url: URL, absolute: str) -> None:
    """A URL becomes absolute by the scheme and host of a request; its own path and query stay."""
    assert url.absolute(FakeRequest()) == absolute
