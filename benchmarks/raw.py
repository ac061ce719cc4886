"""This file is the baseline: each row's work as a careful engineer writes it with no framework.

The rules that keep it honest. Against a strawman: nothing is done that the row does not need, no
parser is called where a split does, no helper adds a call, and what never changes (a content type,
the length of a constant text) is a constant. Against cheating: what depends on the request is
computed from it, whatever else a client may send gets a right answer too, and the dicts and lists
of an answer are made for it, because a server may keep or change them.

The name of each app is that of its row in ``rows``. Rows with more to them have a module of their
own: ``raw_json_model``, ``raw_static``, ``raw_template``.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from content import CHUNKS, LAYERS, OutOfStock, payload
from messages import App, PassThrough, Receive, Scope, Send

TEXT = (b"content-type", b"text/plain; charset=utf-8")
JSON = (b"content-type", b"application/json")


async def plaintext(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"13"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"Hello, World!"})


async def json_get(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    body = json.dumps(payload()).encode()
    headers = [JSON, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def path_params(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        _, users, name, orders, number = scope["path"].split("/")
        if users != "users" or orders != "orders":
            raise ValueError(scope["path"])
        status, body = 200, f"{name} {int(number) + 1}".encode()
    except ValueError:
        status, body = 404, b"Not Found"
    headers = [TEXT, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def query_params(scope: Scope, receive: Receive, send: Send) -> None:
    query = scope["query_string"].decode("latin-1")
    if "%" in query or "+" in query:
        fields = dict(parse_qsl(query))
    else:
        fields = {}
        for pair in query.split("&"):
            name, _, value = pair.partition("=")
            fields[name] = value
    try:
        status, body = 200, f"{fields['city']} {int(fields['limit']) + 1}".encode()
    except (KeyError, ValueError):
        status, body = 400, b"Bad Request"
    headers = [TEXT, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def json_echo(scope: Scope, receive: Receive, send: Send) -> None:
    content = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        content += message.get("body", b"")
        more = message.get("more_body", False)
    try:
        status, body = 200, json.dumps(json.loads(content)).encode()
    except ValueError:
        status, body = 400, b'{"error": "malformed JSON"}'
    headers = [JSON, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


ROUTES: dict[str, dict[str, App]] = {"/": {"GET": plaintext}}
ALLOW = {path: ", ".join(methods).encode() for path, methods in ROUTES.items()}


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    methods = ROUTES.get(scope["path"])
    if methods is None:
        headers = [TEXT, (b"content-length", b"9")]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": b"Not Found"})
        return
    app = methods.get(scope["method"])
    if app is None:
        headers = [TEXT, (b"content-length", b"18"), (b"allow", ALLOW[scope["path"]])]
        await send({"type": "http.response.start", "status": 405, "headers": headers})
        await send({"type": "http.response.body", "body": b"Method Not Allowed"})
        return
    await app(scope, receive, send)


method_not_allowed = not_found


async def cookies(scope: Scope, receive: Receive, send: Send) -> None:
    language = theme = ""
    for name, value in scope["headers"]:
        if name == b"accept-language":
            language = value.decode("latin-1")
        elif name == b"cookie":
            for pair in value.decode("latin-1").split("; "):
                key, _, text = pair.partition("=")
                if key == "theme":
                    theme = text
    body = f"{theme} {language}".encode()
    headers = [
        TEXT,
        (b"content-length", b"%d" % len(body)),
        (b"set-cookie", f"theme={theme}; Path=/; HttpOnly; SameSite=lax".encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    # send() raises OSError once the client has left (ASGI HTTP spec 2.4): free until then.
    try:
        await send({"type": "http.response.start", "status": 200, "headers": [TEXT]})
        for chunk in CHUNKS:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except OSError:
        return


async def exception(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        raise OutOfStock
    except OutOfStock:
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"12"),
        ]
        await send({"type": "http.response.start", "status": 409, "headers": headers})
        await send({"type": "http.response.body", "body": b"out of stock"})


async def websocket(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", "text": message["text"]})


#: Middleware that does nothing is, by hand, nothing: the frameworks' layers are measured in full.
middleware = plaintext


def wrapped(app: App) -> App:
    for _ in range(LAYERS):
        app = PassThrough(app)
    return app


asgi_middleware = wrapped(plaintext)


async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] != "/one/two/three/hello":
        await not_found(scope, receive, send)
        return
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"13"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"Hello, World!"})
