"""This file is the limits of forms: how much of what a client may send."""

from collections.abc import Mapping
from typing import Any

from yaat.exceptions import ConfigurationError
from yaat.record import frozen, replace

_KIB = 1024
_MIB = 1024 * 1024
#: Limits that may be `None`: what is so large is limited by the content of the request as a whole.
_OPTIONAL = frozenset({"max_file_bytes", "max_total_bytes"})


@frozen
class FormLimits:
    """What a form may hold at most. Each limit is enforced while the content arrives.

    The limit of the route for its content, `max_body_bytes`, holds as well, and comes first.

    Attributes:
        max_fields: How many fields; as many as the core allows in a query.
        max_files: How many files. Each may take a file descriptor.
        max_field_bytes: The value of one field, which is held in memory.
        max_file_bytes: One file; `None` leaves it to the limits for the whole content.
        max_header_bytes: The headers of one part together; a precedent is what servers allow a request.
        max_memory_bytes: The values of all fields together; and what `Part.read` takes into memory at once.
        max_total_bytes: The whole content; `None` leaves it to `max_body_bytes` of the route.

    Raises:
        ConfigurationError: A limit is no number of things from 0 up.
    """

    max_fields: int = 1000
    max_files: int = 100
    max_field_bytes: int = _MIB
    max_file_bytes: int | None = None
    max_header_bytes: int = 8 * _KIB
    max_memory_bytes: int = 16 * _MIB
    max_total_bytes: int | None = None

    def __post_init__(self) -> None:
        for name in FormLimits.__annotations__:
            value = getattr(self, name)
            if value is None and name in _OPTIONAL:
                continue
            if type(value) is not int or value < 0:
                none = " or None" if name in _OPTIONAL else ""
                raise ConfigurationError(f"{name} is a whole number from 0 up{none}, not {value!r}.")

    def override(self, given: Any) -> "FormLimits":
        """Return these limits with those of a route in their place.

        Args:
            given: Other limits, which replace all of these; a mapping of names to values, which replaces some; or
                `None`, which replaces none.

        Raises:
            ConfigurationError: It is something else, or names no limit.
        """
        if given is None:
            return self
        if isinstance(given, FormLimits):
            return given
        if not isinstance(given, Mapping):
            raise ConfigurationError(f'form_limits= takes FormLimits or a mapping {{"max_files": 3}}, not {given!r}.')
        known = list(FormLimits.__annotations__)
        unknown = sorted(str(name) for name in given if name not in known)
        if unknown:
            raise ConfigurationError(f"form_limits= has {unknown[0]!r}. The limits of a form are: {', '.join(known)}.")
        return replace(self, **given)


DEFAULT_LIMITS = FormLimits()
