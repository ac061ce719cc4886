"""This file is Content-Disposition: under which name a browser saves a file (RFC 6266)."""

import re
from typing import Literal
from urllib.parse import quote

#: Save it, or show it.
Disposition = Literal["attachment", "inline"]

#: What may be in no name of a file, or lead out of the folder that it is saved in (RFC 6266 §4.3).
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u2028\u2029]")
#: What clients disagree about inside of quotes (RFC 6266, appendix D), and what is not ASCII.
_UNQUOTABLE = re.compile(r'[^ !#$&-\[\]-~]|[%\\"]')
#: What may stand in a `filename*` as it is (RFC 8187 §3.2.1).
_ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"


def format_disposition(kind: Disposition, filename: str | None) -> str:
    """Return the value of the field.

    Control characters and slashes in *filename* become `_`, whatever they were meant to do. A name beyond ASCII is
    there twice: as good as ASCII can, for old clients, and as it is (RFC 6266 §4.3).
    """
    if filename is None:
        return kind
    name = _UNSAFE.sub("_", filename)
    plain = _UNQUOTABLE.sub("_", name)
    value = f'{kind}; filename="{plain}"'
    if plain == name:
        return value
    return f"{value}; filename*=UTF-8''{quote(name, safe=_ATTRIBUTE_CHARACTERS, errors='replace')}"
