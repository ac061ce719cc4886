"""Time in proportion to the input, for all that reads what clients send and for which no other test asks it.

A quadratic parser lets one request keep everybody else waiting: what a server lets through of a path, a query and
headers, some 64 KiB, would take minutes.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from yaat.asgi import Scope
from yaat.cache_control import CacheControl, InvalidCacheControl
from yaat.conditional import evaluate
from yaat.cookies import InvalidCookie, format_set_cookie, parse_cookies
from yaat.etag import ETag, find_etags, parse_etag
from yaat.exceptions import RouteError
from yaat.headers import Headers, InvalidHeader, MutableHeaders
from yaat.http_date import parse_http_date
from yaat.json_codec import InvalidJSON, decode_json, encode_json, has_lone_surrogate, is_deeper
from yaat.media_type import choose_encoding, choose_language, choose_media_type, parse_media_type
from yaat.query import QueryParams, TooManyFields, format_query, parse_urlencoded
from yaat.routing.built_in import BUILT_IN
from yaat.routing.hosts import parse_host_template
from yaat.routing.table import RouteTable, split_path
from yaat.routing.template import parse_template
from yaat.url import URL, InvalidURL, encode_path, parse_host, parse_url, url_from_scope

from .asgi_driver import make_scope
from .linearity import is_linear

PARSERS: dict[str, Callable[[str], Any]] = {converter.name: converter.parse for converter in BUILT_IN}


def suppressed(function: Callable[[Any], object], *errors: type[Exception]) -> Callable[[Any], None]:
    """Return *function* as it is for hostile input: the errors it documents may come."""

    def run(value: Any) -> None:
        with suppress(*errors):
            function(value)

    return run


@pytest.mark.parametrize("unit", ["/a", "/", "/{a}", "/{a:path}", "{", "}", "/{a}-", "/{", "{a}{b}", "/.", "é"])
def test_templates(unit: str) -> None:
    """Of a path template."""
    read = suppressed(lambda text: str(parse_template(text).shape), RouteError)
    assert is_linear(lambda count: "/x" + unit * count, read, count=4_000)


@pytest.mark.parametrize("converter", ["", ":int", ":path"])
def test_templates_with_many_parameters(converter: str) -> None:
    """Of a path template whose parameters all have names of their own."""
    assert is_linear(
        lambda count: "".join(f"/{{a{number}{converter}}}" for number in range(count)),
        suppressed(parse_template, RouteError),
        count=1_000,
    )


@pytest.mark.parametrize("unit", ["/a", "/", "/5", "a", "--", "a--", "%2F", "/%2F", "é", "a/5/"])
def test_paths(unit: str) -> None:
    """Of finding what serves a path, however many segments it has."""
    table: RouteTable[str] = RouteTable(PARSERS, "nowhere", trailing_slash="match")
    for path in ("/a/{b}", "/{a}/5", "/{a:int}/{b}", "/{a}--{b}.js", "/a/{p:path}/b", "/{p:path}/{q}/c", "/{p:path}"):
        table.add(parse_template(path), "GET", path)
    table.add_fallback(parse_template("/a"), "fallback")

    def prepare(count: int) -> Scope:
        return make_scope("GET", "/a" + unit * count, root_path="/a")

    def find(scope: Scope) -> None:
        split_path(scope)
        table.find(scope, "GET")
        table.find(scope, "POST")

    assert is_linear(prepare, find, count=4_000)


@pytest.mark.parametrize("converter", list(PARSERS))
@pytest.mark.parametrize("unit", ["5", "0", "-", "5.5", "a", "2020-02-29", ":", "é", "٣"])
def test_converters(converter: str, unit: str) -> None:
    """Of each path converter: a number of a hundred thousand digits is refused before it is made."""
    assert is_linear(lambda count: unit * count, suppressed(PARSERS[converter], ValueError))


@pytest.mark.parametrize("unit", ["a", ".", "a.", "-", "1.", "::", "1:", "[", "]", "{a}.", "é"])
def test_hosts(unit: str) -> None:
    """Of a Host field, and of the host of a route."""
    template = parse_host_template("{a}.{b}.example.com")

    def read(text: str) -> None:
        template.match(text)
        suppressed(parse_host_template, RouteError)(text)
        suppressed(parse_host, InvalidURL)(text)
        suppressed(url_from_scope, InvalidURL)(make_scope("GET", "/", headers=[("host", text)]))

    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize("unit", ["a", "/", "//", ":", "?", "#", "%", "%41", "@", "a.", "[", "&a=", "é", "\x00"])
def test_urls(unit: str) -> None:
    """Of a URL, taken apart and built."""

    def read(text: str) -> None:
        for make in (parse_url, lambda text: parse_url(f"http://a/{text}"), lambda text: URL(host="a", query=text)):
            suppressed(make, InvalidURL)(text)
        encode_path(text, safe="")
        URL(path="/", query=text).include_query(a="1")

    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize("unit", [b"a=1&", b"%", b"%41", b"+", b"=", b"&", b"\xff", b"%ff"])
def test_queries(unit: bytes) -> None:
    """Of a query, read and written."""

    def read(raw: bytes) -> None:
        str(QueryParams(raw))
        suppressed(lambda raw: QueryParams(raw)["a"], TooManyFields, KeyError)(raw)
        format_query(parse_urlencoded(raw, max_fields=1 << 30))

    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize("unit", ["a", '"', '"a",', "W/", ',"', ", ", ' "', "\t", "\xff"])
def test_conditions(unit: str) -> None:
    """Of If-Match, If-None-Match and the dates beside them."""
    etag = ETag("v1")

    def read(text: str) -> None:
        fields = [
            (name, f'"x{text}'.encode("latin-1")) for name in (b"if-match", b"if-none-match", b"if-modified-since")
        ]
        evaluate("GET", Headers(fields), etag=etag, last_modified=0)
        list(find_etags(text))
        parse_http_date(text)
        suppressed(parse_etag, ValueError)(text)

    assert is_linear(lambda count: unit * count, read, count=4_000)


@pytest.mark.parametrize("unit", ["a/b;", ";a=b", '"', "\\", " ", ",", ";q=1", "en-", "*", "a/b,", '"a'])
def test_choices(unit: str) -> None:
    """Of choosing what a client prefers, and of a Content-Type."""

    def read(text: str) -> None:
        choose_media_type(text, ["text/html", "application/json"])
        choose_encoding(text, ["br", "gzip"])
        choose_language(text, ["en", "de"])
        suppressed(parse_media_type, ValueError)(f"a/b{text}")

    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize("unit", ["a=1;", ";", "=", " ", '"', "\\", '\\"', "\\1", "é"])
def test_cookies(unit: str) -> None:
    """Of a Cookie field, and of a Set-Cookie with any value."""

    def read(text: str) -> None:
        parse_cookies(text)
        suppressed(lambda text: format_set_cookie("a", text), InvalidCookie)(text)
        suppressed(lambda text: format_set_cookie(text, "a"), InvalidCookie)(text)

    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize("unit", ["a", "a,", " ", "\t", ",", "\x00", "é"])
def test_headers(unit: str) -> None:
    """Of setting a header to any value, and of Vary and Cache-Control with any names."""

    def write(text: str) -> None:
        headers = MutableHeaders([(b"vary", text.encode())])
        suppressed(lambda text: headers.append("x", text), InvalidHeader)(text)
        suppressed(lambda text: headers.append(text, "x"), InvalidHeader)(text)
        suppressed(lambda text: headers.add_vary("origin", text), InvalidHeader)(text)
        suppressed(lambda text: str(CacheControl(no_cache=text.split(","))), InvalidCacheControl)(text)

    assert is_linear(lambda count: unit * count, write)


@pytest.mark.parametrize(
    "unit",
    [
        b"[",
        b"]",
        b"[],",
        b'{"a":',
        b'"',
        b'\\"',
        b"\\",
        b'"\\"',
        b"\\ud800",
        b'"a":1,',
        b"9",
        b"1e9,",
        b"\xff",
        b" ",
        b"\n",
    ],
)
def test_json(unit: bytes) -> None:
    """Of JSON, right or wrong: of its depth, of looking for the place of a mistake, and of writing it again."""

    def read(content: bytes) -> None:
        is_deeper(content, 100)
        has_lone_surrogate(content)
        for begin, end in ((b"", b""), (b"[", b"]"), (b'["', b'"]'), (b"[1e999,", b"]"), (b"[" * 200, b"")):
            suppressed(lambda content: encode_json(decode_json(content)), InvalidJSON)(begin + content + end)

    assert is_linear(lambda count: unit * count, read, count=4_000)


def test_many_fields_of_one_request() -> None:
    """Of the headers of a request that all have names of their own, or all the same."""

    def read(fields: list[tuple[bytes, bytes]]) -> None:
        headers = Headers(fields)
        assert headers == Headers([*fields])
        assert "missing" not in headers
        assert len(headers) == len(list(headers))

    assert is_linear(lambda count: [(b"x-%d" % number, b"1") for number in range(count)], read, count=1_000)
    assert is_linear(lambda count: [(b"x", b"1")] * count, read, count=1_000)
