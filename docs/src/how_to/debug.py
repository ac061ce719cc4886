from yaat import Yaat

app = Yaat(debug=True)
prices = {"tea": 3}


@app.get("/prices/{name}")
async def price(request, name):
    return prices[name]


@app.get("/sum")
async def total(request):
    return {"sum": sum(prices.values())}
