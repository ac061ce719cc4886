"""The plugin."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yaat import Request, Router, Yaat
from yaat.exceptions import ConfigurationError, RouteConflict
from yaat_staticfiles import Manifest, StaticFiles, StaticFilesPlugin, UnknownFile
from yaat_templates import TemplateResponse, TemplatesPlugin

Put = Callable[..., Path]
Fetch = Callable[..., Any]

PAGE = {"page.html": "{{ static_url('app.css') }}"}


def test_settings_mount_a_folder(put: Put, folder: Path, fetch: Fetch) -> None:
    """A directory and a prefix are all that is needed; what `StaticFiles` takes can be set too."""
    put("a.txt", b"content")
    plugin = StaticFilesPlugin(directory=folder, url="/files", cache_control="max-age=9")
    app = Yaat(autoload=False, plugins=[plugin])
    answer = fetch(app, "/files/a.txt")
    assert answer.body == b"content"
    assert answer.headers["cache-control"] == "max-age=9"
    assert str(app.url_for("static:file", path="a.txt")) == "/files/a.txt"


def test_settings_of_the_app_do_the_same(put: Put, folder: Path, fetch: Fetch) -> None:
    """The plugin can be named, with its settings beside it."""
    put("a.txt", b"content")
    app = Yaat(autoload=False, plugins=["staticfiles"], settings={"staticfiles": {"directory": str(folder)}})
    assert fetch(app, "/static/a.txt").body == b"content"


def test_without_settings_nothing_is_served(
    put: Put, folder: Path, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installing the package exposes no folder, whatever it is called."""
    put("a.txt")
    monkeypatch.chdir(folder.parent)
    app = Yaat(autoload=False, plugins=[StaticFilesPlugin()])
    assert fetch(app, "/static/a.txt").status == 404
    assert app.report.routes == []


def test_a_missing_folder_is_told_where_the_plugin_is_made(tmp_path: Path) -> None:
    """The mistake is told at registration, with the line."""
    with pytest.raises(ConfigurationError, match=r"does not exist(.|\n)*test_plugin\.py:"):
        StaticFilesPlugin(directory=tmp_path / "nope")


def test_a_missing_folder_in_settings_stops_the_build(tmp_path: Path) -> None:
    """An app whose files are not there does not start."""
    app = Yaat(autoload=False, plugins=["staticfiles"], settings={"staticfiles": {"directory": str(tmp_path / "nope")}})
    with pytest.raises((ConfigurationError, ExceptionGroup)) as caught:
        app.build()
    group = caught.value
    assert "does not exist" in "".join(map(str, getattr(group, "exceptions", [group])))


def test_two_folders_at_one_prefix_are_refused(folder: Path) -> None:
    """The plugin's and the app's own would hide each other."""
    app = Yaat(autoload=False, plugins=[StaticFilesPlugin(directory=folder)])
    app.mount("/static", StaticFiles(folder))
    with pytest.raises(RouteConflict):
        app.build()


