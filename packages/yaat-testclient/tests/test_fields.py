"""What HTTP demands of header fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat_testclient.fields import find_fields_problem


@pytest.mark.parametrize(
    "fields",
    [
        [],
        (),
        [(b"x-a", b"1"), [b"x-b", b""]],
        {b"x-a": b"1"}.items(),
        [(b"!#$%&'*+-.^_`|~0z", b"obs-text \xff and \t tab")],
    ],
)
def test_right_fields_are_no_problem(fields: object) -> None:
    """Any list of pairs of bytes will do, if the names are tokens in lower case."""
    assert find_fields_problem(fields) is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (None, "are None; they must be a list of (name, value) pairs"),
        (b"x-a", "are b'x-a'; they must be a list of (name, value) pairs"),
        ("x-a", "are 'x-a'; they must be a list of (name, value) pairs"),
        ([b"x-a: 1"], "hold b'x-a: 1'; each must be a (name, value) pair"),
        ([(b"x-a",)], "hold (b'x-a',); each must be a (name, value) pair"),
        ([("x-a", b"1")], "hold ('x-a', b'1'); name and value must be bytes"),
        ([(b"x-a", "1")], "hold (b'x-a', '1'); name and value must be bytes"),
        ([(b"X-A", b"1")], "hold b'X-A'; names must be in lower case: b'x-a'"),
        ([(b":status", b"1")], "hold the pseudo-header b':status'; those are the server's to make"),
        ([(b"x a", b"1")], "hold the name b'x a', which is no token (RFC 9110 §5.1)"),
        ([(b"", b"1")], "hold the name b'', which is no token (RFC 9110 §5.1)"),
        ([(b"x-a\n", b"1")], "hold the name b'x-a\\n', which is no token (RFC 9110 §5.1)"),
        (
            [(b"x-a", b"1\r\nset-cookie: b=2")],
            "hold b'x-a' with CR, LF or NUL in its value b'1\\r\\nset-cookie: b=2' (RFC 9110 §5.5)",
        ),
        (
            [(b"x-a", b" 1")],
            "hold b'x-a' with white space around its value b' 1' (RFC 9110 §5.5)",
        ),
    ],
)
def test_wrong_fields_are_told_with_the_reason(fields: object, problem: str) -> None:
    """The first problem is told, with the name and value that cause it."""
    assert find_fields_problem(fields) == problem


def test_fields_that_can_be_read_only_once_are_refused() -> None:
    """An iterator of fields would be empty for the next middleware."""
    problem = find_fields_problem(iter([(b"x-a", b"1")]))
    assert problem is not None
    assert problem.endswith("which can be read only once; they must be a list")


@given(st.lists(st.tuples(st.binary(), st.binary())))
def test_no_bytes_at_all_make_it_raise(fields: list[tuple[bytes, bytes]]) -> None:
    """Whatever the bytes, the answer is a text or nothing."""
    assert isinstance(find_fields_problem(fields), str | None)


@given(st.binary())
def test_a_value_that_passes_cannot_end_the_field(value: bytes) -> None:
    """No accepted value has a line break or a NUL in it."""
    if find_fields_problem([(b"x-a", value)]) is None:
        assert not {*b"\r\n\0"} & {*value}
