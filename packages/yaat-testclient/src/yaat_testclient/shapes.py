"""This file is what every ASGI scope and message must look like: its keys, and what each may hold.

The tables stand for the "Keys" lists of the ASGI specification (HTTP & WebSocket 2.5, Lifespan 2.0
and "Extensions"). Keys that are not listed are no mistake: the specification wants them ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import kinds
from .fields import find_fields_problem
from .kinds import Check


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a scope or a message."""

    check: Check
    is_required: bool = False


Shape = Mapping[str, Key]

#: What the scopes of HTTP and WebSocket share. The names of request headers may have capitals.
CONNECTION: Shape = {
    "asgi": Key(kinds.a_dict, is_required=True),
    "http_version": Key(kinds.a_version),
    "scheme": Key(kinds.a_scheme),
    "path": Key(kinds.a_str, is_required=True),
    "raw_path": Key(kinds.bytes_or_none),
    "root_path": Key(kinds.a_str),
    "query_string": Key(kinds.bytes_or_none),
    "headers": Key(kinds.anything, is_required=True),
    "client": Key(kinds.an_address),
    "server": Key(kinds.an_address),
    "state": Key(kinds.a_dict_or_none),
    "extensions": Key(kinds.a_dict_or_none),
}

SCOPES: Mapping[str, Shape] = {
    "http": {
        **CONNECTION,
        "http_version": Key(kinds.a_version, is_required=True),
        "method": Key(kinds.a_method, is_required=True),
        "query_string": Key(kinds.some_bytes, is_required=True),
    },
    "websocket": {**CONNECTION, "subprotocols": Key(kinds.a_list_of_str)},
    "lifespan": {
        "asgi": Key(kinds.a_dict, is_required=True),
        "state": Key(kinds.a_dict_or_none),
    },
}

START: Shape = {
    "status": Key(kinds.a_status, is_required=True),
    "headers": Key(find_fields_problem),
    "trailers": Key(kinds.a_bool),
}
BODY: Shape = {"body": Key(kinds.some_bytes), "more_body": Key(kinds.a_bool)}
#: Exactly one of the two must not be `None`; the referee sees to that.
DATA: Shape = {"bytes": Key(kinds.bytes_or_none), "text": Key(kinds.a_str_or_none)}
FAILED: Shape = {"message": Key(kinds.a_str)}

#: What a server gives to an app, by scope type.
GIVEN: Mapping[str, Mapping[str, Shape]] = {
    "http": {"http.request": BODY, "http.disconnect": {}},
    "websocket": {
        "websocket.connect": {},
        "websocket.receive": DATA,
        # Any code may arrive here, the reserved ones too.
        "websocket.disconnect": {"code": Key(kinds.an_int), "reason": Key(kinds.a_str_or_none)},
    },
    "lifespan": {"lifespan.startup": {}, "lifespan.shutdown": {}},
}

#: What an app sends to a server, by scope type.
SENT: Mapping[str, Mapping[str, Shape]] = {
    "http": {
        "http.response.start": START,
        "http.response.body": BODY,
        "http.response.trailers": {
            "headers": Key(find_fields_problem, is_required=True),
            "more_trailers": Key(kinds.a_bool),
        },
        "http.response.push": {
            "path": Key(kinds.a_str, is_required=True),
            "headers": Key(find_fields_problem, is_required=True),
        },
        "http.response.zerocopysend": {
            "file": Key(kinds.anything, is_required=True),
            "offset": Key(kinds.an_int),
            "count": Key(kinds.an_int),
            "more_body": Key(kinds.a_bool),
        },
        "http.response.pathsend": {"path": Key(kinds.a_str, is_required=True)},
        "http.response.early_hint": {"links": Key(kinds.a_list_of_bytes, is_required=True)},
        "http.response.debug": {"info": Key(kinds.a_dict, is_required=True)},
    },
    "websocket": {
        "websocket.accept": {
            "subprotocol": Key(kinds.a_str_or_none),
            "headers": Key(find_fields_problem),
        },
        "websocket.send": DATA,
        "websocket.close": {"code": Key(kinds.a_close_code), "reason": Key(kinds.a_close_reason)},
        "websocket.http.response.start": START,
        "websocket.http.response.body": BODY,
    },
    "lifespan": {
        "lifespan.startup.complete": {},
        "lifespan.startup.failed": FAILED,
        "lifespan.shutdown.complete": {},
        "lifespan.shutdown.failed": FAILED,
    },
}

#: The entry of ``scope["extensions"]`` that a message needs (ASGI "Extensions").
EXTENSIONS: Mapping[str, str] = {
    "http.response.trailers": "http.response.trailers",
    "http.response.push": "http.response.push",
    "http.response.zerocopysend": "http.response.zerocopysend",
    "http.response.pathsend": "http.response.pathsend",
    "http.response.early_hint": "http.response.early_hint",
    "http.response.debug": "http.response.debug",
    "websocket.http.response.start": "websocket.http.response",
    "websocket.http.response.body": "websocket.http.response",
}


def find_shape_problem(values: Mapping[str, Any], shape: Shape) -> str | None:
    """Say what is wrong with the keys of a scope or message, if anything is."""
    for name, key in shape.items():
        if name in values:
            problem = key.check(values[name])
            if problem is not None:
                return f"its {name!r} {problem}"
        elif key.is_required:
            return f"it has no {name!r}"
    return None
