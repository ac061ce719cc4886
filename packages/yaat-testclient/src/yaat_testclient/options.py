"""This file is the settings of a client, and what it takes from the HTTP library it is built on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

Lifespan = Literal["auto", "on", "off"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How a client treats its app.

    Args:
        raise_server_exceptions: Raise in the test what the app did not handle.
        strict: Hold every message against the ASGI specification.
        wait_for_background: Return from a call only when the app has ended its work on it.
        lifespan: Run it if the app supports it, insist on it, or leave it out.
        client: The address requests come from.
        root_path: Where the app is mounted, without a slash at the end.
        timeout_seconds: How long the app may take for a step of its lifespan; `None` for ever.

    Raises:
        ValueError: One of them makes no sense.
    """

    raise_server_exceptions: bool
    strict: bool
    wait_for_background: bool
    lifespan: Lifespan
    client: tuple[str, int]
    root_path: str
    timeout_seconds: float | None

    def __post_init__(self) -> None:
        if self.lifespan not in get_args(Lifespan):
            choices = ", ".join(map(repr, get_args(Lifespan)))
            raise ValueError(f"lifespan={self.lifespan!r} is none of {choices}.")
        if self.root_path and (self.root_path[0] != "/" or self.root_path[-1] == "/"):
            raise ValueError(f"root_path={self.root_path!r} must start with a slash and not end with one, like '/api'.")
        if self.timeout_seconds is not None and self.timeout_seconds <= 0:
            raise ValueError(f"timeout_seconds={self.timeout_seconds!r} must be more than 0; None waits for ever.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """What the transport takes from httpx or httpx2: what both share, and nothing else."""

    Response: Callable[..., Any]
    ByteStream: type[Any]
    ReadTimeout: Callable[[str], Exception]
    RemoteProtocolError: Callable[[str], Exception]
    UnsupportedProtocol: Callable[[str], Exception]
    SyncStream: Callable[..., Any]
    AsyncStream: Callable[..., Any]
