from yaat import Router, Yaat

app = Yaat(max_body_bytes=1_000_000)
small = Router(prefix="/small", max_body_bytes=10)


@small.post("/note")
async def note(request):
    return {"bytes": len(await request.body())}


@small.post("/big", max_body_bytes=1000)
async def big(request):
    return {"bytes": len(await request.body())}


app.mount(small)
