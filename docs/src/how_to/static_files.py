from yaat import Yaat
from yaat_staticfiles import FileResponse, StaticFiles

app = Yaat()
app.mount("/static", StaticFiles(directory="static"))


@app.get("/report")
async def report(request):
    return FileResponse("downloads/report.txt", filename="Report 2026.txt")


@app.get("/downloads/{name}")
async def download(request, name):
    return FileResponse(name, directory="downloads")
