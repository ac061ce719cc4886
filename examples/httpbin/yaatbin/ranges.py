"""This file answers with a part of some content, as slowly as one likes."""

import asyncio
import re
from collections.abc import AsyncIterator

from yaat import Request, Response, Router
from yaat.responses import StreamResponse, TextResponse

from .arguments import read_int, read_seconds

router = Router()

MAX_BYTES = 100 * 1024
MAX_SECONDS = 60.0
CHUNK_BYTES = 10 * 1024
ALPHABET = b"abcdefghijklmnopqrstuvwxyz"
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@router.get("/range/{size:int}")
async def answer_range(request: Request, size: int) -> Response:
    """Answer with the alphabet, again and again, or with the range of it that the client wants."""
    headers = {"etag": f"range{size}", "accept-ranges": "bytes"}
    if not 0 < size <= MAX_BYTES:
        return TextResponse(f"The size must be from 1 to {MAX_BYTES} bytes.", 404, headers)
    first, last = find_range(request.headers.get("range", ""), size)
    if not first <= last < size:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{size}"})
    length = last + 1 - first
    headers |= {"content-length": str(length), "content-range": f"bytes {first}-{last}/{size}"}
    chunk_bytes = max(read_int(request, "chunk_size", CHUNK_BYTES), 1)
    seconds = min(read_seconds(request, "duration", 0), MAX_SECONDS) / size
    content = (ALPHABET * (size // len(ALPHABET) + 1))[first : last + 1]
    return StreamResponse(send_slowly(content, chunk_bytes, seconds), 200 if length == size else 206, headers)


def find_range(text: str, size: int) -> tuple[int, int]:
    """Return the first and the last byte that a `Range` field wants; all where it is not understood."""
    match = RANGE.fullmatch(text.strip())
    if match is None or match[0] == "bytes=-":
        return 0, size - 1
    first, last = match.groups()
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), int(last) if last else size - 1


async def send_slowly(content: bytes, chunk_bytes: int, seconds_per_byte: float) -> AsyncIterator[bytes]:
    """Yield *content* in chunks, each when its time has come."""
    for start in range(0, len(content), chunk_bytes):
        chunk = content[start : start + chunk_bytes]
        yield chunk
        await asyncio.sleep(seconds_per_byte * len(chunk))
