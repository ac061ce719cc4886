from yaat import Yaat
from yaat.responses import TextResponse

app = Yaat()


@app.route("/")
async def index(request):
    return TextResponse("Hello World")
