"""This file is how long caches may keep which file (RFC 9111)."""

import re
from collections.abc import Mapping
from datetime import timedelta
from fnmatch import translate

from yaat.cache_control import CacheControl
from yaat.exceptions import ConfigurationError
from yaat.headers import InvalidHeader, encode_value

from .options import Policy

#: Caches ask before each use, and are told that nothing has changed: never stale, and nothing is sent twice.
ASK_FIRST = str(CacheControl(no_cache=True))
#: A new content has a new name, so what is under this one stays as it is (RFC 8246). A year is the usual "for ever".
FOR_EVER = str(CacheControl(max_age=timedelta(days=365), immutable=True))

#: A hash in a name, such as that of `app.3f2a1b9c.css`: hexadecimal, and neither a number nor a date nor a word.
_HASH = re.compile(r"[.-](?=[0-9a-f]*+[.-])(?=[a-f]*+[0-9])(?=[0-9]*+[a-f])[0-9a-f]{8,64}[.-]")


class CacheRules:
    """The Cache-Control of each file.

    Args:
        given: One policy for all files, or policies by pattern: `*` stands for any text, slashes included. The first
            pattern that fits the path counts. What none fits is kept for ever if its name holds a hash of its content,
            and else asked for before each use.

    Raises:
        ConfigurationError: A policy cannot stand in a header.
    """

    def __init__(self, given: Policy | Mapping[str, Policy] | None = None) -> None:
        by_pattern = given if isinstance(given, Mapping) else {} if given is None else {"*": given}
        self._rules = [(re.compile(translate(pattern)), _check(policy)) for pattern, policy in by_pattern.items()]

    def find(self, path: str) -> str | None:
        """Return what the app says about the file at *path*, or `None` if it says nothing."""
        return next((policy for pattern, policy in self._rules if pattern.fullmatch(path)), None)


def has_hash(path: str) -> bool:
    """Return whether the name of the file at *path* holds a hash, so that other content has another name."""
    return _HASH.search(path.rpartition("/")[2]) is not None


def _check(policy: Policy) -> str:
    """Return *policy* as the text of a header."""
    try:
        return encode_value(str(policy)).decode("latin-1")
    except InvalidHeader as error:
        raise ConfigurationError(f"cache_control= has a value that no header can hold. {error}") from error
