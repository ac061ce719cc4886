"""What httpbin's own tests do not ask of the example (see `nox -s outside_httpbin`): contents, and what is refused."""

import base64
import gzip
import importlib.util
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yaat_testclient import TestClient

brotli = pytest.importorskip("brotli", reason="the example needs brotli")

FOLDER = Path(__file__).parents[2] / "examples" / "httpbin"
#: How a file of each type begins.
SIGNATURES = {"png": b"\x89PNG\r\n", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF", "svg": b"<svg "}


@pytest.fixture(scope="module")
def app() -> Any:
    """The app, loaded from its folder as a server does it."""
    spec = importlib.util.spec_from_file_location("httpbin_app", FOLDER / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(FOLDER))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(FOLDER))
    return module.app


@pytest.fixture
def client(app: Any) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://bin.example") as client:
        yield client


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_content_is_shown_in_each_way(client: TestClient, method: str) -> None:
    shown = client.request(method.upper(), f"/{method}?a=1&a=2&b=", json={"x": [1]}).json()
    assert shown["json"] == {"x": [1]}
    assert json.loads(shown["data"]) == {"x": [1]}
    assert shown["args"] == {"a": ["1", "2"], "b": ""}
    assert shown["url"] == f"http://bin.example/{method}?a=1&a=2&b="
    assert (shown["form"], shown["files"]) == ({}, {})


def test_form_is_taken_apart(client: TestClient) -> None:
    files = {"text": ("a.txt", b"hello", "text/plain"), "binary": ("b.bin", b"\xff\x00", "application/x-b")}
    shown = client.post("/post", data={"name": ["Ada", "Bob"]}, files=files).json()
    assert shown["form"] == {"name": ["Ada", "Bob"]}
    assert shown["files"] == {"text": "hello", "binary": "data:application/x-b;base64,/wA="}
    assert (shown["data"], shown["json"]) == ("", None)


