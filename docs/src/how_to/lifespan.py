from contextlib import closing
from sqlite3 import connect

from yaat import Yaat


async def lifespan(app):
    with closing(connect(":memory:")) as database:
        database.execute("create table books (title text)")
        database.execute("insert into books values ('Emma')")
        yield {"database": database}


app = Yaat(lifespan=lifespan)


@app.get("/")
async def index(request):
    rows = request.state.database.execute("select title from books")
    return [title for (title,) in rows]
