import httpx
from yaat import HTTPException, Yaat


async def lifespan(app):
    async with httpx.AsyncClient(base_url="https://api.example.com", timeout=5) as client:
        yield {"client": client}


app = Yaat(lifespan=lifespan)


@app.get("/weather/{town}")
async def weather(request, town):
    try:
        answer = await request.state.client.get("/weather", params={"town": town})
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise HTTPException(502, "The weather service does not answer.") from error
    return answer.json()
