"""This file is the documents of an app, and what is served of them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Protocol

from yaat.exceptions import ConfigurationError, NotFound
from yaat.response import Response

from .document import Document, Written
from .options import ASSETS_BELOW, DEFAULT, Documents, find_folder
from .text import Format, format_json

Handler = Callable[..., Awaitable[Response]]


class Ready(Protocol):
    """What can be sent: a `Representation`."""

    def respond(self, request: Any) -> Response:
        """Return the response to *request*."""
        ...


class Publication:
    """The documents of one app. `app.extensions["openapi"]` is one.

    Args:
        options: What the app says about its documents, by name.
    """

    def __init__(self, options: Documents) -> None:
        self.options = options
        self._written: dict[str, Written] = {}
        self._edition: Any = None  # an Edition, whose module only the first request needs

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
        """Have documents served.

        Raises:
            ConfigurationError: One holds something that JSON cannot.
        """
        for each in written.values():
            format_json(each.document)  # Whoever asks for it first is not to find the mistake.
        self._written = dict(written)
        self._edition = None

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
        folder = find_folder(self.options)
        if folder is not None:
            yield "oauth2-redirect", f"{folder}/oauth2-redirect", self._serve_redirect()
            yield "asset", f"{folder}/{ASSETS_BELOW}/{{name}}", self._serve_assets()

    # --- handlers ---

    def _serve_document(self, name: str, form: Format) -> Handler:
        """Return what answers with a document."""

        async def serve(request: Any) -> Response:
            edition = await self._open(request)
            root_path = (request.scope.get("root_path") or "").rstrip("/")
            found: Ready
            if form == "json":
                found = edition.represent(name, form, root_path)
            else:  # Long documents take their time in YAML.
                found = await request.app.threads.run(edition.represent, name, form, root_path)
            return found.respond(request)

        return serve

    def _serve_page(self, name: str) -> Handler:
        """Return what answers with a page."""

        async def serve(request: Any) -> Response:
            edition = await self._open(request)
            # Links that are relative lead elsewhere from a path with a slash at its end.
            page: Ready = edition.pages[name, request.path.endswith("/")]
            return page.respond(request)

        return serve

    def _serve_assets(self) -> Handler:
        """Return what answers with the files of the pages. Each is read when it is first asked for."""

        async def serve(request: Any, name: str) -> Response:
            edition = await self._open(request)
            if name not in edition.assets:
                raise NotFound
            asset: Ready = await request.app.threads.run(edition.read_asset, name)
            return asset.respond(request)

        return serve

    def _serve_redirect(self) -> Handler:
        """Return what answers with the page to which a log-in by OAuth 2 leads back."""

        async def serve(request: Any) -> Response:
            page: Ready = (await self._open(request)).redirect
            return page.respond(request)

        return serve

    async def _open(self, request: Any) -> Any:
        """Return what is sent of the documents; a thread makes it when something is first asked for."""
        if self._edition is None:
            self._edition = await request.app.threads.run(self._make_edition)
        return self._edition

    def _make_edition(self) -> Any:
        """Return what is sent of the documents."""
        from .edition import Edition  # noqa: PLC0415  # PERF: see there

        return Edition(self.options, self.documents)
