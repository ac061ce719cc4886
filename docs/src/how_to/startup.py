from yaat import Yaat

app = Yaat()
events = []


@app.on_startup
async def start():
    events.append("start")


@app.on_shutdown
def stop(app):
    events.append("stop")


@app.get("/")
async def index(request):
    return events
