import asyncio
import logging
import os

from yaat import Yaat

logger = logging.getLogger("shop.cleaning")


async def clean(carts):
    carts.clear()


async def clean_periodically(carts, every_seconds):
    while True:
        try:
            await clean(carts)
        except Exception:
            logger.exception("Cleaning failed; it will be tried again")
        await asyncio.sleep(every_seconds)


async def lifespan(app):
    carts = {"old": ["tea"]}
    seconds = float(os.environ.get("CLEAN_SECONDS", "60"))
    task = asyncio.create_task(clean_periodically(carts, seconds))
    yield {"carts": carts}
    task.cancel()


app = Yaat(lifespan=lifespan)


@app.get("/carts")
async def list_carts(request):
    return request.state.carts
