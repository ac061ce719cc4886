from yaat import Yaat

app = Yaat(block=["forms"])


@app.get("/books/{book_id}")
async def book(request, book_id: int):
    return {"id": book_id}


app.build()
for status in app.report.plugins:
    print(status.owner.plugin, status.state, status.reason)
print(app.report.explain("GET", "/books/7"))
