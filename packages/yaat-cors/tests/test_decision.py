"""The decision, with values alone."""

import re
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat_cors import Policy, Preflight, decide, decide_preflight
from yaat_cors.decision import MAX_REQUESTED_BYTES, read_origin, read_preflight
from yaat_cors.policy import SAFELISTED_HEADERS, Field

#: The time of one example says more about the machine than about the code.
PROPERTY = settings(deadline=None)
ORIGIN = b"https://app.example"
POLICY = Policy(allow_origins=["https://app.example"], allow_methods=["GET", "PUT"], allow_headers=["X-A", "x-b"])

origins = st.one_of(
    st.sampled_from([ORIGIN, b"null", b"*", b"", b"https://x.app.example", b"https://app.example.evil.example"]),
    st.binary(max_size=40),
)
methods = st.one_of(st.sampled_from(["GET", "PUT", "DELETE", "put", ""]), st.text(max_size=8))
requested = st.one_of(
    st.lists(st.sampled_from([b"x-a", b"X-B", b" x-a ", b"", b"accept", b"x-c", b"x\r\nset-cookie: a=b"])).map(
        b",".join
    ),
    st.binary(max_size=60),
)
preflights = st.builds(Preflight, origin=origins, method=methods, headers=requested, private_network=st.booleans())
policies = st.sampled_from(
    [
        POLICY,
        Policy(),
        Policy(allow_origins=["*"], allow_headers=["*"], allow_methods=["*"]),
        Policy(allow_origins=["null"]),
        Policy(allow_origin_regex=r"https://[a-z]+\.app\.example", allow_credentials=True, allow_headers=["*"]),
        Policy(allow_origins=["*"], allow_credentials=True, allow_any_origin_with_credentials=True),
        Policy(allow_origins=["https://app.example"], allow_private_network=True, expose_headers=["x-total"]),
    ]
)


def find(fields: tuple[Field, ...], name: str) -> bytes | None:
    """Return the only value of a header, or `None`."""
    values = [value for key, value in fields if key == name.encode()]
    assert len(values) < 2
    return values[0] if values else None


def ask(policy: Policy, **question: Any) -> tuple[str, ...]:
    """Return what of a preflight is refused."""
    return decide_preflight(policy, Preflight(**{"origin": ORIGIN, "method": "GET", **question})).refused


# Origins


def test_listed_origin_is_named() -> None:
    """The answer names the one origin that may read it."""
    assert decide(POLICY, ORIGIN) == ((b"access-control-allow-origin", ORIGIN),)


@pytest.mark.parametrize("origin", [None, b"", b"null", b"*", b"https://evil.example", b"HTTPS://APP.EXAMPLE"])
def test_other_origins_are_told_nothing(origin: bytes | None) -> None:
    """Not even what would be allowed to others."""
    assert decide(POLICY, origin) == ()


@pytest.mark.parametrize("origin", [None, b"", b"null", ORIGIN, b"a" * 100_000])
def test_public_answer_is_the_same_for_all(origin: bytes | None) -> None:
    """With `*` nothing is reflected, so one answer can be kept for everybody."""
    policy = Policy(allow_origins=["*"], expose_headers=["x-total"])
    assert decide(policy, origin) == (
        (b"access-control-allow-origin", b"*"),
        (b"access-control-expose-headers", b"x-total"),
    )


def test_credentials_are_granted_to_allowed_origins_alone() -> None:
    """The two headers come together or not at all."""
    policy = Policy(allow_origins=["https://app.example"], allow_credentials=True)
    assert find(decide(policy, ORIGIN), "access-control-allow-credentials") == b"true"
    assert decide(policy, b"https://evil.example") == ()


@pytest.mark.parametrize(
    "origin",
    [
        b"https://evilexample.com",
        b"https://a.example.com.evil.net",
        b"https://evil.net?.example.com",
        b"https://evil.net/.example.com",
        b"https://a.example.com\n",
        b"xhttps://a.example.com",
    ],
)
def test_regex_is_matched_against_the_whole_origin(origin: bytes) -> None:
    """What merely begins, ends or contains an allowed origin is another one."""
    policy = Policy(allow_origin_regex=r"https://.*\.example\.com")
    assert decide(policy, b"https://a.example.com")
    assert decide(policy, origin) == ()


def test_alternatives_in_a_regex_are_matched_whole() -> None:
    """`a|b` does not end half way."""
    policy = Policy(allow_origin_regex=re.compile(r"https://a\.example|https://b\.example"))
    assert decide(policy, b"https://a.example")
    assert decide(policy, b"https://a.example.evil.net") == ()


def test_no_origin_is_allowed_where_it_is_listed_alone() -> None:
    """`Origin: null`, which any site can have, matches no regex."""
    assert decide(Policy(allow_origins=["null"]), b"null") == ((b"access-control-allow-origin", b"null"),)
    assert decide(Policy(allow_origin_regex=".*"), b"null") == ()


