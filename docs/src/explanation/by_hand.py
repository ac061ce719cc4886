import asyncio

from yaat import Yaat

app = Yaat(autoload=False)


@app.get("/hello/{name}")
async def hello(request, name):
    return f"Hello {name}"


async def main():
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        print(message["type"], message.get("status") or message.get("body"))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/hello/Ada",
        "raw_path": b"/hello/Ada",
        "root_path": "",
        "query_string": b"",
        "headers": [],
    }
    await app(scope, receive, send)


asyncio.run(main())
