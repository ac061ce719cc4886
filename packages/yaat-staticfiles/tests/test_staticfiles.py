"""`StaticFiles`, in an app and by itself."""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yaat import Request, Response, Router, Yaat
from yaat.exceptions import ConfigurationError, RouteConflict
from yaat.responses import TextResponse
from yaat_staticfiles import StaticFiles
from yaat_staticfiles.opening import FILE_THREADS, MAX_FILE_THREADS
from yaat_testclient import AsyncTestClient, TestClient

Put = Callable[..., Path]
Fetch = Callable[..., Any]
MakeApp = Callable[..., Yaat]

BROWSER = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
PATHSEND = "http.response.pathsend"


def test_files_are_served_below_the_prefix(put: Put, make_app: MakeApp) -> None:
    """A file comes with its type, its validators, and the order to ask before it is used again."""
    put("css/app.css", b"body {}")
    with TestClient(make_app()) as client:
        response = client.get("/static/css/app.css")
    assert response.text == "body {}"
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["accept-ranges"] == "bytes"
    assert "etag" in response.headers
    assert "last-modified" in response.headers


def test_other_paths_go_to_the_error_page_of_the_app(make_app: MakeApp, fetch: Fetch) -> None:
    """What is not there is answered by the app's handler for 404."""
    app = make_app()

    @app.exception_handler(404)
    async def answer(request: Request, error: Exception) -> Response:
        return TextResponse("not here", 404)

    for path in ("/static/nope", "/static/", "/static/nope/"):
        answer_ = fetch(app, path)
        assert (answer_.status, answer_.body) == (404, b"not here")


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize("is_cached", [True, False])
@pytest.mark.parametrize("size", [0, 1, 1500])
def test_the_second_answer_is_as_the_first(
    put: Put, make_app: MakeApp, fetch: Fetch, size: int, *, is_cached: bool
) -> None:
    """Whether a file comes from memory or from the disk cannot be seen."""
    put("a.txt", b"x" * size)
    app = make_app(cache_bytes=100_000 if is_cached else 0)
    first, second = fetch(app, "/static/a.txt"), fetch(app, "/static/a.txt")
    assert first.body == second.body == b"x" * size
    assert first.headers == second.headers
    assert first.headers["content-length"] == str(size)


def test_a_change_is_seen_at_once(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """Nothing that is in memory is older than the disk, even if the time of the change is put back."""
    app = make_app()
    for content in (b"one", b"two", b"six"):
        put("a.txt", content)
        assert [fetch(app, "/static/a.txt").body for _ in range(2)] == [content, content]


def test_a_file_just_written_is_never_stale(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """Two changes within one tick of the clock are both seen."""
    app = make_app()
    now = time.time()
    for number in range(20):
        put("a.txt", b"%02d" % number, time=now)
        assert fetch(app, "/static/a.txt").body == b"%02d" % number


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "css/../../secret.txt",
        "..\\secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "....//secret.txt",
        "/etc/passwd",
        "//etc/passwd",
        "css//app.css",
        "./css/app.css",
        "css/./app.css",
        "css/app.css/",
        "css/app.css\0",
        "css/app.css\0.txt",
        "\0",
        "..\0/secret.txt",
        "\uff0e\uff0e/secret.txt",
        "\udcc0\udcae\udcc0\udcae/secret.txt",
        "\ud800",
        "~root/.bashrc",
        "file:///etc/passwd",
        "C:\\secret.txt",
        "css\r\nx: y",
        "a" * 300,
        "a/" * 3000,
        "x" * 100_000,
        ".hidden",
        "fifo",
        "loop",
        "link.txt",
        "folder/secret.txt",
        "css",
    ],
)
def test_hostile_paths_are_not_found(put: Put, folder: Path, make_app: MakeApp, fetch: Fetch, path: str) -> None:
    """No spelling leads out of the folder, to what is no file, or to anything but a plain 404."""
    (folder.parent / "secret.txt").write_bytes(b"secret")
    put("css/app.css")
    put(".hidden")
    os.mkfifo(folder / "fifo")
    (folder / "loop").symlink_to("loop")
    (folder / "link.txt").symlink_to("../secret.txt")
    (folder / "folder").symlink_to("..")
    answer = fetch(make_app(), f"/static/{path}")
    assert answer.status == 404
    assert b"secret" not in answer.body


