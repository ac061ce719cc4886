import asyncio

from yaat import Yaat
from yaat.responses import StreamResponse

app = Yaat()


async def count(stopping):
    for number in range(1, 4):
        yield f"event: tick\ndata: {number}\n\n"
        if stopping.is_set():
            return
        await asyncio.sleep(0)


@app.get("/events")
async def events(request):
    headers = {"cache-control": "no-cache"}
    return StreamResponse(count(app.stopping), headers=headers, media_type="text/event-stream")
