"""This file is the host template: `{tenant}.example.com` as labels."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..exceptions import RouteConflict, RouteError
from ..record import frozen, set_field

# PERF: `re` compiles these when they are first needed, and keeps them (figure "import, CPU").
#: Part of a host name (RFC 1123 §2.1); the underscore is in use though not in the standard.
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_PARAMETER = r"\{([A-Za-z_][A-Za-z0-9_]*)\}"


@frozen
class HostTemplate:
    """A host name whose labels are texts or parameters; a parameter takes exactly one label of a host name."""

    text: str
    #: Each label with the name of its parameter, or `None` for a text.
    labels: tuple[tuple[str, str | None], ...]

    def __init__(self, text: str, labels: tuple[tuple[str, str | None], ...]) -> None:
        set_field(self, "text", text)
        set_field(self, "labels", labels)

    @property
    def parameters(self) -> list[str]:
        """The names of the parameters from left to right."""
        return [name for _, name in self.labels if name is not None]

    @property
    def is_static(self) -> bool:
        """Whether only one host matches it."""
        return not self.parameters

    def format(self, values: Mapping[str, Any]) -> str:
        """Return the host with *values* in the place of its parameters.

        Raises:
            KeyError: The value of a parameter is missing.
            ValueError: A value cannot be a label of a host name.
        """
        host = ".".join(text if name is None else str(values[name]).lower() for text, name in self.labels)
        if self.match(host) is None:
            raise ValueError(host)
        return host

    def match(self, host: str) -> dict[str, str] | None:
        """Return the parameters that *host*, in lower case and without its port, gives, or `None`."""
        labels = host.split(".")
        if len(labels) != len(self.labels):
            return None
        values: dict[str, str] = {}
        for label, (text, name) in zip(labels, self.labels, strict=True):
            if name is None and label == text:
                continue
            if name is None or re.fullmatch(_LABEL, label) is None:
                return None
            values[name] = label
        return values


def parse_host_template(text: str) -> HostTemplate:
    """Return the template that *text* writes.

    Raises:
        RouteError: A label is neither a name's part nor one `{parameter}`, or a parameter occurs twice.
    """
    given: Any = text
    if not isinstance(given, str):
        raise RouteError(f"A host is a str such as 'api.example.com', not {given!r:.100}.")
    labels: list[tuple[str, str | None]] = []
    for label in text.split("."):
        parameter = re.fullmatch(_PARAMETER, label)
        if parameter is None and re.fullmatch(_LABEL, label.lower()) is None:
            raise RouteError(
                f"{label!r} in the host {text!r} is neither part of a host name nor one parameter. "
                "Write it like 'api.example.com' or '{tenant}.example.com', without a port."
            )
        labels.append(("", parameter[1]) if parameter else (label.lower(), None))
    template = HostTemplate(".".join(f"{{{name}}}" if name else label for label, name in labels), tuple(labels))
    if len(set(template.parameters)) != len(template.parameters):
        raise RouteError(f"A parameter occurs twice in the host {text!r}.")
    return template


def rank_hosts(texts: Iterable[str]) -> list[HostTemplate]:
    """Return the templates that *texts* write, each once, in the order in which to try them: fewest parameters first.

    Raises:
        RouteConflict: Two differ in the names of their parameters alone, so that one would hide the other.
    """
    taken: dict[object, HostTemplate] = {}
    for text in texts:
        template = parse_host_template(text)
        other = taken.setdefault(tuple(label for label, _ in template.labels), template)
        if other.text != template.text:
            raise RouteConflict(
                f"The hosts {other.text!r} and {template.text!r} are the same but for the names of their parameters. "
                "Use the same names for both."
            )
    return sorted(taken.values(), key=lambda template: (len(template.parameters), template.text))
