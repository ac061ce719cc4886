"""This file is what can be told of a request: its URL, arguments, headers, form, files, JSON."""

import base64
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from yaat import Request
from yaat.exceptions import BadRequest
from yaat.multidict import MultiDict

from .arguments import join_repeated

#: Headers that proxies in front of the app add; the client did not send them, so they are shown on request alone.
PROXY_HEADERS = frozenset(
    (
        "connect-time",
        "total-route-time",
        "via",
        "x-forwarded-for",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-forwarded-protocol",
        "x-forwarded-ssl",
        "x-heroku-dynos-in-use",
        "x-heroku-queue-depth",
        "x-heroku-queue-wait-time",
        "x-real-ip",
        "x-request-id",
        "x-request-start",
        "x-varnish",
    )
)
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass
class Content:
    """What came with a request, in each of the ways it can be looked at."""

    data: str = ""
    form: dict[str, str | list[str]] = field(default_factory=dict)
    files: dict[str, str | list[str]] = field(default_factory=dict)
    json: Any = None


def show_envelope(request: Request) -> dict[str, Any]:
    """Return what is known before any content is read."""
    return {
        "args": show_arguments(request),
        "headers": show_headers(request),
        "origin": find_origin(request),
        "url": show_url(request),
    }


async def show_request(request: Request) -> dict[str, Any]:
    """Return all of a request: what is known before its content, and the content."""
    content = await read_content(request)
    return {**show_envelope(request), **vars(content)}


def show_arguments(request: Request) -> dict[str, str | list[str]]:
    """Return the query parameters."""
    return join_repeated(group(request.query_params))


def show_headers(request: Request) -> dict[str, str]:
    """Return the headers as people write them: ASGI has their names in lower case."""
    hidden = frozenset() if "show_env" in request.query_params else PROXY_HEADERS
    return {name.title(): ",".join(request.headers.get_all(name)) for name in request.headers if name not in hidden}


def find_origin(request: Request) -> str | None:
    """Return the address of the client, as far as the proxies say."""
    address = request.client.host if request.client else None
    return request.headers.get("x-forwarded-for", address)


def show_url(request: Request) -> str:
    """Return the URL that the client used, even when a proxy came to us by another scheme."""
    headers = request.headers
    scheme = headers.get("x-forwarded-proto") or headers.get("x-forwarded-protocol")
    if scheme is None and headers.get("x-forwarded-ssl") == "on":
        scheme = "https"
    return str(request.url.replace(scheme=scheme) if scheme in ("http", "https") else request.url)


async def read_content(request: Request) -> Content:
    """Return the content of a request: a form taken apart, anything else as it is, and as JSON if it is that."""
    data = await request.body()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in FORM_TYPES:
        with suppress(BadRequest):  # A form that is malformed is shown as it came.
            return await read_form(request)
    return Content(data=show_bytes(data), json=await find_json(request))


async def read_form(request: Request) -> Content:
    """Return the fields and the files of a form."""
    fields: dict[str, list[str]] = {}
    files: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(value)
        else:
            text = show_bytes(await value.read(), value.content_type or "application/octet-stream")
            files.setdefault(name, []).append(text)
    return Content(form=join_repeated(fields), files=join_repeated(files))


async def find_json(request: Request) -> Any:
    """Return the content as JSON, whatever type it claims to be; `None` where it is no JSON."""
    try:
        return await request.json(any_type=True)
    except BadRequest:
        return None


def show_bytes(data: bytes, media_type: str = "application/octet-stream") -> str:
    """Return *data* as text, or as a `data:` URL where it is none (RFC 2397)."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def group(values: MultiDict[str]) -> dict[str, list[str]]:
    """Return all values of each name."""
    return {name: values.get_all(name) for name in values}
