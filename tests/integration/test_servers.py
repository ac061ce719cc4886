"""HTTP over the network: each server with each client, on the example that has httpbin's API. It prints a table."""

import asyncio
import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import pytest

pytest.importorskip("brotli", reason="the example needs brotli")

FOLDER = Path(__file__).parents[2] / "examples" / "httpbin"
#: Longer than anything here takes.
PATIENCE_SECONDS = 20
#: For each server: the modules that it needs, and its command.
SERVERS: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "uvicorn": (("uvicorn",), ["-m", "uvicorn", "app:app", "--port", "{port}"]),
    "granian": (("granian",), ["-m", "granian", "app:app", "--interface", "asgi", "--port", "{port}"]),
    "hypercorn": (("hypercorn",), ["-m", "hypercorn", "app:app", "--workers", "0", "--bind", "127.0.0.1:{port}"]),
    "daphne": (("daphne",), ["-m", "daphne", "app:app", "--port", "{port}"]),
    "gunicorn, uvicorn": (
        ("gunicorn", "uvicorn_worker"),
        ["-m", "gunicorn", "app:app", "-k", "uvicorn_worker.UvicornWorker", "--bind", "127.0.0.1:{port}"],
    ),
    "gunicorn, asgi": (
        ("gunicorn",),
        ["-m", "gunicorn", "app:app", "-k", "asgi", "--bind", "127.0.0.1:{port}"],
    ),
}


# --- clients ---


@dataclass(frozen=True)
class Answer:
    """What a client has received; the content is as the client gives it, decompressed."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        """Return the content, which is JSON."""
        return json.loads(self.content)


class Client(Protocol):
    """Sends one request, and follows no redirect. Content in parts is sent in chunks."""

    def __call__(
        self, method: str, url: str, headers: dict[str, str], content: bytes | list[bytes] | None
    ) -> Answer: ...


def ask_with_curl(method: str, url: str, headers: dict[str, str], content: bytes | list[bytes] | None) -> Answer:
    """Send a request with curl, which sends chunks of what comes from a pipe, when it is told to."""
    how = ["--head"] if method == "HEAD" else ["--request", method]
    if isinstance(content, list):
        content, headers = b"".join(content), {**headers, "Transfer-Encoding": "chunked"}
    fields = [option for name, value in headers.items() for option in ("--header", f"{name}: {value}")]
    body = [] if content is None else ["--data-binary", "@-"]
    command = ["curl", "--silent", "--show-error", "--include", "--compressed", *how, *fields, *body, url]
    done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE_SECONDS, check=True)
    head, _, rest = done.stdout.partition(b"\r\n\r\n")
    while head.split()[1] == b"100":  # Continue, and what follows is the answer.
        head, _, rest = rest.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return Answer(int(status.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}, rest)


def ask_with_httpx(method: str, url: str, headers: dict[str, str], content: bytes | list[bytes] | None) -> Answer:
    """Send a request with httpx."""
    httpx = import_module("httpx")
    body = iter(content) if isinstance(content, list) else content
    response = httpx.request(method, url, headers=headers, content=body, timeout=PATIENCE_SECONDS, trust_env=False)
    return Answer(response.status_code, dict(response.headers), response.content)


def ask_with_requests(method: str, url: str, headers: dict[str, str], content: bytes | list[bytes] | None) -> Answer:
    """Send a request with requests."""
    requests = import_module("requests")
    body = iter(content) if isinstance(content, list) else content
    options: Any = {"headers": headers, "data": body, "timeout": PATIENCE_SECONDS, "allow_redirects": False}
    response = requests.request(method, url, **options)
    return Answer(
        response.status_code, {name.lower(): value for name, value in response.headers.items()}, response.content
    )


def ask_with_aiohttp(method: str, url: str, headers: dict[str, str], content: bytes | list[bytes] | None) -> Answer:
    """Send a request with aiohttp."""
    aiohttp = import_module("aiohttp")

    async def send_parts(parts: list[bytes]) -> Any:
        for part in parts:
            yield part

    async def ask() -> Answer:
        body = send_parts(content) if isinstance(content, list) else content
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE_SECONDS)) as session,
            session.request(method, url, headers=headers, data=body, allow_redirects=False) as response,
        ):
            fields = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, fields, await response.read())

    return asyncio.run(ask())


CLIENTS: dict[str, Client] = {
    "curl": ask_with_curl,
    "httpx": ask_with_httpx,
    "aiohttp": ask_with_aiohttp,
    "requests": ask_with_requests,
}


def is_here(client: str) -> bool:
    """Return whether a client is installed."""
    return shutil.which("curl") is not None if client == "curl" else find_spec(client) is not None


# --- servers ---


def find_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_connectable(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Return when *port* accepts connections."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            assert server.poll() is None, f"{server.args!r} ended with {server.returncode}."
            assert time.monotonic() < deadline, f"{server.args!r} does not listen."
            time.sleep(0.02)
        else:
            return


@pytest.fixture(scope="module", params=SERVERS)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server that serves the app: its name and its URL."""
    modules, command = SERVERS[request.param]
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        pytest.skip(f"{request.param}: {', '.join(missing)} is not installed")
    port = find_port()
    log = tmp_path_factory.mktemp("servers") / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, *(part.format(port=port) for part in command)],
            cwd=FOLDER,
            env={**os.environ, "PYTHONPATH": str(FOLDER), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_connectable(server, port)
            yield request.param, f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(PATIENCE_SECONDS)
    assert "Traceback" not in log.read_text("utf-8"), log.read_text("utf-8")


@dataclass
class Table:
    """What each client saw of each server."""

    cells: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def note(self, feature: str, server: str, client: str) -> None:
        """Keep that *client* got from *server* what it should."""
        self.cells.setdefault(feature, {}).setdefault(server, []).append(client)

    def format(self) -> str:
        """Return the table as text, a line for each feature, with the clients for which it works."""
        servers = list(dict.fromkeys(server for row in self.cells.values() for server in row))
        rows = [["", *servers]]
        for feature, row in self.cells.items():
            rows.append([feature, *(self._format_cell(row.get(server, [])) for server in servers)])
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)

    @staticmethod
    def _format_cell(clients: list[str]) -> str:
        return "all clients" if len(clients) == len(CLIENTS) else " ".join(clients) or "–"


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """The table of all servers; it is printed in the end."""
    made = Table()
    yield made
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    if capture is not None and made.cells:
        with capture.global_and_fixture_disabled():
            print(f"\n{made.format()}")


