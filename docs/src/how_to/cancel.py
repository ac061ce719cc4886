import asyncio

from yaat import Yaat

app = Yaat()
events = []


@app.get("/report", on_disconnect="cancel")
async def report(request):
    try:
        events.append("begun")
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        events.append("cancelled")
        raise
