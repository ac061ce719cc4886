from yaat import Yaat
from yaat.conditional import check_preconditions, make_conditional
from yaat.responses import JSONResponse

app = Yaat()
note = {"version": 1, "text": "Milk"}


@app.get("/note")
async def read(request):
    return make_conditional(request, JSONResponse(note), etag=str(note["version"]))


@app.put("/note")
async def write(request):
    check_preconditions(request, etag=str(note["version"]))
    note["text"] = (await request.json())["text"]
    note["version"] += 1
    return note
