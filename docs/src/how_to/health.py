import asyncio

from yaat import Yaat
from yaat.responses import JSONResponse

app = Yaat()


@app.get("/alive", has_schema=False)
async def alive(request):
    return "OK"


@app.get("/ready", has_schema=False)
async def ready(request):
    checks = {"database": ask_database, "mail": ask_mail}
    answers = {}
    for name, ask in checks.items():
        try:
            async with asyncio.timeout(1):
                await ask()
            answers[name] = "OK"
        except Exception as error:
            answers[name] = type(error).__name__
    is_ready = set(answers.values()) == {"OK"}
    return JSONResponse(answers, 200 if is_ready else 503)


async def ask_database():
    pass


async def ask_mail():
    raise ConnectionError