# --- features ---

#: Sends a request: method, path, headers, content.
Ask = Callable[..., Answer]


def try_get(ask: Ask) -> None:
    """Query and headers arrive."""
    shown = ask("GET", "/get?a=1&b=%C3%A9", {"X-Test": "yes"}).json()
    assert shown["args"] == {"a": "1", "b": "é"}
    assert shown["headers"]["X-Test"] == "yes"
    assert shown["origin"] == "127.0.0.1"


def try_path(ask: Ask) -> None:
    """An escaped path arrives as it was sent."""
    assert ask("GET", "/anything/a%20b%2Fc/%C3%A9").json()["url"].endswith("/anything/a%20b%2Fc/%C3%A9")


def try_head(ask: Ask) -> None:
    """HEAD has the headers of GET, and no content."""
    answer = ask("HEAD", "/robots.txt")
    assert (answer.status, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0


def try_json(ask: Ask) -> None:
    """JSON arrives, by any method that takes content."""
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        shown = ask(
            method, f"/{method.lower()}", {"Content-Type": "application/json"}, b'{"a": [1, "\xc3\xa9"]}'
        ).json()
        assert shown["json"] == {"a": [1, "é"]}


def try_chunked_upload(ask: Ask) -> None:
    """Content of unknown length arrives whole."""
    parts = [b"part %d;" % number for number in range(50)]
    assert ask("POST", "/post", {"Content-Type": "text/plain"}, parts).json()["data"] == b"".join(parts).decode()


def try_large_upload(ask: Ask) -> None:
    """A megabyte arrives whole."""
    content = b"0123456789abcdef" * 65_536
    shown = ask("POST", "/post", {"Content-Type": "text/plain"}, content).json()
    assert shown["data"].encode() == content


def try_form(ask: Ask) -> None:
    """A multipart form is taken apart."""
    content = (
        b'--b\r\nContent-Disposition: form-data; name="n"\r\n\r\nv\r\n'
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n\xff\r\n--b--\r\n'
    )
    shown = ask("POST", "/post", {"Content-Type": "multipart/form-data; boundary=b"}, content).json()
    assert shown["form"] == {"n": "v"}
    assert shown["files"] == {"f": "data:application/octet-stream;base64,/w=="}


def try_stream(ask: Ask) -> None:
    """A stream arrives whole."""
    lines = ask("GET", "/stream/100").content.splitlines()
    assert [json.loads(line)["id"] for line in lines] == list(range(100))


def try_drip(ask: Ask) -> None:
    """Content that comes slowly arrives whole, and its length is told."""
    answer = ask("GET", "/drip?numbytes=20&duration=0.1")
    assert (answer.content, answer.headers["content-length"]) == (b"*" * 20, "20")


def try_compression(ask: Ask) -> None:
    """Compressed content is told to be that; the client decompresses it."""
    answer = ask("GET", "/gzip", {"Accept-Encoding": "gzip"})
    content = gzip.decompress(answer.content) if answer.content.startswith(b"\x1f\x8b") else answer.content
    assert json.loads(content)["gzipped"] is True


def try_redirect(ask: Ask) -> None:
    """A redirect leads on."""
    answer = ask("GET", "/redirect/2")
    assert (answer.status, answer.headers["location"]) == (302, "/relative-redirect/1")


def try_cookies(ask: Ask) -> None:
    """Cookies are set, and come back."""
    assert ask("GET", "/cookies/set/a/1").headers["set-cookie"].startswith("a=1; Path=/")
    assert ask("GET", "/cookies", {"Cookie": "a=1; b=2"}).json() == {"cookies": {"a": "1", "b": "2"}}


def try_range(ask: Ask) -> None:
    """A range is a part."""
    answer = ask("GET", "/range/26", {"Range": "bytes=3-5"})
    assert (answer.status, answer.content) == (206, b"def")


def try_not_modified(ask: Ask) -> None:
    """A 304 has no content, and 204 has none."""
    assert (answer := ask("GET", "/etag/x", {"If-None-Match": "x"})).status == 304
    assert answer.content == b""
    assert ask("OPTIONS", "/get").status == 204


def try_errors(ask: Ask) -> None:
    """Errors are told in the form that the client likes."""
    answer = ask("GET", "/nowhere", {"Accept": "application/json"})
    assert (answer.status, answer.json()["status"]) == (404, 404)
    answer = ask("PUT", "/get")
    assert (answer.status, "GET" in answer.headers["allow"]) == (405, True)


FEATURES: list[Callable[[Ask], None]] = [
    try_get,
    try_path,
    try_head,
    try_json,
    try_chunked_upload,
    try_large_upload,
    try_form,
    try_stream,
    try_drip,
    try_compression,
    try_redirect,
    try_cookies,
    try_range,
    try_not_modified,
    try_errors,
]


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.__name__.removeprefix("try_"))
@pytest.mark.parametrize("client", CLIENTS)
def test_feature(client: str, feature: Callable[[Ask], None], served: tuple[str, str], table: Table) -> None:
    """Each feature works on each server, for each client."""
    if not is_here(client):
        pytest.skip(f"{client} is not installed")
    name, url = served

    def ask(
        method: str, path: str, headers: dict[str, str] | None = None, content: bytes | list[bytes] | None = None
    ) -> Answer:
        return CLIENTS[client](method, url + path, headers or {}, content)

    feature(ask)
    table.note(feature.__name__.removeprefix("try_").replace("_", " "), name, client)
