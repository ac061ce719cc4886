from yaat import Yaat
from yaat_staticfiles import StaticFiles

app = Yaat()


@app.get("/api/prices")
async def prices(request):
    return {"tea": 3}


app.mount("/", StaticFiles(directory="dist", html=True, fallback="index.html"))
