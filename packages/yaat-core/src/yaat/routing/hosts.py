"""This file is the host template: `{tenant}.example.com` as labels."""

import re
from dataclasses import dataclass

from ..exceptions import RouteError

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_PARAMETER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class HostTemplate:
    """A host name whose labels are texts or parameters; a parameter takes exactly one label."""

    text: str
    #: Each label with the name of its parameter, or `None` for a text.
    labels: tuple[tuple[str, str | None], ...]

    @property
    def is_static(self) -> bool:
        """Whether only one host matches it."""
        return all(name is None for _, name in self.labels)

    def match(self, host: str) -> dict[str, str] | None:
        """Return the parameters that *host*, in lower case and without its port, gives, or `None`."""
        labels = host.split(".")
        if len(labels) != len(self.labels):
            return None
        values: dict[str, str] = {}
        for label, (text, name) in zip(labels, self.labels, strict=True):
            if name is not None and label:
                values[name] = label
            elif label != text:
                return None
        return values


def parse_host_template(text: str) -> HostTemplate:
    """Return the template that *text* writes.

    Raises:
        RouteError: A label is neither a name's part (RFC 1123 §2.1) nor one `{parameter}`.
    """
    labels: list[tuple[str, str | None]] = []
    for label in text.split("."):
        parameter = _PARAMETER.fullmatch(label)
        if parameter is None and _LABEL.fullmatch(label.lower()) is None:
            raise RouteError(
                f"{label!r} in the host {text!r} is neither part of a host name nor one parameter. "
                "Write it like 'api.example.com' or '{tenant}.example.com', without a port."
            )
        labels.append(("", parameter[1]) if parameter else (label.lower(), None))
    return HostTemplate(".".join(f"{{{name}}}" if name else label for label, name in labels), tuple(labels))
