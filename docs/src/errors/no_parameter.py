from yaat import Yaat

app = Yaat(autoload=False)


@app.get("/search")
async def search(request, word: str):
    return word
