"""What the values in ASGI scopes and messages may be."""

from http import HTTPStatus
from typing import Any

import pytest

from yaat_testclient import kinds


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("anything", object()),
        ("a_bool", True),
        ("a_dict", {}),
        ("a_dict_or_none", None),
        ("a_str", ""),
        ("a_str_or_none", None),
        ("an_int", 0),
        ("some_bytes", b""),
        ("bytes_or_none", None),
        ("a_list_of_bytes", (b"a", b"b")),
        ("a_list_of_str", []),
        ("a_method", "M-SEARCH"),
        ("a_scheme", "https"),
        ("a_status", 200),
        ("a_status", HTTPStatus.NOT_FOUND),
        ("a_status", 599),
        ("a_version", "3"),
        ("an_address", None),
        ("an_address", ["127.0.0.1", 80]),
        ("an_address", ("/run/app.sock", None)),
        ("a_close_code", 1000),
        ("a_close_code", 1014),
        ("a_close_code", 4999),
        ("a_close_reason", None),
        ("a_close_reason", "x" * 123),
    ],
)
def test_a_right_value_is_no_problem(name: str, value: Any) -> None:
    """A check returns nothing for a value of its kind."""
    assert getattr(kinds, name)(value) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a_bool", 1),
        ("a_dict", None),
        ("a_dict_or_none", []),
        ("a_str", b""),
        ("a_str_or_none", 0),
        ("an_int", True),
        ("some_bytes", bytearray()),
        ("bytes_or_none", ""),
        ("a_list_of_bytes", b"ab"),
        ("a_list_of_bytes", ["a"]),
        ("a_list_of_bytes", iter([b"a"])),
        ("a_list_of_str", "ab"),
        ("a_list_of_str", 7),
        ("a_method", "get"),
        ("a_method", ""),
        ("a_method", b"GET"),
        ("a_scheme", ""),
        ("a_status", "200"),
        ("a_status", 103),
        ("a_status", 600),
        ("a_version", 1.1),
        ("an_address", "127.0.0.1"),
        ("an_address", ["127.0.0.1"]),
        ("an_address", [b"127.0.0.1", 80]),
        ("an_address", ["127.0.0.1", "80"]),
        ("a_close_code", 999),
        ("a_close_code", 1005),
        ("a_close_code", 1006),
        ("a_close_code", 1015),
        ("a_close_code", 5000),
        ("a_close_code", "1000"),
        ("a_close_reason", b"bye"),
        ("a_close_reason", "é" * 62),
    ],
)
def test_a_wrong_value_is_named_with_what_it_must_be(name: str, value: Any) -> None:
    """A check tells the value and the kind it should have been."""
    problem = getattr(kinds, name)(value)
    assert problem is not None
    assert problem.startswith(f"is {value!r}; it must be ")
