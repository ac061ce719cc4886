from yaat import Yaat

app = Yaat()


@app.get("/text")
async def text(request):
    return "Just text"


@app.get("/json")
async def json(request):
    return {"title": "Emma", "pages": 474}


@app.get("/created")
async def created(request):
    return {"id": 7}, 201


@app.get("/nothing")
async def nothing(request) -> None:
    pass