def test_malformed_form_is_shown_as_it_came(client: TestClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert client.post("/post", content=b"--b\r\nno end", headers=headers).json()["data"] == "--b\r\nno end"


def test_any_method_and_path_can_be_sent_to_anything(client: TestClient) -> None:
    shown = client.request("TRACE", "/anything/a%20b/c?x=%C3%A9").json()
    assert (shown["method"], shown["args"]) == ("TRACE", {"x": "é"})
    assert shown["url"] == "http://bin.example/anything/a%20b/c?x=%C3%A9"


def test_headers_of_proxies_are_shown_on_request_alone(client: TestClient) -> None:
    headers = {"via": "1.1 proxy", "x-forwarded-for": "192.0.2.1"}
    assert "Via" not in client.get("/headers", headers=headers).json()["headers"]
    assert client.get("/headers?show_env", headers=headers).json()["headers"]["Via"] == "1.1 proxy"
    assert client.get("/ip", headers=headers).json() == {"origin": "192.0.2.1"}


@pytest.mark.parametrize(
    ("path", "decompress"), [("/gzip", gzip.decompress), ("/deflate", zlib.decompress), ("/brotli", brotli.decompress)]
)
def test_compressed_content_can_be_read(client: TestClient, path: str, decompress: Any) -> None:
    with client.stream("GET", path) as response:
        content = b"".join(response.iter_raw())
    shown = json.loads(decompress(content))
    assert shown["method"] == "GET"
    assert shown[{"/gzip": "gzipped", "/deflate": "deflated", "/brotli": "brotli"}[path]] is True


@pytest.mark.parametrize("kind", SIGNATURES)
def test_picture_is_of_its_type(client: TestClient, kind: str) -> None:
    response = client.get(f"/image/{kind}")
    assert response.headers["content-type"].startswith(f"image/{kind}")
    assert response.content.startswith(SIGNATURES[kind])
    chosen = client.get("/image", headers={"accept": response.headers["content-type"]})
    assert chosen.content == response.content


def test_client_that_takes_no_picture_gets_none(client: TestClient) -> None:
    response = client.get("/image", headers={"accept": "text/html"})
    assert (response.status_code, "image/webp" in response.json()["accept"]) == (406, True)


def test_cookies_come_and_go(client: TestClient) -> None:
    assert client.get("/cookies/set?a=1&b=two%20words").json() == {"cookies": {"a": "1", "b": "two words"}}
    client.get("/cookies/set/c/3")
    assert client.get("/cookies/delete?a&b").json() == {"cookies": {"c": "3"}}


def test_cookies_are_secure_where_the_connection_is(app: Any) -> None:
    with TestClient(app, base_url="https://bin.example") as client:
        assert "; Secure" in client.get("/cookies/set/a/1", follow_redirects=False).headers["set-cookie"]


def test_basic_password_lets_in(client: TestClient) -> None:
    assert client.get("/basic-auth/ada/pass", auth=("ada", "pass")).json() == {"authenticated": True, "user": "ada"}
    refused = client.get("/basic-auth/ada/pass", auth=("ada", "word"))
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Basic realm="Yaat"')
    assert client.get("/hidden-basic-auth/ada/pass").status_code == 404


@pytest.mark.parametrize("credentials", ["Basic", "Basic *", "Basic YQ==", "Basic /w==", "Basic é"])
def test_malformed_credentials_are_wrong_ones(client: TestClient, credentials: str) -> None:
    headers = {b"authorization": credentials.encode("latin-1")}
    assert client.get("/basic-auth/ada/pass", headers=headers).status_code == 401


@pytest.mark.parametrize("credentials", ["Digest", "Digest x", "Digest =", 'Digest response="é"', "Digest qop=x,a=b"])
def test_malformed_digest_is_a_wrong_one(client: TestClient, credentials: str) -> None:
    headers = {b"authorization": credentials.encode("latin-1")}
    assert client.get("/digest-auth/auth/ada/pass", headers=headers).status_code == 401


def test_one_of_several_statuses_is_chosen(client: TestClient) -> None:
    assert {client.get("/status/200:0,201:0.5,202").status_code for _ in range(50)} == {201, 202}


def test_teapot_is_a_teapot(client: TestClient) -> None:
    response = client.get("/status/418")
    assert "short and stout" in response.text
    assert response.headers["x-more-info"].endswith("rfc2324")


def test_redirect_takes_a_url_in_any_case(client: TestClient) -> None:
    path = "/redirect-to?URL=https://example.org/%C3%A9&Status_Code=308"
    response = client.get(path, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (308, "https://example.org/%C3%A9")


def test_links_lead_to_each_other(client: TestClient) -> None:
    page = client.get("/links/3").text
    assert page.count("<a ") == 2
    assert 'href="/links/3/2"' in page


def test_headers_of_the_response_are_told(client: TestClient) -> None:
    response = client.get("/response-headers?x-a=1&x-a=2&content-type=text/plain&content-length=7")
    assert response.headers["content-type"] == "text/plain"
    told = json.loads(response.text)
    assert told["x-a"] == ["1", "2"]
    assert told["Content-Length"] == str(len(response.content)) == response.headers["content-length"]


def test_seed_decides_the_bytes(client: TestClient) -> None:
    first, second = (client.get(f"{path}/20000?seed=7&chunk_size=999").content for path in ("/bytes", "/stream-bytes"))
    assert first == second
    assert len(first) == 20000
    assert client.get("/bytes/20000?seed=8").content != first


def test_stream_has_a_line_for_each(client: TestClient) -> None:
    lines = client.get("/stream/3").text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [0, 1, 2]


def test_drops_are_as_many_as_asked_for(client: TestClient) -> None:
    response = client.get("/drip?numbytes=1000&duration=0.05&code=201")
    assert (response.status_code, response.content) == (201, b"*" * 1000)


def test_text_is_decoded(client: TestClient) -> None:
    encoded = base64.urlsafe_b64encode("größe?".encode()).decode()
    assert client.get(f"/base64/{encoded}").text == "größe?"


@pytest.mark.parametrize(
    "path",
    [
        "/status/99",
        "/status/2²",
        "/status/200:nan",
        "/status/200:0",
        "/delay/inf",
        "/delay/x",
        "/drip?numbytes=x",
        "/drip?duration=nan",
        "/drip?code=100",
        f"/bytes/5?seed={'9' * 5000}",
        "/redirect-to",
        "/redirect/0",
        "/cookies/set?a%0D%0Ab=c",
        "/cookies/set?__Host-a=1",
        "/cookies/delete?a%20b",
        "/response-headers?x-a=%0D%0Ax-b",
        "/response-headers?x%20a=1",
        "/etag/%0A",
    ],
)
def test_what_makes_no_sense_is_the_clients_mistake(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("path", ["/", "/html", "/xml", "/forms/post", "/encoding/utf8", "/robots.txt", "/deny"])
def test_document_is_there(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.text


def test_cross_origin_answers_are_readable_even_when_they_are_errors(client: TestClient) -> None:
    for path in ("/nowhere", "/status/500", "/delay/x"):
        headers = client.get(path, headers={"origin": "https://page.example"}).headers
        assert headers["access-control-allow-origin"] == "https://page.example"
