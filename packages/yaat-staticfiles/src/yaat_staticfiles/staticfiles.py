"""This file is `StaticFiles`: a router whose one route serves the files of folders."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yaat import Router, Yaat
from yaat.asgi import Receive, Scope, Send
from yaat.exceptions import NotFound
from yaat.response import Response
from yaat.routing import Route

from .answer import WISHES, Decision, answer
from .build_manifest import read_manifest
from .cache_rules import FOR_EVER, CacheRules
from .codings import list_codings
from .file_cache import FileCache
from .folders import find_folders
from .large_file import LargeFileResponse
from .opening import run_in_file_thread
from .options import DEFAULT_CACHE_BYTES, FILE_PATH, AnyPath, Package, Policy
from .origin import find_caller
from .pages import SlashAdder, add_slash, wants_page
from .representation import Loaded
from .shelf import Found, Shelf

#: The page for what is not there, in a folder of pages.
MISSING = "404.html"


class StaticFiles(Router):
    """Serves the files of a folder: `app.mount("/static", StaticFiles(directory="static"))`.

    It is a router, so its files join the routes of the app, with the app's middleware and error pages. Below another
    framework it is an ASGI app.

    Args:
        directory: The folder. A relative path begins at the working folder.
        packages: Installed packages whose folder `static` is served too, or pairs of package and folder. What
            *directory* has wins over what they have.
        html: A folder stands for the `index.html` in it, and `404.html` for what is not there.
        fallback: The file to send for paths that do not exist when a browser asks for a page, such as `index.html` of
            an app that routes in the browser.
        cache_control: What caches are told, for all files or by pattern (`{"*.css": "max-age=60"}`). Without it: to
            keep files for ever whose names hold a hash, and to ask before each use for all others.
        manifest: A bundler's manifest of the files, a path below *directory*. The files it names are kept for ever.
        precompressed: Whether neighbours called `….br`, `….zst` and `….gz` are sent to clients that can decode them,
            if they are not older than the file itself.
        follow_symlinks: Whether symbolic links count, wherever they lead.
        hidden: Whether files and folders are served whose names begin with a dot; `.well-known` always is.
        must_exist: Whether it is an error if there is no *directory* yet.
        cache_bytes: For small files that are kept in memory, as long as they are on the disk as they were.

    Raises:
        ConfigurationError: A folder or manifest does not exist, or an option makes no sense.
    """

    def __init__(
        self,
        directory: AnyPath | None = None,
        *,
        packages: Iterable[Package] = (),
        html: bool = False,
        fallback: str | None = None,
        cache_control: Policy | Mapping[str, Policy] | None = None,
        manifest: AnyPath | None = None,
        precompressed: bool = True,
        follow_symlinks: bool = False,
        hidden: bool = False,
        must_exist: bool = True,
        cache_bytes: int = DEFAULT_CACHE_BYTES,
    ) -> None:
        super().__init__()
        folders = find_folders(directory, packages, follows_symlinks=follow_symlinks, must_exist=must_exist)
        #: Where files are, in the order in which they are looked for.
        self.folders = tuple(Path(folder.root) for folder in folders)
        self._built = {} if manifest is None else read_manifest(self.folders[0] / manifest)
        self._shelf = Shelf(
            folders=folders,
            has_hidden=hidden,
            has_pages=html,
            has_compressed=precompressed,
            rules=CacheRules(cache_control),
            hashed=frozenset(self._built.values()),
        )
        self._cache = FileCache(cache_bytes)
        self._fallback = fallback
        self._app: Yaat | None = None
        self.routes.append(
            Route(
                path=FILE_PATH,
                handler=self.file,  # Its name is that of the route. With name= there could be only one mount.
                methods=("GET",),
                metadata={"has_schema": False},
                source=find_caller(),
            )
        )
        if html:
            self.add_middleware(SlashAdder())

    # --- for requests ---

    async def file(self, request: Any, path: str, **parameters: Any) -> Response:
        """Return the response with the file at *path*, as far as the request wants it.

        Args:
            path: Below the prefix.
            parameters: Of the prefix; they change nothing.

        Raises:
            NotFound: There is no file to serve.
            HTTPException: 412 or 416, as conditions or ranges of the request do not fit the file.
        """
        scope = request.scope
        accept: bytes | None = None
        is_plain = not scope.get("query_string")
        # PERF: one look at the fields; what is only for few requests stays elsewhere (row "static file, 10 KB").
        for name, value in scope["headers"]:
            if name in WISHES:
                if name != b"accept-encoding":
                    is_plain = False
                else:
                    accept = value if accept is None else accept + b"," + value
        codings = () if accept is None else list_codings(accept)
        file = self._cache.find((path, codings))
        if file is None:
            return await self._serve_slowly(request, path, codings)
        if not is_plain:
            return _respond(request, Loaded(representation=file))
        response = Response(file.body)
        response.headers.raw.extend(file.fields)
        return response

    async def _serve_slowly(self, request: Any, path: str, codings: tuple[str, ...]) -> Response:
        """Return the response for a path whose file is not in memory, if there is one."""
        found = await self._find(path, codings)
        if found is not None:
            return add_slash(request) if found.loaded is None else _respond(request, found.loaded)
        if self._fallback is not None and wants_page(request.headers.get("accept"), path):
            found = await self._find(self._fallback, codings)
            if found is not None and found.loaded is not None:
                response = _respond(request, found.loaded)
                response.headers.add_vary("Accept")
                return response
        if self._shelf.has_pages:
            found = await self._find(MISSING, codings)
            if found is not None and found.loaded is not None:
                response = _respond(request, found.loaded, Decision(404))
                if self._fallback is not None:  # Which another client would have got here.
                    response.headers.add_vary("Accept")
                return response
        raise NotFound

    async def _find(self, path: str, codings: tuple[str, ...]) -> Found | None:
        """Return what *path* means, or `None` for nothing."""
        file = self._cache.find((path, codings))
        if file is not None:
            return Found(loaded=Loaded(representation=file))
        found = await run_in_file_thread(self._shelf.find, path, codings)
        if found is not None:
            self._cache.keep((path, codings), found)
        return found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection by itself, below another framework."""
        if self._app is None:
            app = Yaat(autoload=False)
            app.mount("/", self)
            self._app = app
        await self._app(scope, receive, send)

    # --- for the app ---

    def find_version(self, path: str) -> str | None:
        """Return what stands after the prefix in the URL of a file, or `None` for a file that there is not.

        The URL is different for each content, so caches may keep it for ever: by the manifest it leads to the file with
        a hash in its name, else it has a query.

        Args:
            path: Of the file, or its name in the manifest.
        """
        built = self._built.get(path, path)
        query = self._shelf.find_version(built)
        if query is None:
            return None
        return f"{quote(built)}?{query}" if query else quote(built)


def _respond(request: Any, loaded: Loaded, decision: Decision | None = None) -> Response:
    """Return the response with a file, as far as the request wants it; its conditions decide if nothing else does."""
    file = loaded.representation
    fields = file.fields
    if file.version and request.scope.get("query_string") == file.version:
        fields = tuple((name, FOR_EVER.encode() if name == b"cache-control" else value) for name, value in fields)
    response = answer(request.method, request.headers, loaded, fields, decision)
    if isinstance(response, LargeFileResponse):
        request.add_closer(response.close)  # Something further out may send another response in its place.
    return response
