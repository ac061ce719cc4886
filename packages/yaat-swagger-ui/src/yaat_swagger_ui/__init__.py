"""This file is all of Swagger UI that a page needs: the files by name, each with its digest, and their version.

The law here: nothing is fetched from anywhere, and nothing depends on the rest of Yaat.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

__all__ = ["FILES", "FOLDER", "LICENCES", "VERSION", "File"]

#: Where the files are.
FOLDER = Path(__file__).parent / "files"
#: What each name ends in, and what a server says of it.
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png", ".txt": "text/plain"}
#: As many letters of a digest as tell two releases of one file apart.
_SHORT_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file, as it was published.

    Attributes:
        name: As Swagger UI calls it.
        sha256: The SHA-256 digest of its content, in hexadecimal digits.
    """

    name: str
    sha256: str

    @property
    def path(self) -> Path:
        """Where it is."""
        return FOLDER / self.name

    @property
    def media_type(self) -> str:
        """What it is to a browser."""
        return _MEDIA_TYPES.get(self.path.suffix, "text/plain")

    @property
    def hashed_name(self) -> str:
        """A name that changes with the content, so that a browser may keep it for ever: `swagger-ui.1c4e9a….css`."""
        return f"{self.path.stem}.{self.sha256[:_SHORT_LENGTH]}{self.path.suffix}"

    def read_bytes(self) -> bytes:
        """Return the content, from the disk.

        Raises:
            ValueError: It is not the content that was published.
        """
        content = self.path.read_bytes()
        if sha256(content).hexdigest() != self.sha256:
            raise ValueError(f"{self.path} is not as it was published. Install yaat-swagger-ui again.")
        return content


def _list_files(names: Mapping[str, str]) -> Mapping[str, File]:
    """Return a part of the manifest as files."""
    return MappingProxyType({name: File(name=name, sha256=digest) for name, digest in names.items()})


_MANIFEST = json.loads((FOLDER / "manifest.json").read_text("utf-8"))

#: The version of Swagger UI.
VERSION: str = _MANIFEST["version"]
#: What a page needs, by name.
FILES = _list_files(_MANIFEST["files"])
#: The licences and the notice that go with them, by name.
LICENCES = _list_files(_MANIFEST["licences"])
