"""This file is the address to serve on: binding it, and saying in one sentence why it cannot be."""

import errno
import os
import socket

from .errors import CommandFailed

#: A port below this one needs rights that a developer should not have (RFC 6335 §6).
_FIRST_FREE = 1024


def open_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens; its address is in use by nobody else.

    Raises:
        CommandFailed: The address is taken, forbidden, or not of this computer.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # On Windows the option lets two servers have one port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, OverflowError, TypeError) as error:  # The last is for names that no host can have (IDNA).
        listener.close()
        raise CommandFailed(*_explain(host, port, error)) from error
    return listener


def check_port(host: str, port: int) -> None:
    """See that a server could have the address.

    Raises:
        CommandFailed: It could not.
    """
    open_socket(host, port).close()


def format_url(host: str, port: int) -> str:
    """Return what to write into a browser."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _explain(host: str, port: int, error: Exception) -> tuple[str, str]:
    """Return what is wrong with the address, and what to do."""
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use.", f"Stop what has it, or take another: --port {port + 1}"
    if number == errno.EACCES and port < _FIRST_FREE:
        return f"Port {port} needs more rights than you have.", "Take one from 1024 up: --port 8000"
    return f"{host}:{port} cannot be served on: {error}.", "Try --host 127.0.0.1 --port 8000"
