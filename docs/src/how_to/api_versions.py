from yaat import Router, Yaat

v1 = Router(prefix="/v1")
v2 = Router(prefix="/v2")


@v1.get("/books", deprecated=True)
async def list_titles(request) -> list[str]:
    return ["Emma"]


@v2.get("/books")
async def list_books(request) -> list[dict[str, str]]:
    return [{"title": "Emma", "author": "Jane Austen"}]


documents = {"v1": {"below": "/v1"}, "v2": {"below": "/v2"}}
app = Yaat(settings={"openapi": {"title": "Shelf", "documents": documents}})
app.mount(v1, name="v1")
app.mount(v2, name="v2")
