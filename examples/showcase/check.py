"""Tries every page of the guest book over a real connection, and prints what it sees."""

import asyncio
import json
import socket
from typing import Any

import httpx
import uvicorn
import websockets


class Witness:
    """Compares what is seen with what should be, and remembers how often that differs."""

    def __init__(self) -> None:
        self.surprises = 0

    def see(self, what: str, seen: Any, wanted: Any) -> None:
        """Print what is seen; a surprise with what was expected."""
        if seen == wanted:
            print(f"ok        {what}: {seen}")
        else:
            self.surprises += 1
            print(f"SURPRISE  {what}: {seen!r} instead of {wanted!r}")


async def check_showcase(app: Any) -> int:
    """Serve *app* on a free port, try everything, and return the exit status: 0 when nothing was a surprise."""
    app.build()  # What is set up wrongly shows here, plainly.
    witness = Witness()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # With lifespan="on" an app that cannot start ends the program.
        server = uvicorn.Server(uvicorn.Config(app, lifespan="on", log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await check_all(f"127.0.0.1:{listener.getsockname()[1]}", witness)
        finally:
            server.should_exit = True
            await serving
    print(f"{witness.surprises} surprises" if witness.surprises else "Everything is as it should be.")
    return 1 if witness.surprises else 0


async def check_all(host: str, witness: Witness) -> None:
    """Try everything that the server at *host* serves."""
    async with httpx.AsyncClient(base_url=f"http://{host}") as client:
        await check_pages(client, witness)
        await check_live_updates(client, f"ws://{host}/live", witness)
        await check_api(client, witness)
        await check_document(client, witness)
        await check_errors(client, witness)


async def check_pages(client: httpx.AsyncClient, witness: Witness) -> None:
    """Look at the pages that people see."""
    page = await client.get("/")
    witness.see("GET / answers", page.status_code, 200)
    witness.see("  with", page.headers["content-type"], "text/html; charset=utf-8")
    witness.see("  and has the form", '<form method="post">' in page.text, True)
    witness.see("  and was timed by the plugin", page.headers.get("server-timing", "").startswith("app;dur="), True)
    head = await client.head("/")
    witness.see("HEAD / answers", (head.status_code, head.text), (200, ""))
    script = await client.get("/live.js")
    witness.see("GET /live.js answers", script.headers["content-type"], "text/javascript; charset=utf-8")
    stats = await client.get("/stats")
    witness.see("GET /stats counts", "3 requests were answered so far" in stats.text, True)


async def check_live_updates(client: httpx.AsyncClient, url: str, witness: Witness) -> None:
    """Sign by the form, and hear of it over a WebSocket."""
    async with websockets.connect(url) as live:
        answer = await client.post("/", data={"name": "Ada <b>", "message": "Hello & hi"})
        witness.see("POST / leads back", (answer.status_code, answer.headers["location"]), (303, "/"))
        news = json.loads(await asyncio.wait_for(live.recv(), 10))
        witness.see("WebSocket /live tells", (news["name"], news["message"]), ("Ada <b>", "Hello & hi"))
    page = await client.get("/")
    witness.see("GET / shows it escaped", "<b>Ada &lt;b&gt;</b>" in page.text, True)
    refused = await client.post("/", data={"name": "", "message": "Hello"})
    witness.see("POST / without a name answers", refused.status_code, 422)
    witness.see("  and says so", "Please write a name." in refused.text, True)


async def check_api(client: httpx.AsyncClient, witness: Witness) -> None:
    """Write, read and remove an entry as programs do."""
    created = await client.post("/api/entries", json={"name": "Grace", "message": "Hi"})
    witness.see("POST /api/entries answers", created.status_code, 201)
    place = created.headers["location"]
    witness.see("  and leads to", place, "/api/entries/3")
    witness.see(f"GET {place} gives", (await client.get(place)).json(), created.json())
    entries = (await client.get("/api/entries")).json()
    witness.see("GET /api/entries lists", [entry["name"] for entry in entries], ["Grace", "Ada <b>", "Yaat"])
    witness.see(f"DELETE {place} answers", (await client.delete(place)).status_code, 204)
    gone = await client.get(place)
    witness.see(f"GET {place} answers then", (gone.status_code, gone.json()["detail"]), (404, "There is no entry 3."))
    refused = await client.post("/api/entries", content=b"{")
    witness.see("POST /api/entries without JSON answers", refused.status_code, 415)


async def check_document(client: httpx.AsyncClient, witness: Witness) -> None:
    """Look at the description of the API."""
    answer = await client.get("/openapi.json")
    document = answer.json()
    witness.see("GET /openapi.json is", (document["openapi"], document["info"]["title"]), ("3.1.0", "Guest book"))
    paths = ["/", "/api/entries", "/api/entries/{entry_id}", "/stats"]
    witness.see("  and has the paths", list(document["paths"]), paths)
    witness.see("  and the WebSocket", [route["path"] for route in document["x-websockets"]], ["/live"])
    again = await client.get("/openapi.json", headers={"if-none-match": answer.headers["etag"]})
    witness.see("  and is not sent twice", again.status_code, 304)
    docs = await client.get("/docs")
    witness.see("GET /docs answers", (docs.status_code, "Guest book" in docs.text), (200, True))


async def check_errors(client: httpx.AsyncClient, witness: Witness) -> None:
    """Ask for what is not there."""
    missing = await client.get("/nowhere")
    witness.see("GET /nowhere answers", missing.status_code, 404)
    witness.see("  and was timed all the same", "server-timing" in missing.headers, True)
    wrong = await client.put("/")
    witness.see("PUT / answers", (wrong.status_code, wrong.headers["allow"]), (405, "GET, HEAD, OPTIONS, POST"))
