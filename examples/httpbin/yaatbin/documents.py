"""This file answers with texts in the formats of the web, and with compressed ones."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli

from yaat import Request, Response, Router
from yaat.responses import HTMLResponse, JSONResponse, TextResponse

from .inspection import find_origin, show_headers
from .plain_json import encode

router = Router()

PAGES = {path.name: path.read_text() for path in (Path(__file__).parent / "pages").iterdir()}
ROBOTS = "User-agent: *\nDisallow: /deny\n"
DENIED = r"""
       .-------.
      /  STOP   \
     |           |     Robots were told to stay away:
     |  no bots  |     this page is not for them.
      \         /
       '-------'
           |
           |
"""


@router.get("/")
async def index(request: Request) -> Response:
    return HTMLResponse(PAGES["index.html"])


@router.get("/html")
async def html(request: Request) -> Response:
    return HTMLResponse(PAGES["story.html"])


@router.get("/forms/post")
async def form(request: Request) -> Response:
    """Show a form that is sent to `/post`."""
    return HTMLResponse(PAGES["form.html"])


@router.get("/encoding/utf8")
async def utf8(request: Request) -> Response:
    return HTMLResponse(PAGES["utf8.html"])


@router.get("/xml")
async def xml(request: Request) -> Response:
    return Response(PAGES["slides.xml"], media_type="application/xml")


@router.get("/json")
async def slides(request: Request) -> dict[str, Any]:
    first = {"type": "all", "title": "One straight line"}
    second = {"type": "all", "title": "What stands on it", "items": ["<em>Small</em> packages", "Hooks, and no magic"]}
    talk = {"title": "A toolkit in small pieces", "author": "Those who wrote it", "date": "on a rainy day"}
    return {"slideshow": {**talk, "slides": [first, second]}}


@router.get("/robots.txt")
async def robots(request: Request) -> Response:
    return TextResponse(ROBOTS)


@router.get("/deny")
async def deny(request: Request) -> Response:
    return TextResponse(DENIED)


# --- compressed ---


@router.get("/gzip")
async def gzipped(request: Request) -> Response:
    return compress(request, "gzip", gzip.compress, gzipped=True)


@router.get("/deflate")
async def deflated(request: Request) -> Response:
    return compress(request, "deflate", zlib.compress, deflated=True)


@router.get("/brotli")
async def brotlied(request: Request) -> Response:
    return compress(request, "br", brotli.compress, brotli=True)


def compress(request: Request, coding: str, function: Callable[[bytes], bytes], **shown: bool) -> Response:
    """Return what is known of the request, compressed whether or not the client asked for it."""
    content = {"headers": show_headers(request), "method": request.method, "origin": find_origin(request), **shown}
    response = JSONResponse(content, headers={"content-encoding": coding})
    response.body = function(encode(content))
    return response
