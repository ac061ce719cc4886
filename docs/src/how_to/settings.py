import os
from dataclasses import dataclass

from yaat import Yaat


@dataclass(frozen=True)
class Settings:
    title: str = "Shop"
    page_size: int = 20
    debug: bool = False


def read_settings(environment=os.environ):
    debug = environment.get("SHOP_DEBUG", "0")
    if debug not in ("0", "1"):
        raise ValueError(f"SHOP_DEBUG is {debug!r}. Write 0 or 1.")
    return Settings(
        title=environment.get("SHOP_TITLE", Settings.title),
        page_size=int(environment.get("SHOP_PAGE_SIZE", Settings.page_size)),
        debug=debug == "1",
    )


def make_app(settings):
    app = Yaat(debug=settings.debug, settings={"openapi": {"title": settings.title}})
    app.state.settings = settings

    @app.get("/")
    async def index(request):
        return {"title": app.state.settings.title}

    return app


app = make_app(read_settings())
