"""This file is what an app can say about its files, as types and defaults."""

import os

from yaat.cache_control import CacheControl

#: A path, as `open` takes it.
AnyPath = str | os.PathLike[str]
#: A package with a folder `static`, or a package and the name of its folder.
Package = str | tuple[str, str]
#: What an app says about caches: a text, or the same with its directives checked against each other.
Policy = str | CacheControl

#: For files that are kept in memory.
DEFAULT_CACHE_BYTES = 16 * 1024 * 1024
#: Where files are below the prefix.
FILE_PATH = "/{path:path}"
