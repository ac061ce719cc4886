from yaat import Yaat

app = Yaat()


@app.get("/items/{id}")
async def item(request, item_id):
    return {"id": item_id}
