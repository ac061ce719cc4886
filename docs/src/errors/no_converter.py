from yaat import Yaat

app = Yaat()


@app.get("/items/{id:integer}")
async def item(request, id):
    return {"id": id}
