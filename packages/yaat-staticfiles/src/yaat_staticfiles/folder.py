"""This file is the folder: it leads from the path of a URL to a file below it, and never elsewhere.

The law here: a path that could lead out of the folder, in whatever spelling, is no path of a file in it.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

#: Longer than the path of any file that a system opens.
MAX_PATH_CHARACTERS = 4096

#: Devices of Windows, which are in every folder and have any suffix.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ ]*(?:[.:].*)?", re.IGNORECASE)
#: The one hidden name that is meant for everybody (RFC 8615).
_WELL_KNOWN = ".well-known"


def split_path(path: str, *, has_hidden: bool = False, is_windows: bool = os.name == "nt") -> list[str] | None:
    """Return the names that a path is made of, or `None` for a path that no file can have.

    Args:
        path: Decoded, without a slash before it.
        has_hidden: Whether names may begin with a dot.
        is_windows: Whether Windows is to open it, where more has a meaning.
    """
    if len(path) > MAX_PATH_CHARACTERS or "\0" in path or "\\" in path:
        return None
    names = path.split("/")
    for name in names:
        if name in ("", ".", "..") or (name[0] == "." and not has_hidden and name != _WELL_KNOWN):
            return None
        if is_windows and (":" in name or name[-1] in ". " or _DEVICE.fullmatch(name)):
            return None
    return names


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """One folder whose files are served.

    Attributes:
        root: Where it is, absolute.
        follows_symlinks: Whether links in it count, wherever they lead. A link that leads to the folder always does.
    """

    root: str
    follows_symlinks: bool = False

    def join(self, names: list[str]) -> str:
        """Return where the file would be."""
        return str(Path(self.root, *names))

    def resolve(self, names: list[str]) -> str:
        """Return where the file is, without any symbolic link in the path.

        Raises:
            OSError: It does not exist, or only by way of links that do not count.
            ValueError: No file can have such a name.
        """
        real = os.path.realpath(self.join(names), strict=True)
        if self.follows_symlinks:
            return real
        wanted = str(Path(os.path.realpath(self.root), *names))
        if os.path.normcase(real) != os.path.normcase(wanted):
            raise FileNotFoundError(f"{wanted} is a symbolic link, or below one.")
        return real