def test_packages_are_enough(fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin's folder can be served without any directory of the app."""
    (tmp_path / "shop_assets" / "static").mkdir(parents=True)
    (tmp_path / "shop_assets" / "__init__.py").touch()
    (tmp_path / "shop_assets" / "static" / "a.txt").write_text("packed")
    monkeypatch.syspath_prepend(str(tmp_path))
    app = Yaat(autoload=False, plugins=[StaticFilesPlugin(packages=["shop_assets"])])
    assert fetch(app, "/static/a.txt").body == b"packed"


def make_page_app(*plugins: Any, **options: Any) -> Yaat:
    """Return an app with a page that has the URL of a file in it."""
    app = Yaat(autoload=False, plugins=[TemplatesPlugin(PAGE), *plugins], **options)

    @app.get("/")
    async def page(request: Request) -> TemplateResponse:
        return TemplateResponse("page.html")

    return app


def test_templates_have_urls_of_files(put: Put, folder: Path, fetch: Fetch) -> None:
    """`static_url` is in every template, and what it gives is served for ever."""
    put("app.css", b"body {}")
    app = make_page_app(StaticFilesPlugin(directory=folder))
    path, _, query = fetch(app).body.decode().partition("?")
    assert path == "/static/app.css"
    answer = fetch(app, path, query_string=query.encode())
    assert answer.body == b"body {}"
    assert "immutable" in answer.headers["cache-control"]


def test_urls_are_those_below_the_root_path(put: Put, folder: Path, fetch: Fetch) -> None:
    """Behind a proxy that adds a prefix, pages lead to files through it."""
    put("app.css")
    app = make_page_app(StaticFilesPlugin(directory=folder))
    assert fetch(app, "/shop/", root_path="/shop").body.startswith(b"/shop/static/app.css?v=")


def test_files_that_the_app_mounts_itself_are_known(put: Put, folder: Path, fetch: Fetch) -> None:
    """Wherever files are mounted, and however deep, templates and others find their URLs."""
    put("app.css")
    app = make_page_app(StaticFilesPlugin())
    router = Router()
    router.mount("/deep", StaticFiles(folder))
    app.mount("/very", router)
    assert fetch(app).body.startswith(b"/very/deep/app.css?v=")
    manifest = app.extensions["staticfiles"]
    assert isinstance(manifest, Manifest)
    assert manifest.static_url("app.css").startswith("/very/deep/app.css?v=")


def test_prefixes_with_parameters_have_no_urls(put: Put, folder: Path) -> None:
    """Only a request knows what stands there; such files are found by `url_for` alone."""
    put("app.css")
    app = Yaat(autoload=False, plugins=[StaticFilesPlugin()])
    app.mount("/{tenant}/static", StaticFiles(folder))
    app.build()
    with pytest.raises(UnknownFile):
        app.extensions["staticfiles"].static_url("app.css")


def test_a_mounted_app_knows_its_full_urls(put: Put, folder: Path, fetch: Fetch) -> None:
    """The pages of an app that is mounted in another lead to its own files."""
    put("app.css")
    inner = make_page_app(StaticFilesPlugin(directory=folder))
    outer = Yaat(autoload=False)
    outer.mount("/inner", inner)
    assert fetch(outer, "/inner/").body.startswith(b"/inner/static/app.css?v=")


def test_pages_outside_of_requests_have_urls_too(put: Put, folder: Path) -> None:
    """Mails and the like are rendered without a request."""
    put("app.css")
    app = make_page_app(StaticFilesPlugin(directory=folder))
    app.build()
    assert app.extensions["templates"].render("page.html").startswith("/static/app.css?v=")


def test_templates_are_not_needed(folder: Path) -> None:
    """Without yaat-templates the hook is nobody's, which is no mistake."""
    Yaat(autoload=False, plugins=[StaticFilesPlugin(directory=folder)]).build()


def test_building_twice_in_vain_forgets_nothing(put: Put, folder: Path) -> None:
    """Each build notes the places anew."""
    app = Yaat(autoload=False, plugins=[StaticFilesPlugin(directory=folder)])
    app.build()
    app.build()
    assert len(app.extensions["staticfiles"]._places) == 1


def test_router_of_another_kind_is_no_place_for_files(put: Put, folder: Path) -> None:
    """Though one of its methods answers at the same form of path, and knows files by that name."""

    class Pages(Router):
        folders = ()

        async def find(self, request: Request, path: str) -> str:
            return path

        def find_version(self, path: str) -> str:
            return path

    pages = Pages()
    pages.add_route("/{path:path}", pages.find)
    app = Yaat(autoload=False, plugins=[StaticFilesPlugin()])
    app.mount("/pages", pages)
    app.build()
    with pytest.raises(UnknownFile, match="the app serves no files"):
        app.extensions["staticfiles"].static_url("a.txt")
