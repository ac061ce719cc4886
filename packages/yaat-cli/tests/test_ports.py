"""The address to serve on."""

import socket

import pytest

from yaat_cli.errors import CommandFailed
from yaat_cli.ports import check_port, format_url, open_socket


def test_a_port_in_use_is_one_sentence_and_the_fix() -> None:
    """With another port to take."""
    with open_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandFailed) as caught:
            check_port("127.0.0.1", port)
    assert caught.value.message == (
        f"Port {port} of 127.0.0.1 is in use.\nStop what has it, or take another: --port {port + 1}"
    )
    check_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "not a host", "ü..", "a" * 64 + "ü"])
def test_an_address_of_somebody_else_is_refused(host: str) -> None:
    """With what always works."""
    with pytest.raises(CommandFailed, match="Try --host 127.0.0.1"):
        open_socket(host, 8000)


def test_a_port_that_is_none_is_refused() -> None:
    """Instead of an error from deep inside."""
    with pytest.raises(CommandFailed, match="cannot be served on"):
        open_socket("127.0.0.1", 70000)


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python knows no IPv6")
def test_an_address_with_colons_is_ipv6() -> None:
    """It is written in brackets."""
    assert format_url("::1", 8000) == "http://[::1]:8000"
    with pytest.raises(CommandFailed, match="2001:db8::1:8000 cannot be served on"):
        open_socket("2001:db8::1", 8000)


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("shop.test", "shop.test")])
def test_what_is_printed_can_be_opened(host: str, shown: str) -> None:
    """No browser opens 0.0.0.0."""
    assert format_url(host, 80) == f"http://{shown}:80"
