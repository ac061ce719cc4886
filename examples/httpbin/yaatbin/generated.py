"""This file makes content up: bytes, streams and delays."""

import asyncio
import base64
import json
import math
import random
from collections.abc import AsyncIterator, Iterator
from typing import Any

from yaat import HTTPException, Request, Response, Router
from yaat.responses import StreamResponse, TextResponse

from .arguments import find_argument, parse_seconds, read_int, read_seconds
from .inspection import show_envelope, show_request
from .methods import ANY_METHOD

router = Router()

MAX_RANDOM_BYTES = 100 * 1024
MAX_DRIP_BYTES = 10 * 1024 * 1024
MAX_DELAY_SECONDS = 10.0
MAX_DRIP_SECONDS = 60.0
MAX_LINES = 100
CHUNK_BYTES = 10 * 1024
#: Nobody sees drops that fall faster than this, and each of them costs a turn of the event loop.
SECONDS_PER_DROP = 0.01


# A handler without `async` runs in a thread: 100 KB of random numbers would hold everybody else up for too long.
@router.get("/bytes/{count:int}")
def random_bytes(request: Request, count: int) -> Response:
    return Response(b"".join(generate_bytes(request, count)), media_type="application/octet-stream")


@router.get("/stream-bytes/{count:int}")
async def stream_random_bytes(request: Request, count: int) -> Response:
    return StreamResponse(generate_bytes(request, count))


def generate_bytes(request: Request, count: int) -> Iterator[bytes]:
    """Return chunks of random bytes; with a `seed` they are the same each time."""
    seed = None if find_argument(request, "seed") is None else read_int(request, "seed", 0)
    chunk_bytes = max(read_int(request, "chunk_size", CHUNK_BYTES), 1)
    source = random.Random(seed)
    sizes = split_length(min(count, MAX_RANDOM_BYTES), chunk_bytes)
    return (bytes(source.randint(0, 255) for _ in range(size)) for size in sizes)


def split_length(length: int, chunk_length: int) -> Iterator[int]:
    """Yield the lengths of the chunks that *length* is made of."""
    for start in range(0, length, chunk_length):
        yield min(chunk_length, length - start)


@router.get("/drip")
async def drip(request: Request) -> Response:
    """Answer with the status `code` after `delay` seconds, and drop by drop: `numbytes` in `duration` seconds."""
    count = min(read_int(request, "numbytes", 10), MAX_DRIP_BYTES)
    code = read_int(request, "code", 200)
    if count <= 0 or not 200 <= code <= 999:
        raise HTTPException(400, "There must be at least one byte, and a code from 200 to 999.")
    duration = min(read_seconds(request, "duration", 2), MAX_DRIP_SECONDS)
    await asyncio.sleep(min(read_seconds(request, "delay", 0), MAX_DELAY_SECONDS))
    return StreamResponse(fall(count, duration), code, {"content-length": str(count)})


async def fall(count: int, seconds: float) -> AsyncIterator[bytes]:
    """Yield so many drops, spread over so many seconds."""
    drops = math.ceil(count * SECONDS_PER_DROP / seconds) if seconds else count
    for length in split_length(count, max(drops, 1)):
        yield b"*" * length
        await asyncio.sleep(seconds * length / count)


@router.route("/delay/{seconds}", ANY_METHOD)
async def delay(request: Request, seconds: str) -> dict[str, Any]:
    """Answer after so many seconds, ten at most."""
    await asyncio.sleep(min(parse_seconds(seconds, "delay"), MAX_DELAY_SECONDS))
    shown = await show_request(request)
    del shown["json"]
    return shown


@router.get("/stream/{count:int}")
async def stream(request: Request, count: int) -> Response:
    """Answer with so many lines, each of them JSON."""
    shown = show_envelope(request)
    lines = (json.dumps({**shown, "id": number}) + "\n" for number in range(min(count, MAX_LINES)))
    return StreamResponse(lines, media_type="application/json")


@router.get("/base64/{text}")
async def decode(request: Request, text: str) -> Response:
    """Answer with the text that was encoded with the alphabet for URLs (RFC 4648 §5)."""
    try:
        return TextResponse(base64.urlsafe_b64decode(text.encode()).decode())
    except ValueError:
        return TextResponse("This is no text in Base64. Try WWFhdCBzYXlzIGhlbGxvLg==")
