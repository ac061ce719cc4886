"""This file reads the manifest that a bundler writes: which name with a hash belongs to which source."""

import json
from pathlib import Path
from typing import Any

from yaat.exceptions import ConfigurationError

from .origin import find_caller


def read_manifest(path: Path) -> dict[str, str]:
    """Return the paths of built files by the names of their sources.

    Three forms are understood: `{"app.css": "app.3f2a.css"}`; Vite's, in which each name has an object with `file`;
    and one with all of this below `paths`.

    Raises:
        ConfigurationError: The file does not exist or is in no such form; the message says where.
    """
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"The manifest {path} cannot be read: {error}\n    {find_caller()}\nBuild it first, or correct manifest=."
        ) from error
    names = content.get("paths", content) if isinstance(content, dict) else None
    if not isinstance(names, dict) or not names:
        raise ConfigurationError(f"The manifest {path} names no files.\n    {find_caller()}\nCorrect manifest=.")
    return {name: _find_file(path, name, entry) for name, entry in names.items()}


def _find_file(path: Path, name: str, entry: Any) -> str:
    """Return the path in an entry of a manifest.

    Raises:
        ConfigurationError: It has none.
    """
    file = entry.get("file") if isinstance(entry, dict) else entry
    if not isinstance(file, str) or not file.strip("/"):
        raise ConfigurationError(
            f"The manifest {path} says {entry!r:.100} for {name!r}, which is no path.\n    {find_caller()}\n"
            'Understood are {"name": "file"} and {"name": {"file": "file"}}.'
        )
    return file.lstrip("/")
