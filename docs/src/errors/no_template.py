from yaat import Yaat
from yaat_templates import TemplateResponse, Templates

pages = {"index.html": "<h1>Shop</h1>", "cart.html": "<h1>Cart</h1>"}
app = Yaat(plugins=[Templates(pages)])


@app.get("/")
async def index(request):
    return TemplateResponse("indx.html")
