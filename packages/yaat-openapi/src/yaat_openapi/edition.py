"""This file is what is sent to those who ask for documents and pages, each made once.

`publication.py` imports it when somebody asks first: the files of Swagger UI and what conditional requests need are a
third of what the plugin would cost at start-up, and most processes of an app are never asked.
"""

from collections.abc import Mapping
from functools import lru_cache
from posixpath import dirname, relpath

from .assets import ASSETS
from .document import Document, place_below
from .options import ASSETS_BELOW, Documents, OpenAPIOptions, find_folder
from .page import HEADERS, Page, format_redirect
from .representation import Representation
from .text import FORMATS, MEDIA_TYPES, Format, format_document

#: A server has one root path, or a few when proxies name it; more are made again each time.
MAX_ROOT_PATHS = 4
#: Where the files of the pages are from beside them, by what the page calls them.
_LINKS: Mapping[str, str] = {name: f"{ASSETS_BELOW}/{asset.name}" for name, asset in ASSETS.items()}


class Edition:
    """All that is sent.

    Args:
        options: What the app says about its documents, by name.
        documents: They, by name.
    """

    def __init__(self, options: Documents, documents: Mapping[str, Document]) -> None:
        self._options = options
        self._documents = documents
        #: From the name of a document, a format and a root path to the document as it is there.
        self.represent = lru_cache(MAX_ROOT_PATHS * len(FORMATS) * len(options))(self._represent)
        #: By the name of the document, and whether the path of the page, as the browser has it, ends with a slash.
        self.pages = {
            (name, has_slash): self._make_page(each, has_slash=has_slash)
            for name, each in options.items()
            if each.page_url is not None
            for has_slash in (False, True)
        }
        #: The page to which a log-in by OAuth 2 leads back.
        self.redirect = Representation(format_redirect(_LINKS).encode(), "text/html", HEADERS)
        #: The files of the pages by the names that browsers know.
        self.assets = {asset.name: asset for asset in ASSETS.values()}
        self.read_asset = lru_cache(len(ASSETS))(self._read_asset)
        for name in documents:
            self.represent(name, "json", "")

    def _read_asset(self, name: str) -> Representation:
        """Return one of the files of the pages, from the disk."""
        return self.assets[name].represent()

    def _represent(self, name: str, form: Format, root_path: str) -> Representation:
        """Return a document as it is served below a root path."""
        document = place_below(self._documents[name], root_path)
        return Representation(format_document(document, form), MEDIA_TYPES[form])

    def _make_page(self, options: OpenAPIOptions, *, has_slash: bool) -> Representation:
        """Return the page of a document.

        Its links are relative, so they are right below every mount and every root path.

        Args:
            options: Of the document.
            has_slash: Whether the path of the page, as the browser has it, ends with a slash.
        """
        folder = find_folder(self._options)
        own = (options.page_url or "").rstrip("/")
        here = (own if has_slash else dirname(own)) or "/"
        page = Page(
            title=options.title,
            url=relpath(options.openapi_url or "", here),
            redirect=relpath(f"{folder}/oauth2-redirect", here),
            assets={each: relpath(f"{folder}/{link}", here) for each, link in _LINKS.items()},
            options=options.swagger_ui,
            documents={
                each: relpath(other.page_url, here)
                for each, other in self._options.items()
                if other.page_url is not None
            },
        )
        return Representation(page.format().encode(), "text/html", HEADERS)
