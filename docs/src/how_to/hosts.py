from yaat import Router, Yaat

app = Yaat()
api = Router(host="api.example.com")


@api.get("/")
async def api_index(request):
    return {"api": True}


@app.get("/")
async def index(request):
    return "The site"


@app.get("/", host="{tenant}.example.com", name="tenant")
async def tenant_index(request, tenant):
    return f"The site of {tenant}"


app.mount(api)