def test_any_origin_with_credentials_is_any_but_none() -> None:
    """Where it is said in so many words, any page is named; what has no origin, or a malformed one, is not."""
    policy = Policy(allow_origins=["*"], allow_credentials=True, allow_any_origin_with_credentials=True)
    assert find(decide(policy, b"https://who.example"), "access-control-allow-origin") == b"https://who.example"
    for origin in (None, b"", b"null", b"*", b"https://a.example\r\nx: y"):
        assert decide(policy, origin) == ()


# Preflights


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ({}, ()),
        ({"method": "PUT"}, ()),
        ({"method": "put"}, ("method",)),
        ({"method": "DELETE"}, ("method",)),
        ({"method": ""}, ("method",)),
        ({"headers": b"x-a,X-B , ,accept,Content-Type"}, ()),
        ({"headers": b""}, ()),
        ({"headers": b","}, ()),
        ({"headers": b"x-c"}, ("headers",)),
        ({"headers": b"x-a x-b"}, ("headers",)),
        ({"headers": b"x-a\r\nset-cookie: a=b"}, ("headers",)),
        ({"headers": b"x-a\x00"}, ("headers",)),
        ({"headers": "x-ä".encode()}, ("headers",)),
        ({"private_network": True}, ("private network",)),
        ({"method": "PATCH", "headers": b"x-c", "private_network": True}, ("method", "headers", "private network")),
        ({"origin": b"https://evil.example", "method": "PATCH"}, ("origin",)),
    ],
)
def test_what_is_refused_is_named(question: dict[str, Any], refused: tuple[str, ...]) -> None:
    """Methods are compared as they are, names of headers in any case; what is malformed is refused."""
    assert ask(POLICY, **question) == refused


def test_what_is_allowed_is_listed() -> None:
    """The browser is told all that it may do, and for how long it may remember that."""
    fields = decide_preflight(POLICY, Preflight(origin=ORIGIN, method="PUT")).fields
    assert fields == (
        (b"access-control-allow-origin", ORIGIN),
        (b"access-control-allow-methods", b"GET, PUT, HEAD"),
        (b"access-control-allow-headers", b"accept, accept-language, content-language, content-type, x-a, x-b"),
        (b"access-control-max-age", b"600"),
        (
            b"vary",
            b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
            b"Access-Control-Request-Private-Network",
        ),
    )


def test_refusal_of_an_origin_tells_it_nothing() -> None:
    """All that it holds is what it depends on."""
    fields = decide_preflight(POLICY, Preflight(origin=b"https://evil.example", method="GET")).fields
    assert [name for name, _ in fields] == [b"vary"]


def test_refusal_may_not_be_remembered() -> None:
    """An allowed page is told what it may do, and no age."""
    fields = decide_preflight(POLICY, Preflight(origin=ORIGIN, method="DELETE")).fields
    assert find(fields, "access-control-allow-methods") == b"GET, PUT, HEAD"
    assert find(fields, "access-control-max-age") is None


def test_all_headers_are_allowed_without_being_repeated() -> None:
    """Without credentials `*` says it, with `Authorization` beside it, which it does not mean."""
    policy = Policy(allow_origins=["https://app.example"], allow_headers=["*"])
    verdict = decide_preflight(policy, Preflight(origin=ORIGIN, method="GET", headers=b"authorization,x-what-ever"))
    assert verdict.refused == ()
    assert find(verdict.fields, "access-control-allow-headers") == b"*, authorization"


def test_all_headers_with_credentials_are_those_that_were_asked_for() -> None:
    """With credentials `*` is a mere name, so the names are listed, each once and well-formed."""
    policy = Policy(allow_origins=["https://app.example"], allow_headers=["*", "X-Own"], allow_credentials=True)
    verdict = decide_preflight(policy, Preflight(origin=ORIGIN, method="GET", headers=b"X-B, x-a,x-b"))
    assert find(verdict.fields, "access-control-allow-headers") == b"x-a, x-b, x-own"
    verdict = decide_preflight(policy, Preflight(origin=ORIGIN, method="GET", headers=b"x-a\r\nx-b"))
    assert verdict.refused == ("headers",)
    assert find(verdict.fields, "access-control-allow-headers") == b"x-own"


def test_private_network_is_allowed_where_that_is_asked() -> None:
    """Private Network Access, "preflight": the answer says so in a header of its own."""
    policy = Policy(allow_origins=["https://app.example"], allow_private_network=True)
    asked = decide_preflight(policy, Preflight(origin=ORIGIN, method="GET", private_network=True))
    plain = decide_preflight(policy, Preflight(origin=ORIGIN, method="GET"))
    assert find(asked.fields, "access-control-allow-private-network") == b"true"
    assert find(plain.fields, "access-control-allow-private-network") is None


