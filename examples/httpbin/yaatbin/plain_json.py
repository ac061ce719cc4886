"""This file is a plugin: JSON that people can read, with sorted names and a line for each value."""

import json
from typing import Any

from yaat import Plugin, hookimpl
from yaat.json_codec import decode_json
from yaat.records import JSONCodec


def encode(value: Any) -> bytes:
    """Return *value* as JSON over several lines, with a newline at the end for terminals."""
    return json.dumps(value, indent=2, sort_keys=True, allow_nan=False).encode() + b"\n"


class PlainJSON(Plugin):
    """All JSON of the app, problem documents included, is written for people."""

    name = "plain-json"

    @hookimpl
    def yaat_json_codec(self, app: Any) -> JSONCodec:
        return JSONCodec(encode=encode, decode=decode_json)
