"""This file leads elsewhere: redirects, and pages of links."""

from yaat import HTTPException, Request, Response, Router
from yaat.responses import HTMLResponse, RedirectResponse
from yaat.url import URL

from .arguments import find_argument, is_true, read_int
from .methods import ANY_METHOD

router = Router()

MAX_LINKS = 200


@router.get("/redirect/{times:int}", name="redirect")
async def redirect(request: Request, times: int) -> Response:
    """Redirect so many times, to `/get` in the end."""
    is_absolute = is_true(request, "absolute")
    url = find_next(request, "absolute" if is_absolute else "relative", times)
    return RedirectResponse(url.absolute(request) if is_absolute else url, 302)


@router.get("/relative-redirect/{times:int}", name="relative")
async def redirect_by_path(request: Request, times: int) -> Response:
    return RedirectResponse(find_next(request, "relative", times), 302)


@router.get("/absolute-redirect/{times:int}", name="absolute")
async def redirect_by_url(request: Request, times: int) -> Response:
    return RedirectResponse(find_next(request, "absolute", times).absolute(request), 302)


def find_next(request: Request, name: str, times: int) -> URL:
    """Return where a redirect that is to happen so many times leads."""
    if times < 1:
        raise HTTPException(400, "There is no redirect that happens less than once.")
    return request.url_for("get") if times == 1 else request.url_for(name, times=times - 1)


@router.route("/redirect-to", ANY_METHOD)
async def redirect_to(request: Request) -> Response:
    """Redirect to the `url` of the query, with its `status_code` if that is one of a redirect."""
    url = find_argument(request, "url")
    if url is None:
        raise HTTPException(400, "Say where to: /redirect-to?url=…")
    status = read_int(request, "status_code", 302)
    return RedirectResponse(url, status if 300 <= status < 400 else 302)


@router.get("/links/{count:int}")
async def links(request: Request, count: int) -> Response:
    return RedirectResponse(request.url_for("links", count=count, current=0), 302)


@router.get("/links/{count:int}/{current:int}", name="links")
async def show_links(request: Request, count: int, current: int) -> HTMLResponse:
    """Show a page of links to pages like it; the current one is no link."""
    count = min(max(count, 1), MAX_LINKS)
    items = [
        str(number)
        if number == current
        else f'<a href="{request.url_for("links", count=count, current=number)}">{number}</a>'
        for number in range(count)
    ]
    return HTMLResponse(f"<!doctype html><title>Links</title><p>{' '.join(items)}</p>\n")
