from yaat import Yaat
from yaat_cors import CORS

app = Yaat(settings={"cors": {"allow_origins": ["https://app.example.com"]}})


@app.get("/prices")
async def prices(request):
    return {"tea": 3}


@app.get("/fonts", middleware=[CORS(allow_origins=["*"])])
async def fonts(request):
    return ["serif", "sans"]


@app.get("/private", middleware=[CORS()])
async def private(request):
    return "For this site alone"
