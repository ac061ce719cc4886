"""This file answers clients that cache, and with headers of one's choice."""

import time
import uuid
from typing import Any

from yaat import HTTPException, Request, Response, Router
from yaat.http_date import format_http_date
from yaat.responses import JSONResponse

from .arguments import join_repeated
from .inspection import show_envelope
from .plain_json import encode
from .statuses import make_response

router = Router()

#: These say where a message ends; the server and the length of the content decide that, and nobody else.
FRAMING = ("content-length", "transfer-encoding")


@router.get("/cache")
async def cache(request: Request) -> Response:
    """Answer 304 to any client that has cached something."""
    if request.headers.get("if-modified-since") or request.headers.get("if-none-match"):
        return make_response(304)
    headers = {"last-modified": format_http_date(time.time()), "etag": uuid.uuid4().hex}
    return JSONResponse(show_envelope(request), headers=headers)


@router.get("/cache/{seconds:int}")
async def cache_for(request: Request, seconds: int) -> Response:
    return JSONResponse(show_envelope(request), headers={"cache-control": f"public, max-age={seconds}"})


# An ETag stands in quotes (RFC 9110 §8.8.3). httpbin has always left them out, here and in ranges, and clients know it
# so; hence these few lines by hand, where `yaat.conditional` would do it by the book.
@router.get("/etag/{etag}")
async def answer_for(request: Request, etag: str) -> Response:
    """Answer as what has this ETag does: 304 to who has it, 412 to who wants another one."""
    known = read_etags(request.headers.get("if-none-match"))
    wanted = read_etags(request.headers.get("if-match"))
    if known:
        if etag in known or "*" in known:
            return tag(make_response(304), etag)
    elif wanted and etag not in wanted and "*" not in wanted:
        return make_response(412)
    return tag(JSONResponse(show_envelope(request)), etag)


def tag(response: Response, etag: str) -> Response:
    """Return *response* with an ETag."""
    set_header(response, "etag", etag)
    return response


def read_etags(text: str | None) -> list[str]:
    """Return the ETags of a list, strong and weak ones, without their quotes."""
    if not text:
        return []
    return [part.strip().removeprefix("W/").strip('"') for part in text.split(",")]


@router.route("/response-headers", ("GET", "POST"))
async def respond_with_headers(request: Request) -> Response:
    """Answer with the headers that the query has, and tell them all in the content."""
    response = Response(media_type="application/json")
    shown = {"Content-Type": ["application/json"]}
    for name, value in request.query_params.multi_items():
        if name.lower() not in FRAMING:
            set_header(response, name, value)
            shown[name] = response.headers.get_all(name)
    response.body = describe(join_repeated(shown))
    return response


def describe(headers: dict[str, Any]) -> bytes:
    """Return *headers* as JSON, the length of that very JSON among them."""
    content = encode(headers)
    while headers.get("Content-Length") != str(len(content)):
        headers["Content-Length"] = str(len(content))
        content = encode(headers)
    return content


def set_header(response: Response, name: str, value: str) -> None:
    """Add a header, of which there is one content type at most; what cannot be a header is a 400."""
    try:
        if name.lower() == "content-type":
            response.headers[name] = value
        else:
            response.headers.append(name, value)
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
