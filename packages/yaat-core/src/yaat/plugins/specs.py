"""This file is the list of what the core specifies, and of what it once did; `yaat_addhooks` adds to the first."""

from collections.abc import Mapping
from types import MappingProxyType

from .contributions import Contributions
from .formats import Formats
from .lifecycle import Lifecycle

#: Classes that mark hooks with `hookspec`, each in call order.
SPECIFICATIONS: tuple[type, ...] = (Lifecycle, Formats, Contributions)

#: Hooks that are specified no more, by name: a sentence that says what to do instead, and since when.
#:
#: Before a hook comes here it is deprecated for one minor version of the hook API at least, by
#: `@hookspec(warn_on_impl=DeprecationWarning("…"))`, which warns of each implementation when the app is built.
REMOVED_HOOKS: Mapping[str, str] = MappingProxyType({})
