"""This file is the list of what the core specifies; `yaat_addhooks` is where plugins add to it."""

from .contributions import Contributions
from .formats import Formats
from .lifecycle import Lifecycle

#: Classes that mark hooks with `hookspec`, each in call order.
SPECIFICATIONS: tuple[type, ...] = (Lifecycle, Formats, Contributions)