def test_ten_thousand_headers_are_refused_unread() -> None:
    """A list longer than any browser's is one refusal, whatever the policy."""
    names = b",".join(b"x-%d" % number for number in range(10_000))
    assert len(names) > MAX_REQUESTED_BYTES
    assert ask(POLICY, headers=names) == ("headers",)
    for with_credentials in (False, True):
        policy = Policy(allow_origins=["https://app.example"], allow_headers=["*"], allow_credentials=with_credentials)
        verdict = decide_preflight(policy, Preflight(origin=ORIGIN, method="GET", headers=names))
        assert verdict.refused == ("headers",)
        assert b"x-1" not in b"".join(value for _, value in verdict.fields)


@pytest.mark.parametrize("name", ["origin", "headers"])
def test_time_does_not_grow_faster_than_the_input(name: str) -> None:
    """Megabytes cost next to nothing: what is too long is not looked at."""
    policy = Policy(allow_origin_regex=r"https://(a+)+\.example")

    def measure(count: int) -> float:
        question = {name: b"https://" + b"a," * count}
        begin = process_time()
        assert ask(policy, **question)
        return process_time() - begin

    # Tried a few times, because others use the machine too.
    assert any(measure(2_000_000) < 6 * measure(500_000) + 0.001 for _ in range(8))


# What requests say


def test_origin_is_read_as_it_is() -> None:
    """One is itself; several are none that could be trusted."""
    assert read_origin([(b"host", b"x")]) is None
    assert read_origin([(b"origin", ORIGIN)]) == ORIGIN
    assert read_origin([(b"origin", ORIGIN), (b"origin", ORIGIN)]) == b""
    assert read_origin([(b"origin", b""), (b"origin", ORIGIN)]) == b""


def test_preflight_is_told_by_two_headers() -> None:
    """Without an origin or a method it is a plain OPTIONS request (Fetch standard, "CORS-preflight request")."""
    method = (b"access-control-request-method", b"PUT")
    assert read_preflight([(b"origin", ORIGIN)]) is None
    assert read_preflight([method]) is None
    assert read_preflight([(b"origin", ORIGIN), method]) == Preflight(origin=ORIGIN, method="PUT")


def test_preflight_with_doubled_headers() -> None:
    """Two methods are none; two lists of headers are one list (RFC 9110 §5.3)."""
    fields = [
        (b"origin", ORIGIN),
        (b"access-control-request-method", b"GET"),
        (b"access-control-request-method", b"PUT"),
        (b"access-control-request-headers", b"x-a"),
        (b"access-control-request-headers", b"x-b"),
        (b"access-control-request-private-network", b"true"),
    ]
    assert read_preflight(fields) == Preflight(origin=ORIGIN, method="", headers=b"x-a,x-b", private_network=True)


# Properties


@PROPERTY
@given(policies, st.one_of(st.none(), origins))
def test_no_origin_is_named_that_is_not_allowed(policy: Policy, origin: bytes | None) -> None:
    """Whatever a request says, the answer names `*`, or the very origin, if the policy has it."""
    named = find(decide(policy, origin), "access-control-allow-origin")
    if policy.is_public:
        assert named == b"*"
    elif named is not None:
        text = named.decode()
        assert named == origin
        assert named in policy.origins or b"*" in policy.origins or (policy.pattern and policy.pattern.fullmatch(text))


@PROPERTY
@given(policies, preflights)
def test_nothing_is_reflected_that_is_not_allowed(policy: Policy, preflight: Preflight) -> None:
    """Every value is made of what the policy says, but for the allowed origin and, where all may be sent, names."""
    verdict = decide_preflight(policy, preflight)
    own = {*policy.allow_headers, *SAFELISTED_HEADERS, "authorization"}
    listed = (find(verdict.fields, "access-control-allow-headers") or b"").decode()
    for name in filter(None, listed.split(", ")):
        assert re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9a-z]+", name)
        assert name in own or ("*" in policy.allow_headers and name.encode() in preflight.headers.lower())
    allowed = find(verdict.fields, "access-control-allow-methods")
    assert allowed in (None, ", ".join(policy.allow_methods).encode())


@PROPERTY
@given(policies, preflights)
def test_fields_can_always_be_sent(policy: Policy, preflight: Preflight) -> None:
    """No value holds a control character, whatever came in."""
    for name, value in decide_preflight(policy, preflight).fields:
        assert name.islower()
        assert not set(value) & {*range(32), 127}


@PROPERTY
@given(policies, preflights)
def test_refusal_and_allowed_origin_agree_with_actual_requests(policy: Policy, preflight: Preflight) -> None:
    """A preflight names the origin exactly if the actual response will."""
    named = find(decide_preflight(policy, preflight).fields, "access-control-allow-origin")
    assert named == find(decide(policy, preflight.origin), "access-control-allow-origin")


@PROPERTY
@given(policies, st.lists(st.tuples(st.sampled_from([b"origin", b"host"]), st.binary(max_size=20)), max_size=4))
def test_reading_a_request_never_fails(policy: Policy, fields: list[Field]) -> None:
    """Any bytes are some origin, of which the policy has something to say."""
    assert isinstance(decide(policy, read_origin(fields)), tuple)
