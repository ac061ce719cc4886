"""This file sets, shows and deletes cookies."""

from typing import Any

from yaat import HTTPException, Request, Response, Router
from yaat.cookies import InvalidCookie
from yaat.responses import RedirectResponse

router = Router()

#: Cookies that visitor statistics leave; they are shown on request alone.
STATISTICS = frozenset(
    (
        "__utma",
        "__utmb",
        "__utmz",
        "_gauges_unique",
        "_gauges_unique_day",
        "_gauges_unique_hour",
        "_gauges_unique_month",
        "_gauges_unique_year",
    )
)


async def refuse(request: Request, error: InvalidCookie) -> Response:
    """What cannot be a cookie is the mistake of who asked for it."""
    raise HTTPException(400, str(error)) from error


router.add_exception_handler(InvalidCookie, refuse)


@router.get("/cookies", name="cookies")
async def show(request: Request) -> dict[str, Any]:
    hidden = frozenset() if "show_env" in request.query_params else STATISTICS
    return {"cookies": {name: value for name, value in request.cookies.items() if name not in hidden}}


@router.get("/cookies/set")
async def set_all(request: Request) -> Response:
    """Set a cookie for each argument, and show them."""
    return set_cookies(request, dict(request.query_params))


@router.get("/cookies/set/{name}/{value}")
async def set_one(request: Request, name: str, value: str) -> Response:
    return set_cookies(request, {name: value})


def set_cookies(request: Request, cookies: dict[str, str]) -> Response:
    """Return a response that sets *cookies* and leads to the page that shows them."""
    response = RedirectResponse(request.url_for("cookies"), 302)
    for name, value in cookies.items():
        response.set_cookie(name, value, secure=request.url.scheme == "https")
    return response


@router.get("/cookies/delete")
async def delete(request: Request) -> Response:
    """Delete the cookies that the arguments name, and show what is left."""
    response = RedirectResponse(request.url_for("cookies"), 302)
    for name in request.query_params:
        response.delete_cookie(name)
    return response
