from yaat import Yaat
from yaat.responses import TextResponse


class Maintenance:
    def __init__(self, path):
        self.path = path

    def process_request(self, request):
        if request.path.startswith(self.path):
            return TextResponse("Back soon", 503, {"retry-after": "60"})

    def process_response(self, request, response):
        response.headers["x-served-by"] = "yaat"


app = Yaat()
app.add_middleware(Maintenance, path="/shop")


@app.get("/")
async def index(request):
    return "Open"


@app.get("/shop/cart")
async def cart(request):
    return "Cart"
