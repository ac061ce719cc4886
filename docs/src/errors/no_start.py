from yaat import Yaat

app = Yaat()


@app.on_startup
async def connect():
    raise ConnectionError("The database does not answer.")
