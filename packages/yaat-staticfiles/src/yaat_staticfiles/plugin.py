"""This file is the plugin: it mounts the files that settings name, and gives templates `static_url`.

The law here: what serves files is imported by the app that serves some, while it is built. It takes as long to import
as a fifth of the core, and every app in an environment with this package has the plugin.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from yaat import Router
from yaat.plugins import Plugin, hookimpl
from yaat.routing import Mount

from .manifest import Manifest
from .options import DEFAULT_CACHE_BYTES, FILE_PATH, AnyPath, Package, Policy


class StaticFilesPlugin(Plugin):
    """Serves the files of a folder, and knows the URLs of all files that the app serves.

    `app.extensions["staticfiles"]` is a `Manifest` of every `StaticFiles` in the app, once it is built, whoever mounted
    them; its `static_url` is in all templates. Without *directory* and *packages* nothing is mounted.

    Args:
        directory: As for `StaticFiles`, like those below.
        url: The prefix of their URLs.
        packages: See there.
        html: See there.
        fallback: See there.
        cache_control: See there.
        manifest: See there.
        precompressed: See there.
        follow_symlinks: See there.
        hidden: See there.
        must_exist: See there.
        cache_bytes: See there.
    """

    name = "staticfiles"

    def __init__(
        self,
        directory: AnyPath | None = None,
        url: str = "/static",
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
        self._url = url
        self._files: Router | None = None
        if directory is not None or packages:
            from .staticfiles import StaticFiles  # noqa: PLC0415  # PERF: see the head of this file

            self._files = StaticFiles(
                directory,
                packages=packages,
                html=html,
                fallback=fallback,
                cache_control=cache_control,
                manifest=manifest,
                precompressed=precompressed,
                follow_symlinks=follow_symlinks,
                hidden=hidden,
                must_exist=must_exist,
                cache_bytes=cache_bytes,
            )

    @hookimpl
    def yaat_configure(self, app: Any) -> None:
        """Make the place for the URLs of the app's files."""
        app.extensions[self.name] = Manifest()

    @hookimpl
    def yaat_register_routes(self, app: Any) -> Mount | None:
        """Mount the files that the settings name."""
        return None if self._files is None else Mount(path=self._url, app=self._files, name="static")

    @hookimpl(optionalhook=True)
    def yaat_templates_context(self, app: Any) -> Any:
        """Give `static_url` to all templates."""
        static_url = app.extensions[self.name].static_url

        def add_root_path(request: Any) -> dict[str, Any]:
            root_path = request.scope.get("root_path", "")
            return {"static_url": partial(static_url, root_path=root_path) if root_path else static_url}

        return [{"static_url": static_url}, add_root_path]  # The first is for pages outside of requests.

    @hookimpl
    def yaat_app_built(self, app: Any, report: Any) -> None:
        """Note where files are, at whatever depth they were mounted."""
        places = list(_list_places(report.routes))
        if not places:
            return
        from .staticfiles import StaticFiles  # noqa: PLC0415  # PERF: see the head of this file

        manifest: Manifest = app.extensions[self.name]
        for prefix, router in places:
            if isinstance(router, StaticFiles):
                manifest.add(prefix, router)


def _list_places(routes: Iterable[Any]) -> Iterator[tuple[str, Router]]:
    """Yield the prefixes below which a method of a router answers, as that of `StaticFiles` does, with that router."""
    for route in routes:
        prefix = route.path.removesuffix(FILE_PATH)
        owners = {getattr(each.handler.function, "__self__", None) for each in route.handlers.values()}
        if prefix != route.path and "{" not in prefix:  # Whose values only a request knows.
            yield from ((prefix, owner) for owner in owners if isinstance(owner, Router))
