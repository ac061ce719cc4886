"""The work of `loaded_app.py` by hand, without Yaat: what is lost here, the server loses."""

import asyncio
from typing import Any

from .loaded_app import PARTS, SLOW_SECONDS, note


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer any path that `loaded_app.py` has, except those of WebSockets, and end streams by themselves."""
    if scope["type"] == "lifespan":
        for state in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{state}.complete"})
        return
    note("begun", scope["query_string"].decode())
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    parts = PARTS if scope["path"] == "/stream" else 1
    pause = 0 if scope["path"] in ("/quick", "/upload") else SLOW_SECONDS / parts
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(parts):
        await asyncio.sleep(pause)
        await send({"type": "http.response.body", "body": b"part;", "more_body": True})
    await send({"type": "http.response.body", "body": b""})
