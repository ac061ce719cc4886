"""This file is a document as text: JSON and YAML."""

import json
import re
from functools import cache
from typing import Any, Literal, get_args

from yaat.exceptions import ConfigurationError
from yaat.json_codec import encode_json

Format = Literal["json", "yaml"]
FORMATS: tuple[Format, ...] = get_args(Format)
#: RFC 8259 and RFC 9512.
MEDIA_TYPES = {"json": "application/json", "yaml": "application/yaml"}


def format_json(document: Any) -> bytes:
    """Return a document in JSON.

    Raises:
        ConfigurationError: It holds something that JSON cannot.
    """
    try:
        return encode_json(document)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            f"The OpenAPI document cannot be written as JSON: {error}. "
            "Look at openapi= and responses= of the routes, and at plugins that add to the document."
        ) from error


def format_yaml(document: Any) -> bytes:
    """Return a document in YAML, with everything in the same order as in JSON.

    Raises:
        ConfigurationError: It holds something that JSON cannot.
    """
    import yaml  # noqa: PLC0415 - most apps are never asked for it

    plain = json.loads(format_json(document))
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # Written in C, where that is there.
    text: str = yaml.dump(plain, Dumper=dumper, sort_keys=False, allow_unicode=True, width=120)
    return text.encode()


def format_document(document: Any, form: Format) -> bytes:
    """Return a document in one of `FORMATS`.

    Raises:
        ConfigurationError: It holds something that JSON cannot.
    """
    return format_yaml(document) if form == "yaml" else format_json(document)


# --- the other way ---

#: How plain words are read: as OpenAPI asks for it (OpenAPI 3.1 §4.2), so a date, a time and a `yes` are texts.
_WORDS = {
    "null": r"~|null|",
    "bool": r"true|false",
    "int": r"-?(?:0|[1-9][0-9]*)",
    "float": r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?",
}


def parse_yaml(text: str) -> Any:
    """Return the value that a text in YAML has.

    Raises:
        ValueError: It is none.
    """
    import yaml  # noqa: PLC0415 - as above

    try:
        return yaml.load(text, _make_loader())
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(str(error)) from error


@cache
def _make_loader() -> Any:
    """Return what reads YAML, by the rules of JSON for plain words."""
    import yaml  # noqa: PLC0415 - as above

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {}  # noqa: RUF012 - that is how yaml has it

    for kind, pattern in _WORDS.items():
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(rf"(?:{pattern})$"), None)
    return Loader
