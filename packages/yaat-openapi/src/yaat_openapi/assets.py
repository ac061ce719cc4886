"""This file is what the page is made of beside itself: the files of Swagger UI, and two of our own.

Their names change with their content, so browsers keep them for ever and ask no more.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

from yaat.record import frozen
from yaat_swagger_ui import FILES, File

from .representation import IMMUTABLE, Representation

_FOLDER = Path(__file__).parent / "page_files"


@frozen
class Asset:
    """One file that a page loads.

    Attributes:
        name: By which the page asks for it; it holds a part of the digest of the content.
        media_type: Of the content.
        read: Gives the content, from the disk.
    """

    name: str
    media_type: str
    read: Callable[[], bytes]

    def represent(self) -> Representation:
        """Return what is served; this reads the disk."""
        headers = {"cache-control": IMMUTABLE, "x-content-type-options": "nosniff"}
        return Representation(self.read(), self.media_type, headers)


def _take(file: File) -> Asset:
    """Return a file of Swagger UI as an asset."""
    return Asset(name=file.hashed_name, media_type=file.media_type, read=file.read_bytes)


def _load(name: str, media_type: str) -> Asset:
    """Return a file of our own as an asset."""
    path = _FOLDER / name
    digest = sha256(path.read_bytes()).hexdigest()
    return Asset(name=f"{path.stem}.{digest[:12]}{path.suffix}", media_type=media_type, read=path.read_bytes)


#: By what the page calls them.
ASSETS: Mapping[str, Asset] = {
    "bundle": _take(FILES["swagger-ui-bundle.js"]),
    "style": _take(FILES["swagger-ui.css"]),
    "icon": _take(FILES["favicon-32x32.png"]),
    "redirect_script": _take(FILES["oauth2-redirect.js"]),
    "own_script": _load("initialise.js", "text/javascript"),
    "own_style": _load("page.css", "text/css"),
}
