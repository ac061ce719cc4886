"""This file is the two markers of Yaat's hooks, and the version of the hooks they mark."""

from typing import Final

import pluggy

#: The project that pluggy files Yaat's hooks under; also the group of the entry points.
PROJECT: Final = "yaat"

#: The version of the hooks, apart from the version of the core. The first number grows when plugins
#: would break, the second when a hook or an argument of a hook is added.
HOOK_API: Final = (1, 0)

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
