from yaat import Yaat

app = Yaat()


@app.get("/whoami")
async def whoami(request):
    return {
        "client": request.client.host,
        "url": request.url,
        "path": request.url_for("whoami"),
    }
