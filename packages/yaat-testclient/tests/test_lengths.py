"""Whether a response body is as long as it says."""

import pytest

from yaat_testclient.lengths import BodyLength

LENGTH_3 = [(b"content-length", b"3")]


def test_a_body_of_the_announced_length_is_right() -> None:
    """The bytes of all messages together are what Content-Length counts."""
    length = BodyLength("GET", 200, LENGTH_3)
    found = [length.find_start_problem(), length.find_excess(1), length.find_excess(2)]
    assert [*found, length.find_lack()] == [None] * 4


def test_a_body_without_an_announced_length_may_have_any() -> None:
    """Without Content-Length nothing is promised."""
    length = BodyLength("GET", 200, [(b"x-a", b"1")])
    assert length.find_start_problem() is None
    assert length.find_excess(9) is None
    assert length.find_lack() is None


def test_more_than_announced_is_told_at_once() -> None:
    """The first message that goes too far is the wrong one."""
    length = BodyLength("GET", 200, LENGTH_3)
    length.find_start_problem()
    assert length.find_excess(4) == "4 bytes were sent, and Content-Length says 3"


def test_less_than_announced_is_told_at_the_end() -> None:
    """Only the end of the body shows that something is missing."""
    length = BodyLength("GET", 200, LENGTH_3)
    length.find_start_problem()
    assert length.find_excess(2) is None
    assert length.find_lack() == "the body ended after 2 bytes, and Content-Length says 3"


def test_head_may_leave_its_body_out() -> None:
    """Content-Length of a HEAD is that of the GET (RFC 9110 §8.6)."""
    length = BodyLength("HEAD", 200, LENGTH_3)
    length.find_start_problem()
    assert length.find_lack() is None


def test_a_body_sent_for_head_must_be_whole() -> None:
    """A server drops the body of a HEAD, but it still has to be the one announced."""
    length = BodyLength("HEAD", 200, LENGTH_3)
    length.find_start_problem()
    length.find_excess(2)
    assert length.find_lack() is not None


@pytest.mark.parametrize("status", [204, 304])
def test_some_statuses_have_no_body(status: int) -> None:
    """204 and 304 end with their headers (RFC 9110 §15.3.5, §15.4.5)."""
    length = BodyLength("GET", status, [])
    assert length.find_excess(0) is None
    assert length.find_excess(1) == f"a body of 1 bytes was sent, and a {status} has none"


def test_a_304_may_say_how_long_the_200_would_be() -> None:
    """Content-Length of a 304 is that of the 200 (RFC 9110 §8.6)."""
    length = BodyLength("GET", 304, LENGTH_3)
    assert length.find_start_problem() is None
    assert length.find_lack() is None


@pytest.mark.parametrize(
    ("status", "headers", "problem"),
    [
        (204, [(b"content-length", b"0")], "it has a Content-Length, which a 204 must not have (RFC 9110 §8.6)"),
        (200, LENGTH_3 * 2, "it has 2 Content-Length fields"),
        (200, [(b"content-length", b"-3")], "its Content-Length is b'-3', which is no number"),
        (200, [(b"content-length", b"")], "its Content-Length is b'', which is no number"),
        (200, [(b"content-length", "٣".encode())], "its Content-Length is b'\\xd9\\xa3', which is no number"),
    ],
)
def test_a_length_that_cannot_be_right_is_told_at_the_start(
    status: int, headers: list[tuple[bytes, bytes]], problem: str
) -> None:
    """A wrong Content-Length needs no body to be seen."""
    assert BodyLength("GET", status, headers).find_start_problem() == problem
