"""This file is what is served: the documents and their pages, made once when the app is built."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import lru_cache
from posixpath import dirname, relpath
from typing import Any

from yaat.exceptions import ConfigurationError, NotFound
from yaat.response import Response

from .assets import ASSETS
from .document import Document, Written, place_below
from .options import DEFAULT, Documents, OpenAPIOptions
from .page import HEADERS, Page, format_redirect
from .representation import Representation
from .text import FORMATS, MEDIA_TYPES, Format, format_document

#: A server has one root path, or a few when proxies name it; more are made again each time.
MAX_ROOT_PATHS = 4

Handler = Callable[..., Awaitable[Response]]
#: Where the files of the pages are, from the first page.
_ASSETS_BELOW = "assets"


class Publication:
    """The documents of one app. `app.extensions["openapi"]` is one.

    Args:
        options: What the app says about its documents, by name.
    """

    def __init__(self, options: Documents) -> None:
        self.options = options
        self._written: dict[str, Written] = {}
        self._represent = lru_cache(MAX_ROOT_PATHS * len(FORMATS) * len(options))(self._make_representation)
        self._pages: dict[tuple[str, bool], Representation] = {}
        self._assets: dict[str, Representation] = {}

    @property
    def document(self) -> Document:
        """The document that every app has, to look at.

        Raises:
            ConfigurationError: The app is not built yet.
        """
        return self.documents[DEFAULT]

    @property
    def documents(self) -> Mapping[str, Document]:
        """All documents by name, to look at.

        Raises:
            ConfigurationError: The app is not built yet.
        """
        if not self._written:
            raise ConfigurationError("There is no OpenAPI document before the app is built. Call app.build() first.")
        return {name: written.document for name, written in self._written.items()}

    @property
    def collisions(self) -> Mapping[str, Mapping[str, Any]]:
        """For each document the components that types with one name have become, by that name."""
        return {name: written.collisions for name, written in self._written.items()}

    def publish(self, written: Mapping[str, Written]) -> None:
        """Make what is served of the documents.

        Raises:
            ConfigurationError: One holds something that JSON cannot.
        """
        self._written = dict(written)
        self._represent.cache_clear()
        for name in self._written:
            self._represent(name, "json", "")
        self._pages = {
            (name, has_slash): self._make_page(name, options, has_slash=has_slash)
            for name, options in self.options.items()
            if options.page_url is not None
            for has_slash in (False, True)
        }

    def list_places(self) -> Iterator[tuple[str, str, Handler]]:
        """Yield all that is served: its name for `url_for`, its path and its handler."""
        for name, options in self.options.items():
            ending = "" if name == DEFAULT else f":{name}"
            if options.openapi_url is not None:
                yield f"json{ending}", options.openapi_url, self._serve_document(name, "json")
            if options.yaml_url is not None:
                yield f"yaml{ending}", options.yaml_url, self._serve_document(name, "yaml")
            if options.page_url is not None:
                yield f"docs{ending}", options.page_url, self._serve_page(name)
        folder = self._find_folder()
        if folder is not None:
            yield "oauth2-redirect", f"{folder}/oauth2-redirect", self._serve_redirect()
            yield "asset", f"{folder}/{_ASSETS_BELOW}/{{name}}", self._serve_assets()

    # --- handlers ---

    def _serve_document(self, name: str, form: Format) -> Handler:
        """Return what answers with a document."""

        async def serve(request: Any) -> Response:
            root_path = (request.scope.get("root_path") or "").rstrip("/")
            if form == "json":
                return self._represent(name, form, root_path).respond(request)
            # Long documents take their time in YAML.
            represented: Representation = await request.app.threads.run(self._represent, name, form, root_path)
            return represented.respond(request)

        return serve

    def _serve_page(self, name: str) -> Handler:
        """Return what answers with a page."""

        async def serve(request: Any) -> Response:
            # Links that are relative lead elsewhere from a path with a slash at its end.
            return self._pages[name, request.path.endswith("/")].respond(request)

        return serve

    def _serve_assets(self) -> Handler:
        """Return what answers with the files of the pages. Each is read when it is first asked for."""
        assets = {asset.name: asset for asset in ASSETS.values()}

        async def serve(request: Any, name: str) -> Response:
            if name not in assets:
                raise NotFound
            if name not in self._assets:
                self._assets[name] = await request.app.threads.run(assets[name].represent)
            return self._assets[name].respond(request)

        return serve

    def _serve_redirect(self) -> Handler:
        """Return what answers with the page to which a log-in by OAuth 2 leads back."""
        links = {name: f"{_ASSETS_BELOW}/{asset.name}" for name, asset in ASSETS.items()}
        page = Representation(format_redirect(links).encode(), "text/html", HEADERS)

        async def serve(request: Any) -> Response:
            return page.respond(request)

        return serve

    # --- what is served ---

    def _make_representation(self, name: str, form: Format, root_path: str) -> Representation:
        """Return a document as it is served below a root path."""
        document = place_below(self.documents[name], root_path)
        return Representation(format_document(document, form), MEDIA_TYPES[form])

    def _make_page(self, name: str, options: OpenAPIOptions, *, has_slash: bool) -> Representation:
        """Return the page of a document.

        Its links are relative, so they are right below every mount and every root path.

        Args:
            name: Of the document.
            options: Of the document.
            has_slash: Whether the path of the page, as the browser has it, ends with a slash.
        """
        own = (options.page_url or "").rstrip("/")
        here = own if has_slash else dirname(own)
        folder = self._find_folder()
        page = Page(
            title=options.title,
            url=relpath(options.openapi_url or "", here or "/"),
            redirect=relpath(f"{folder}/oauth2-redirect", here or "/"),
            assets={
                each: relpath(f"{folder}/{_ASSETS_BELOW}/{asset.name}", here or "/") for each, asset in ASSETS.items()
            },
            options=options.swagger_ui,
            documents={
                each: relpath(other.page_url, here or "/")
                for each, other in self.options.items()
                if other.page_url is not None
            },
        )
        return Representation(page.format().encode(), "text/html", HEADERS)

    def _find_folder(self) -> str | None:
        """Return the path below which the files of the pages are; `None` where there is no page."""
        urls = [options.page_url for options in self.options.values() if options.page_url is not None]
        return urls[0].rstrip("/") if urls else None
