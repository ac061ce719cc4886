"""What makes an HTTP client a test client."""

import asyncio
from typing import Any

import pytest


async def describe(scope: Any, receive: Any, send: Any) -> None:
    """Answer with what the app sees, or redirect."""
    if scope["path"].endswith("/old"):
        await send({"type": "http.response.start", "status": 307, "headers": [(b"location", b"/new")]})
        await send({"type": "http.response.body"})
        return
    headers = dict(scope["headers"])
    body = b""
    while (message := await receive())["more_body"]:
        body += message["body"]
    facts = [
        scope["path"],
        scope["root_path"],
        ":".join(map(str, scope["client"])),
        headers[b"host"].decode(),
        headers.get(b"cookie", b"").decode(),
        headers.get(b"x-a", b"").decode(),
        headers.get(b"authorization", b"").decode(),
        (body + message["body"]).decode(),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"set-cookie", b"seen=1")]})
    await send({"type": "http.response.body", "body": "|".join(facts).encode()})


def test_an_app_sees_a_test_client(http: Any) -> None:
    """Unless told otherwise it comes from nowhere to nowhere."""
    assert http.TestClient(describe).get("/x").text == "/x||testclient:50000|testserver||||"


def test_what_the_app_sees_can_be_chosen(http: Any) -> None:
    """Address, host, root path, headers, cookies and authentication."""
    client = http.TestClient(
        describe,
        base_url="https://shop.test:444/v1/",
        client=("10.0.0.1", 7),
        root_path="/api",
        headers={"x-a": "1"},
        cookies={"c": "2"},
        auth=("me", "pw"),
    )
    text = client.post("/x", content="body").text
    assert text == "/api/v1/x|/api|10.0.0.1:7|shop.test:444|c=2|1|Basic bWU6cHc=|body"


def test_redirects_are_followed(http: Any) -> None:
    """Unless they are what is tested."""
    client = http.TestClient(describe)
    response = client.get("/old")
    assert (response.url.path, [hop.status_code for hop in response.history]) == ("/new", [307])
    assert client.get("/old", follow_redirects=False).status_code == 307
    assert http.TestClient(describe, follow_redirects=False).get("/old").status_code == 307


def test_cookies_are_kept(http: Any) -> None:
    """What a response sets, the next request sends."""
    client = http.TestClient(describe)
    client.get("/x")
    assert client.get("/x").text.split("|")[4] == "seen=1"


def test_files_are_uploaded(http: Any) -> None:
    """As multipart, made by the library."""
    assert 'filename="a.txt"' in http.TestClient(describe).post("/x", files={"f": ("a.txt", b"hello")}).text


@pytest.mark.parametrize("timeout", [0.5, None])
def test_the_limit_is_the_timeout_of_the_client(http: Any, timeout: float | None) -> None:
    """So a request may have its own."""
    assert http.TestClient(describe, timeout_seconds=timeout).timeout.read == timeout
    assert http.AsyncTestClient(describe, timeout_seconds=timeout).timeout.read == timeout


async def tick(scope: Any, receive: Any, send: Any) -> None:
    """Stream for ever; tell the end in the state."""
    try:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"tick\n", "more_body": True})
    finally:
        LEFT.append(scope["path"])


LEFT: list[str] = []


def test_a_client_can_go_away_in_the_middle(http: Any) -> None:
    """The app has ended when that returns; the rest cannot be read."""
    LEFT.clear()
    client = http.TestClient(tick)
    with client.stream("GET", "/x") as response:
        chunks = response.iter_raw()
        assert next(chunks) == b"tick\n"
        client.disconnect(response)
        assert LEFT == ["/x"]
        with pytest.raises(RuntimeError, match="was closed before its end"):
            next(chunks)


@pytest.mark.anyio
async def test_an_asynchronous_client_can_go_away_in_the_middle(http: Any) -> None:
    """As a synchronous one."""
    LEFT.clear()
    client = http.AsyncTestClient(tick)
    async with client.stream("GET", "/x") as response:
        chunks = response.aiter_raw()
        assert await anext(chunks) == b"tick\n"
        await client.disconnect(response)
        assert LEFT == ["/x"]
        with pytest.raises(RuntimeError, match="was closed before its end"):
            await anext(chunks)


@pytest.mark.anyio
async def test_asynchronous_requests_run_side_by_side(http: Any) -> None:
    """On one loop, so the app sees them at the same time."""
    both_are_here, here = asyncio.Event(), []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        here.append(scope["path"])
        if len(here) == 2:
            both_are_here.set()
        await both_are_here.wait()
        await describe(scope, receive, send)

    client = http.AsyncTestClient(app)
    one, other = await asyncio.gather(client.get("/one"), client.get("/other"))
    assert (one.status_code, other.status_code) == (200, 200)
