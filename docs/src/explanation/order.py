from yaat import Router, Yaat

events = []


def note(name):
    def around(request):
        events.append(f"{name} before")
        yield
        events.append(f"{name} after")

    return around


books = Router(prefix="/books", middleware=[note("router")])
app = Yaat(middleware=[note("app")])


@books.get("/", middleware=[note("route")])
async def list_books(request):
    events.append("handler")
    return []


app.mount(books)
