"""This file is what became of each plugin, for reports."""

from typing import Literal

from ..provenance import Owner
from ..record import frozen

State = Literal["active", "blocked", "failed", "replaced"]


@frozen
class PluginStatus:
    """What became of one plugin, and why.

    Attributes:
        owner: Its name, distribution and version; the last two as far as they are known.
        state: Only an active plugin contributes anything.
        reason: Half a sentence, such as `installed` or `named in YAAT_BLOCK`.
        hooks: The hooks that it implements, in alphabetical order; none when it is not active.
    """

    owner: Owner
    state: State
    reason: str
    hooks: tuple[str, ...] = ()