@pytest.mark.parametrize("raw", [b"/static/%2e%2e/secret.txt", b"/static/..%2Fsecret.txt", b"/static/..%5csecret.txt"])
def test_encoded_paths_are_not_found(folder: Path, make_app: MakeApp, fetch: Fetch, raw: bytes) -> None:
    """A server decodes once; what it makes of encoded dots and slashes leads nowhere else."""
    (folder.parent / "secret.txt").write_bytes(b"secret")
    path = raw.decode().replace("%2e", ".").replace("%2F", "/").replace("%5c", "\\")
    assert fetch(make_app(), path, raw_path=raw).status == 404


def test_links_are_followed_on_request(put: Put, folder: Path, make_app: MakeApp, fetch: Fetch) -> None:
    """Whoever manages their files by links says so."""
    (folder.parent / "shared.txt").write_bytes(b"shared")
    (folder / "link.txt").symlink_to("../shared.txt")
    assert fetch(make_app(follow_symlinks=True), "/static/link.txt").body == b"shared"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(put: Put, make_app: MakeApp, fetch: Fetch, method: str) -> None:
    """Files can be read; a 405 says how (RFC 9110 §15.5.6)."""
    put("a.txt")
    answer = fetch(make_app(), "/static/a.txt", method=method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize("is_large", [True, False])
def test_head_is_get_without_content(
    put: Put, large: bytes, make_app: MakeApp, fetch: Fetch, *, is_large: bool
) -> None:
    """The headers are the same, the length included (RFC 9110 §9.3.2)."""
    put("a.txt", large if is_large else b"content")
    app = make_app()
    head, get = fetch(app, "/static/a.txt", method="HEAD"), fetch(app, "/static/a.txt")
    assert head.headers == get.headers
    assert head.body == b""


@pytest.mark.usefixtures("is_tight")
def test_large_files_are_left_to_servers_that_can(put: Put, large: bytes, make_app: MakeApp, fetch: Fetch) -> None:
    """Where the extension is offered, the server gets the path."""
    path = put("a.bin", large)
    answer = fetch(make_app(), "/static/a.bin", extensions={PATHSEND: {}})
    assert answer.messages[1] == {"type": PATHSEND, "path": str(path)}
    assert answer.headers["content-length"] == str(len(large))


def test_small_files_come_from_memory_all_the_same(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """A file that is there already need not be opened by the server."""
    put("a.txt", b"content")
    assert fetch(make_app(), "/static/a.txt", extensions={PATHSEND: {}}).body == b"content"


@pytest.mark.usefixtures("is_tight")
def test_conditions_and_ranges_count_for_large_files(put: Put, large: bytes, make_app: MakeApp, fetch: Fetch) -> None:
    """A 304, a part and a refusal leave nothing open."""
    put("a.bin", large)
    app = make_app()
    etag = fetch(app, "/static/a.bin").headers["etag"]
    assert fetch(app, "/static/a.bin", ("if-none-match", etag)).status == 304
    assert fetch(app, "/static/a.bin", ("range", "bytes=1-2")).body == large[1:3]
    assert fetch(app, "/static/a.bin", ("range", f"bytes={len(large)}-")).status == 416
    assert fetch(app, "/static/a.bin", ("if-match", '"other"')).status == 412


@pytest.mark.usefixtures("is_tight")
def test_middleware_may_send_something_else(put: Put, large: bytes, make_app: MakeApp, fetch: Fetch) -> None:
    """A large file that is opened and then not sent is closed."""

    class Replace:
        def process_response(self, request: Request, response: Response) -> Response:
            return Response("other")

    put("a.bin", large)
    app = make_app()
    app.add_middleware(Replace)
    assert fetch(app, "/static/a.bin").body == b"other"


# --- compressed neighbours ---


def test_compressed_neighbours_are_sent_to_those_who_can_decode(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """Each client gets what it can decode, from memory too, and each has an ETag of its own."""
    put("app.css", b"plain")
    put("app.css.br", b"br")
    put("app.css.gz", b"gzip")
    app = make_app()
    etags = set()
    for _ in range(2):
        for accept, body in (("gzip, br", b"br"), ("gzip", b"gzip"), ("identity", b"plain"), ("gzip;q=0", b"plain")):
            answer = fetch(app, "/static/app.css", ("accept-encoding", accept))
            assert answer.body == body
            assert answer.headers["vary"] == "Accept-Encoding"
            etags.add(answer.headers["etag"])
    assert len(etags) == 3


def test_repeated_fields_are_one_list(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """A list may come in several fields (RFC 9110 §5.3)."""
    put("app.css", b"plain")
    put("app.css.gz", b"gzip")
    answer = fetch(make_app(), "/static/app.css", ("accept-encoding", "br"), ("accept-encoding", "gzip"))
    assert answer.body == b"gzip"


def test_a_304_tells_that_there_is_a_choice(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """Caches renew what they have by it (RFC 9110 §15.4.5)."""
    put("app.css", b"plain")
    put("app.css.gz", b"gzip")
    app = make_app()
    gzip = ("accept-encoding", "gzip")
    etag = fetch(app, "/static/app.css", gzip).headers["etag"]
    answer = fetch(app, "/static/app.css", gzip, ("if-none-match", etag))
    assert answer.status == 304
    assert answer.headers == {"etag": etag, "cache-control": "no-cache", "vary": "Accept-Encoding"}
    assert fetch(app, "/static/app.css", ("if-none-match", etag)).status == 200


def test_parts_are_those_of_the_encoded_content(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """A range counts the bytes that are sent (RFC 9110 §14.1)."""
    put("app.css", b"plain")
    put("app.css.gz", b"0123456789")
    answer = fetch(make_app(), "/static/app.css", ("accept-encoding", "gzip"), ("range", "bytes=8-"))
    assert answer.body == b"89"
    assert answer.headers["content-encoding"] == "gzip"


# --- caches ---


def test_a_hash_in_the_name_is_kept_for_ever(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """Other content has another name, so nobody need ask again."""
    put("app.3f2a1b9c.css")
    answer = fetch(make_app(), "/static/app.3f2a1b9c.css")
    assert answer.headers["cache-control"] == "max-age=31536000, immutable"


def test_a_version_in_the_query_is_kept_for_ever(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """The URL that the app writes for this very content is; one of other content is not, so nothing is kept wrongly."""
    put("app.css")
    app = make_app()
    [mount] = app.routes
    files: Any = mount.app  # type: ignore[union-attr]  # it is a mount
    name, _, query = files.find_version("app.css").partition("?")
    assert name == "app.css"
    for _ in range(2):
        kept = fetch(app, "/static/app.css", query_string=query.encode())
        assert kept.headers["cache-control"] == "max-age=31536000, immutable"
        other = fetch(app, "/static/app.css", query_string=b"v=0-0")
        assert other.headers["cache-control"] == "no-cache"


def test_the_app_has_the_last_word_on_caches(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """A policy by pattern wins over what a name or a version says."""
    put("app.3f2a1b9c.css")
    put("app.js")
    app = make_app(cache_control={"*.css": "no-store"})
    assert fetch(app, "/static/app.3f2a1b9c.css").headers["cache-control"] == "no-store"
    assert fetch(app, "/static/app.js").headers["cache-control"] == "no-cache"


def test_a_manifest_leads_to_built_files(put: Put, make_app: MakeApp, fetch: Fetch, folder: Path) -> None:
    """Files that a bundler names are kept for ever, whatever their hash looks like."""
    put("manifest.json", b'{"src/main.ts": {"file": "assets/main-BvZ_8kQa.js"}}')
    put("assets/main-BvZ_8kQa.js")
    answer = fetch(make_app(manifest="manifest.json"), "/static/assets/main-BvZ_8kQa.js")
    assert answer.headers["cache-control"] == "max-age=31536000, immutable"
    files = StaticFiles(folder, manifest="manifest.json")
    assert files.find_version("src/main.ts") == "assets/main-BvZ_8kQa.js"


# --- pages ---


@pytest.mark.parametrize("path", ["/static/docs", "/static"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_folder_of_pages_is_entered_by_a_slash(
    put: Put, make_app: MakeApp, fetch: Fetch, path: str, method: str
) -> None:
    """Without the slash, links of the page would lead elsewhere; so the client is sent on, even from the prefix."""
    put("index.html", b"home")
    put("docs/index.html", b"docs")
    app = make_app(html=True)
    answer = fetch(app, path, method=method, query_string=b"a=1")
    assert answer.status == 307
    assert answer.headers["location"] == f"./{path.rpartition('/')[2]}/?a=1"
    assert fetch(app, f"{path}/").body in (b"home", b"docs")


def test_without_pages_the_prefix_is_not_found(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """A folder of assets has no pages, and lists nothing."""
    put("index.html", b"home")
    app = make_app()
    assert [fetch(app, path).status for path in ("/static", "/static/", "/static/index.html")] == [404, 404, 200]


def test_a_page_for_what_is_not_there(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """A folder of pages brings its own page for 404, which stays a 404 whatever the request asks."""
    put("404.html", b"<h1>Gone")
    app = make_app(html=True)
    for _ in range(2):
        answer = fetch(app, "/static/nope", ("range", "bytes=0-1"), ("if-none-match", "*"))
        assert (answer.status, answer.body) == (404, b"<h1>Gone")


def test_pages_without_one_for_404_use_that_of_the_app(make_app: MakeApp, fetch: Fetch) -> None:
    """The app's error page is there as well."""
    assert fetch(make_app(html=True), "/static/nope").headers["content-type"] == "application/problem+json"


def test_a_browser_app_gets_its_page_for_any_path(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """What the browser routes is one page; what that page loads is there or not."""
    put("index.html", b"<app>")
    put("assets/app.js", b"run()")
    app = make_app("/", html=True, fallback="index.html")

    @app.get("/api/users")
    async def users(request: Request) -> list[int]:
        return [1]

    for path in ("/", "/users/7", "/users/john.doe", "/index.html"):
        answer = fetch(app, path, BROWSER)
        assert (answer.status, answer.body) == (200, b"<app>")
    assert fetch(app, "/users/7", BROWSER).headers["vary"] == "Accept"
    assert fetch(app, "/assets/app.js").body == b"run()"
    assert fetch(app, "/assets/gone.js").status == 404
    assert fetch(app, "/api/users").body == b"[1]"
    assert fetch(app, "/api/nope", ("accept", "application/json")).status == 404


def test_the_page_for_404_depends_on_who_asks(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """Where another client would get the fallback, caches have to know that (RFC 9110 §12.5.5)."""
    put("index.html", b"<app>")
    put("404.html", b"<h1>Gone")
    answer = fetch(make_app(html=True, fallback="index.html"), "/static/x.json", ("accept", "application/json"))
    assert (answer.status, answer.body, answer.headers["vary"]) == (404, b"<h1>Gone", "Accept")


def test_a_fallback_that_is_not_there_is_a_404(make_app: MakeApp, fetch: Fetch) -> None:
    """Before the first build of the page there is none."""
    assert fetch(make_app(fallback="index.html"), "/static/users", BROWSER).status == 404


def test_a_fallback_of_a_folder_is_a_404(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """A folder is no page to fall back on."""
    put("docs/index.html")
    assert fetch(make_app(html=True, fallback="docs"), "/static/users", BROWSER).status == 404


# --- in an app ---


def test_an_own_route_wins_at_the_root(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """Files at the root hide none of the app's routes, not even its front page."""
    put("index.html", b"file")
    put("about", b"file")
    app = make_app("/", html=True)

    @app.get("/")
    async def home(request: Request) -> str:
        return "route"

    assert fetch(app, "/").body == b"route"
    assert fetch(app, "/about").body == b"file"


def test_files_have_a_name(put: Put, folder: Path) -> None:
    """The name of the mount and `file` lead to the URL of a file."""
    app = Yaat(autoload=False)
    app.mount("/static", StaticFiles(folder), name="static")
    assert str(app.url_for("static:file", path="css/app.css")) == "/static/css/app.css"


def test_it_mounts_in_the_ways_of_old(put: Put, folder: Path, fetch: Fetch) -> None:
    """`mount(router=…, prefix=…)` and `mount(files, prefix)`, as in Yaat 0.1."""
    put("a.txt", b"content")
    app = Yaat(autoload=False)
    app.mount(router=StaticFiles(directory=str(folder)), prefix="/one")
    app.mount(StaticFiles(directory=str(folder)), "/two")
    assert fetch(app, "/one/a.txt").body == fetch(app, "/two/a.txt").body == b"content"


def test_it_mounts_at_any_depth(put: Put, folder: Path, fetch: Fetch) -> None:
    """Below routers, mounted apps and prefixes with parameters."""
    put("a.txt", b"content")
    router, inner, outer = Router(), Yaat(autoload=False), Yaat(autoload=False)
    router.mount("/files", StaticFiles(folder))
    inner.mount("/{tenant}", router)
    outer.mount("/inner", inner)
    assert fetch(outer, "/inner/acme/files/a.txt").status == 200


def test_a_conflict_names_the_line_of_the_app(folder: Path) -> None:
    """Two folders at one prefix are refused, and the message names both lines that put them there."""
    app = Yaat(autoload=False)
    app.mount("/static", StaticFiles(folder))
    app.mount("/static", StaticFiles(folder))
    with pytest.raises(RouteConflict) as caught:
        app.build()
    assert str(caught.value).count("test_staticfiles.py:") == 2


def test_a_missing_folder_is_told_at_once(tmp_path: Path) -> None:
    """The mistake is told where it is made, not by the first request."""
    with pytest.raises(ConfigurationError, match=r"does not exist(.|\n)*test_staticfiles\.py:"):
        StaticFiles(directory=tmp_path / "nope")


def test_it_is_an_asgi_app_by_itself(put: Put, folder: Path, fetch: Fetch) -> None:
    """Below another framework it serves the path that is left after the root path."""
    put("a.txt", b"content")
    files = StaticFiles(folder)
    for _ in range(2):
        assert fetch(files, "/static/a.txt", root_path="/static").body == b"content"
    assert fetch(files, "/static/nope", root_path="/static").status == 404


def test_a_client_in_the_same_loop_can_ask_many_times_at_once(put: Put, make_app: MakeApp) -> None:
    """Requests that come together for what is not in memory yet all get it."""
    put("a.txt", b"content")

    async def main() -> list[bytes]:
        async with AsyncTestClient(make_app()) as client:
            responses = await asyncio.gather(*(client.get("/static/a.txt") for _ in range(50)))
        return [response.content for response in responses]

    assert asyncio.run(main()) == [b"content"] * 50


def test_files_are_never_opened_on_the_event_loop(put: Put, large: bytes, make_app: MakeApp) -> None:
    """All threads for files are busy, so a file has to wait; the loop does not."""
    put("a.bin", large)
    may_end = threading.Event()
    held = [FILE_THREADS.submit(may_end.wait) for _ in range(MAX_FILE_THREADS)]

    async def main() -> None:
        async with AsyncTestClient(make_app()) as client:
            request = asyncio.create_task(client.get("/static/a.bin"))
            for _ in range(100):
                await asyncio.sleep(0)
            assert not request.done()
            may_end.set()
            assert (await request).content == large

    asyncio.run(main())
    assert all(future.result() for future in held)


def test_the_cache_is_bounded(put: Put, make_app: MakeApp, fetch: Fetch) -> None:
    """However many files are asked for, in however many codings, memory stays within its limit."""
    app = make_app(cache_bytes=20_000)
    [mount] = app.routes
    cache = mount.app._cache  # type: ignore[union-attr]  # it is a mount of files
    for number in range(30):
        put(f"{number}.txt", b"x" * 1000)
        for accept in ("gzip", "br", "zstd, br"):
            fetch(app, f"/static/{number}.txt", ("accept-encoding", accept))
    assert 0 < cache._bytes <= 20_000
