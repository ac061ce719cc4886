"""What has been said in one HTTP request and its response."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat_testclient.exchange import HTTPExchange

START = {"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]}
MORE = {"type": "http.response.body", "body": b"a", "more_body": True}
LAST = {"type": "http.response.body", "body": b"b"}
DISCONNECT = {"type": "http.disconnect"}


def started(method: str = "GET", **changes: object) -> HTTPExchange:
    """An exchange whose response has been started."""
    exchange = HTTPExchange(method, b"")
    exchange.apply_sent({**START, **changes})
    return exchange


def test_a_whole_body_is_given_in_one_message() -> None:
    """What is known at once is given at once."""
    exchange = HTTPExchange("POST", b"abc")
    assert exchange.next_given() == {"type": "http.request", "body": b"abc", "more_body": False}
    assert exchange.next_given() is None
    assert not exchange.take().wants_body


def test_an_empty_body_is_given_too() -> None:
    """Every request has at least one message."""
    assert HTTPExchange("GET", b"").next_given() == {"type": "http.request", "body": b"", "more_body": False}


def test_a_body_in_pieces_is_asked_for_piece_by_piece() -> None:
    """The client is asked for a piece only when the app waits for it."""
    exchange = HTTPExchange("POST", None)
    assert not exchange.has_news()
    assert exchange.next_given() is None
    assert exchange.take().wants_body
    exchange.feed(b"a")
    assert not exchange.take().wants_body
    assert exchange.next_given() == {"type": "http.request", "body": b"a", "more_body": True}
    exchange.feed(None)
    assert exchange.next_given() == {"type": "http.request", "body": b"", "more_body": False}
    assert exchange.next_given() is None
    assert not exchange.has_news()


@given(st.lists(st.binary()))
def test_the_pieces_together_are_the_body(pieces: list[bytes]) -> None:
    """Nothing is lost or added, however the body is cut."""
    exchange = HTTPExchange("POST", None)
    for piece in [*pieces, None]:
        exchange.feed(piece)
    body = b""
    while message := exchange.next_given():
        body += message["body"]
    assert body == b"".join(pieces)


def test_a_body_that_nobody_reads_is_not_asked_for() -> None:
    """When the app has ended, nobody waits for the next piece."""
    exchange = HTTPExchange("POST", None)
    exchange.next_given()
    exchange.want_no_body()
    assert not exchange.has_news()


def test_the_start_is_news() -> None:
    """The client learns of a response before it has a body."""
    progress = started().take()
    assert progress.head is not None
    assert (progress.head.status, progress.head.headers) == (200, [(b"x-a", b"1")])
    assert (progress.chunks, progress.is_complete) == ([], False)


def test_news_are_told_once() -> None:
    """A chunk is taken away by whoever reads it."""
    exchange = started()
    exchange.apply_sent(LAST)
    assert exchange.take().chunks == [b"b"]
    assert not exchange.has_news()
    assert exchange.take().chunks == []


def test_the_next_chunk_waits_until_the_last_is_read() -> None:
    """A response does not run ahead of its reader."""
    exchange = started()
    assert not exchange.holds_back(MORE)
    exchange.apply_sent(MORE)
    assert exchange.holds_back(MORE)
    assert exchange.holds_back(LAST)
    exchange.take()
    assert not exchange.holds_back(MORE)


def test_empty_chunks_wait_too() -> None:
    """Even an endless stream of nothing lets its reader have a turn."""
    exchange = started()
    nothing = {"type": "http.response.body", "more_body": True}
    exchange.apply_sent(nothing)
    assert exchange.holds_back(nothing)


def test_an_empty_end_does_not_wait() -> None:
    """There is nothing to read in it."""
    exchange = started()
    exchange.apply_sent(MORE)
    assert not exchange.holds_back({"type": "http.response.body"})


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_content_is_dropped_where_there_is_none(method: str, status: int) -> None:
    """A server sends no content with these, whatever the app says (RFC 9110 §6.4.1)."""
    exchange = started(method, status=status)
    exchange.apply_sent(LAST)
    progress = exchange.take()
    assert (progress.chunks, progress.is_complete) == ([], True)


def test_a_response_with_trailers_is_complete_after_them() -> None:
    """They arrive in the list that the client has already."""
    exchange = started(trailers=True)
    exchange.apply_sent(LAST)
    progress = exchange.take()
    assert not progress.is_complete
    exchange.apply_sent({"type": "http.response.trailers", "headers": [(b"x-b", b"2")]})
    assert exchange.take().is_complete
    assert progress.head is not None
    assert progress.head.trailers == [(b"x-b", b"2")]


def test_trailers_may_come_in_parts() -> None:
    """The last part ends the response."""
    exchange = started(trailers=True)
    exchange.apply_sent(LAST)
    exchange.apply_sent({"type": "http.response.trailers", "headers": [], "more_trailers": True})
    assert not exchange.take().is_complete


def test_hints_and_debug_information_come_with_the_start() -> None:
    """Whatever was sent before the start is there with it; later hints follow."""
    exchange = HTTPExchange("GET", b"")
    exchange.apply_sent({"type": "http.response.early_hint", "links": [b"a"]})
    exchange.apply_sent({"type": "http.response.debug", "info": {"template": "t"}})
    assert not exchange.has_news()
    exchange.apply_sent(START)
    exchange.apply_sent({"type": "http.response.early_hint", "links": [b"b"]})
    head = exchange.take().head
    assert head is not None
    assert (head.links, head.debug) == ([b"a", b"b"], {"template": "t"})


@pytest.mark.parametrize("message", [LAST, {"type": "http.response.trailers"}, {"type": "x"}, {}], ids=str)
def test_what_makes_no_sense_is_lost(message: dict[str, object]) -> None:
    """Without a referee a client is as patient as a server."""
    exchange = HTTPExchange("GET", b"")
    exchange.apply_sent(message)
    assert exchange.take().head is None


def test_what_comes_after_the_end_is_lost() -> None:
    """ "Any further messages on the channel will be ignored" (ASGI, "Response Body")."""
    exchange = started()
    exchange.apply_sent(LAST)
    exchange.apply_sent(LAST)
    exchange.apply_sent({**START, "status": 500})
    progress = exchange.take()
    assert progress.head is not None
    assert (progress.head.status, progress.chunks) == (200, [b"b"])


def test_a_client_that_leaves_is_noticed_with_receive() -> None:
    """The rest of the request body is not given any more."""
    exchange = HTTPExchange("POST", b"abc")
    exchange.leave()
    assert not exchange.has_noticed
    assert exchange.next_given() == DISCONNECT
    assert exchange.has_noticed


def test_a_complete_exchange_ends_with_a_disconnect() -> None:
    """ "Sent … if receive is called after a response has been sent" (ASGI, "Disconnect")."""
    exchange = started()
    exchange.apply_sent(LAST)
    assert exchange.next_given() == DISCONNECT


def test_an_answer_in_the_place_of_the_app_is_plain_text() -> None:
    """It is what servers answer when an app fails."""
    exchange = HTTPExchange("GET", b"")
    exchange.answer(500, "Oops")
    progress = exchange.take()
    assert progress.head is not None
    assert progress.head.status == 500
    assert progress.head.headers == [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"4")]
    assert (progress.chunks, progress.is_complete) == ([b"Oops"], True)


def test_an_answer_to_head_has_no_content() -> None:
    """A response to HEAD never has any."""
    exchange = HTTPExchange("HEAD", b"")
    exchange.answer(500, "Oops")
    assert exchange.take().chunks == []


def test_a_waiting_receive_says_what_it_waits_for() -> None:
    """Either the test owes a piece of the body, or only the disconnect can come."""
    exchange = HTTPExchange("POST", None)
    exchange.next_given()
    assert exchange.describe_next() == "the next piece of the request body is due from the test"
    exchange.feed(None)
    exchange.next_given()
    assert exchange.describe_next().endswith("so only http.disconnect can come")
