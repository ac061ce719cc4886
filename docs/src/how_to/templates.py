from yaat import Yaat
from yaat_templates import TemplateResponse, Templates, template


def format_money(amount):
    return f"{amount:.2f} €"


def add_user(request):
    return {"user": request.headers.get("x-user", "guest")}


templates = Templates(
    directory="views",
    context={"shop": "Tea & Co"},
    context_processors=[add_user],
    filters={"money": format_money},
)
app = Yaat(plugins=[templates])


@app.get("/prices")
@template("prices.html")
async def prices(request):
    return {"prices": {"tea": 3, "coffee": 4.5}}


@app.get("/prices/rows")
async def rows(request):
    return TemplateResponse("prices.html", {"prices": {"tea": 3}}, block="rows")
