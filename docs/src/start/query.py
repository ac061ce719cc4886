from yaat import Yaat

app = Yaat()


@app.get("/search")
async def search(request):
    word = request.query_params.get("word", "")
    return {"word": word, "length": len(word)}
