"""This file is the raw app of the row ``template``."""

from __future__ import annotations

import jinja2

from content import TEMPLATES, page
from messages import Receive, Scope, Send

templates = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, auto_reload=False)


async def template(scope: Scope, receive: Receive, send: Send) -> None:
    body = templates.get_template("page.html").render(page()).encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
