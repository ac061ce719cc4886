"""This file is the rows of the benchmark, as data."""

from __future__ import annotations

import json

from content import APOLOGY, CHUNKS, GREETING, STATIC, payload
from row import Expected, Goal, Row, browser, json_answer, posted, text_answer

#: 300 bytes.
DOCUMENT = (
    b'{"id": 1024, "title": "A week by the sea", '
    b'"author": {"name": "Ada", "mail": "ada@example.com"}, '
    b'"tags": ["travel", "sea", "family"], "rating": 4.5, "published": true, '
    b'"text": "We arrived late in the evening, and the harbour was already asleep. '
    b'The next day it rained.", '
    b'"views": 31415, "next": null}'
)
ORDER = b'{"number": 17, "name": "lamp", "price": 20.5, "tags": ["home", "light"], "paid": true}'

PAGE = b"""<!doctype html>
<html lang="en">
<head><title>Products</title></head>
<body>
<h1>Products</h1>
<ul>
<li>Lamp: 20</li>
<li>Chair &amp; table: 180</li>
<li>Shelf: 75</li>
</ul>
</body>
</html>"""

ROWS = (
    Row(
        name="plaintext",
        title="plaintext GET, 13 bytes",
        goal=Goal(at_most=2.8, aim=2.0),
        expected=text_answer(GREETING),
    ),
    Row(
        name="json_get",
        title="JSON GET, codec of the standard library",
        goal=Goal(at_most=1.25, aim=1.0),
        expected=json_answer(payload()),
    ),
    Row(
        name="json_get_msgspec",
        title="JSON GET, msgspec codec",
        goal=Goal(at_most=0.6, aim=0.45),
        expected=json_answer(payload()),
        baseline="json_get",
    ),
    Row(
        name="path_params",
        title="two path parameters, one typed",
        goal=Goal(at_most=2.4, aim=1.8),
        expected=text_answer("ada 18"),
        path="/users/ada/orders/17",
    ),
    Row(
        name="query_params",
        title="two query parameters, one typed",
        goal=Goal(at_most=2.0, aim=1.4),
        expected=text_answer("Berlin 21"),
        query=b"city=Berlin&limit=20",
    ),
    Row(
        name="json_echo",
        title="POST JSON echo, 300 bytes, codec of the standard library",
        goal=Goal(at_most=1.15, aim=1.05),
        expected=json_answer(json.loads(DOCUMENT)),
        method="POST",
        headers=posted(DOCUMENT),
        content=DOCUMENT,
    ),
    Row(
        name="json_echo_msgspec",
        title="POST JSON echo, 300 bytes, msgspec codec",
        goal=Goal(at_most=0.65, aim=0.45),
        expected=json_answer(json.loads(DOCUMENT)),
        baseline="json_echo",
        method="POST",
        headers=posted(DOCUMENT),
        content=DOCUMENT,
    ),
    Row(
        name="json_model",
        title="POST JSON into a typed model of 5 fields, and back",
        goal=Goal(at_most=0.7, aim=0.5),
        expected=json_answer(json.loads(ORDER) | {"number": 18}),
        method="POST",
        headers=posted(ORDER),
        content=ORDER,
    ),
    Row(
        name="not_found",
        title="404",
        goal=Goal(at_most=3.5, aim=2.5),
        expected=Expected(status=404),
        path="/nowhere",
    ),
    Row(
        name="method_not_allowed",
        title="405",
        goal=Goal(at_most=3.5, aim=2.5),
        expected=Expected(status=405),
        method="DELETE",
    ),
    Row(
        name="cookies",
        title="cookie read and set, one header read",
        goal=Goal(at_most=2.6, aim=2.0),
        expected=text_answer("dark en-GB,en;q=0.7,de;q=0.3", set_cookie="theme=dark"),
        headers=browser((b"cookie", b"session=5f2a9c; theme=dark; seen=1")),
    ),
    Row(
        name="stream",
        title="streaming, 10 chunks",
        goal=Goal(at_most=2.8, aim=2.4),
        expected=text_answer(b"".join(CHUNKS).decode()),
        streamed=True,
    ),
    Row(
        name="template",
        title="Jinja2 page",
        goal=Goal(at_most=1.15, aim=1.05),
        expected=Expected(body=PAGE, headers={"content-type": "text/html"}),
    ),
    Row(
        name="exception",
        title="exception to its registered handler",
        goal=Goal(at_most=3.0, aim=2.1),
        expected=text_answer(APOLOGY, status=409),
    ),
    Row(
        name="static",
        title="static file, 10 KB",
        goal=Goal(at_most=4, aim=0.7),
        expected=text_answer((STATIC / "story.txt").read_text()),
        path="/static/story.txt",
    ),
    Row(
        name="websocket",
        title="WebSocket, 10 echoes",
        goal=Goal(at_most=2.2, aim=1.7),
        expected=Expected(texts=(GREETING,) * 10),
        path="/ws",
        incoming=(GREETING,) * 10,
    ),
    Row(
        name="middleware",
        title="5 middleware, own idiom",
        goal=Goal(at_most=4.5, aim=3.0),
        expected=text_answer(GREETING),
    ),
    Row(
        name="asgi_middleware",
        title="5 ASGI middleware",
        goal=Goal(at_most=2.0, aim=1.7),
        expected=text_answer(GREETING),
    ),
    Row(
        name="mounted",
        title="app mounted three deep",
        goal=Goal(at_most=1.1, aim=1.0, of="plaintext"),
        expected=text_answer(GREETING),
        path="/one/two/three/hello",
    ),
)
BY_NAME = {row.name: row for row in ROWS}
