"""This file is `yaat get`: one request without a server."""

import asyncio
import json
import sys
from urllib.parse import quote

import click

from yaat import Yaat
from yaat.asgi import ASGIApp

from ..dev.logs import set_up_logging
from ..errors import CommandFailed
from ..exchange import Received, Sent, run_lifespan, send_request
from ..finding import Target
from ..loading import build, load_or_fail
from ..options import app_option


@click.command()
@click.argument("path")
@click.option("-X", "--method", help="GET; POST with --data or --json.")
@click.option("-H", "--header", "headers", multiple=True, metavar="NAME:VALUE", help="May be given several times.")
@click.option("-d", "--data", help="What to send: a form, or what a Content-Type says.")
@click.option("-j", "--json", "document", help="JSON to send.")
@click.option("-i", "--include", is_flag=True, help="Print status and headers too.")
@app_option
def command(
    *,
    path: str,
    method: str | None,
    headers: tuple[str, ...],
    data: str | None,
    document: str | None,
    include: bool,
    target: Target,
) -> None:
    """Send the app one request: `yaat get /items/7`.

    The lifespan of the app runs around it. A status of 400 or more, or half a response,
    makes the command fail.
    """
    request = make_request(path, method, headers, data=data, document=document)
    set_up_logging(target.folder)
    app = load_or_fail(target)
    if isinstance(app, Yaat):
        build(app, target)
    received = asyncio.run(exchange(app, request))
    if not received.status:
        fix = "Let it send http.response.start, and then http.response.body."
        raise CommandFailed(f"{target} has returned without a response to {request.method} {request.path}.", fix)
    show(received, include=include)
    if not received.is_complete:
        what = f"{target} has returned before its response to {request.method} {request.path} was complete."
        raise CommandFailed(what, "Let it send a last http.response.body, without more_body.")
    if isinstance(app, Yaat) and received.status == 404:
        click.echo(str(app.report.explain(request.method, request.path)), err=True)
    if received.status >= 400:
        raise SystemExit(1)


def make_request(
    path: str, method: str | None, headers: tuple[str, ...], *, data: str | None, document: str | None
) -> Sent:
    """Return the request that the options describe.

    Raises:
        CommandFailed: One of them cannot be.
    """
    if not path.startswith("/"):
        raise CommandFailed(f"The path {path!r} has no leading '/'.", f"Write: yaat get /{path}")
    pairs: list[tuple[str, str]] = []
    for header in headers:
        name, colon, value = header.partition(":")
        if not colon or not name.strip():
            raise CommandFailed(f"The header {header!r} has no colon.", "Write -H 'Accept: text/html'.")
        # What is sent are bytes: Latin-1 is what most take them for (RFC 9110 §5.5).
        foreign = next((character for character in header if ord(character) > 255), None)
        if foreign is not None:
            fix = f"Write it percent-encoded, if the app decodes that: {quote(foreign, errors='surrogateescape')}"
            raise CommandFailed(f"The header {header!r} has {foreign!r}, which no header can have.", fix)
        pairs.append((name.strip(), value.strip()))
    content, kind = "", ""
    if document is not None:
        content, kind = document, "application/json"
    elif data is not None:
        content, kind = data, "application/x-www-form-urlencoded"
    if kind and not any(name.lower() == "content-type" for name, _ in pairs):
        pairs.append(("content-type", kind))
    usual = "POST" if kind else "GET"
    return Sent(path=path, method=(method or usual).upper(), headers=tuple(pairs), body=content.encode())


async def exchange(app: ASGIApp, request: Sent) -> Received:
    """Return the answer, with the lifespan of the app around it."""
    async with run_lifespan(app) as state:
        return await send_request(app, request, state=state)


def show(received: Received, *, include: bool) -> None:
    """Print what came back; JSON is laid out for people when they look at it."""
    if include:
        click.echo(str(received.status))
        for name, value in received.headers:
            click.echo(f"{name}: {value}")
        click.echo("")
    body = bytes(received.body)
    if sys.stdout.isatty() and "json" in received.find_header("content-type"):
        body = json.dumps(json.loads(body), indent=2, ensure_ascii=False).encode()
    click.echo(body, nl=not body.endswith(b"\n") and sys.stdout.isatty())
