from typing import Annotated, Literal

from yaat import Yaat
from yaat_typed import Cookie, Header, Query

app = Yaat()


@app.get("/search")
async def search(
    word: str,
    tags: list[str] = [],
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    order: Literal["title", "year"] = "title",
    language: Annotated[str, Header("accept-language")] = "en",
    theme: Annotated[str, Cookie()] = "light",
):
    return {
        "word": word,
        "tags": tags,
        "limit": limit,
        "order": order,
        "language": language,
        "theme": theme,
    }
