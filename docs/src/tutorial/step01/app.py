from yaat import Yaat
from yaat.responses import HTMLResponse

app = Yaat()

PAGE = """<!doctype html>
<title>Shelf</title>
<h1>Shelf</h1>
<p>Books to read.</p>
"""


@app.get("/")
async def index(request):
    return HTMLResponse(PAGE)


@app.get("/about")
async def about(request):
    return "A shelf for books, made with Yaat."
