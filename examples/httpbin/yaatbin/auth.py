"""This file asks who the client is, by basic and bearer authentication (RFC 7617, RFC 6750)."""

import base64
from typing import Any

from yaat import HTTPException, Request, Router

from .statuses import REALM

router = Router()


@router.get("/basic-auth/{user}/{password}")
async def basic(request: Request, user: str, password: str) -> dict[str, Any]:
    if read_basic(request) != (user, password):
        raise HTTPException(401, headers={"www-authenticate": REALM})
    return {"authenticated": True, "user": user}


@router.get("/hidden-basic-auth/{user}/{password}")
async def hidden(request: Request, user: str, password: str) -> dict[str, Any]:
    """Act as if there were nothing here, so that nobody is asked for a password."""
    if read_basic(request) != (user, password):
        raise HTTPException(404)
    return {"authenticated": True, "user": user}


@router.get("/bearer")
async def bearer(request: Request) -> dict[str, Any]:
    scheme, token = read_credentials(request)
    if scheme != "bearer" or not token:
        raise HTTPException(401, headers={"www-authenticate": "Bearer"})
    return {"authenticated": True, "token": token}


def read_basic(request: Request) -> tuple[str, str] | None:
    """Return the user and the password that the client sent, if it did."""
    scheme, encoded = read_credentials(request)
    if scheme != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (user, password) if colon else None


def read_credentials(request: Request) -> tuple[str, str]:
    """Return the scheme, in lower case, and what follows it in `Authorization`."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return scheme.lower(), credentials.strip()
