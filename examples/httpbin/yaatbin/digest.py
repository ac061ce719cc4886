"""This file asks who the client is, by digest authentication (RFC 7616)."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.request import parse_http_list, parse_keqv_list

from yaat import HTTPException, Request, Response, Router
from yaat.responses import JSONResponse

from .arguments import is_true
from .auth import read_credentials

router = Router()

REALM = "digest@yaat"
HASHES: Mapping[str, Callable[[bytes], Any]] = {
    "MD5": hashlib.md5,
    "SHA-256": hashlib.sha256,
    "SHA-512": hashlib.sha512,
}
QUALITIES = ("auth", "auth-int")


@dataclass(frozen=True)
class Demand:
    """What a path asks of the client.

    Attributes:
        quality: Of protection: `auth`, `auth-int`, or anything else for what the client prefers.
        stale_after: How often a nonce may be used: a number, or `never`.
    """

    quality: str
    user: str
    password: str
    algorithm: str = "MD5"
    stale_after: str = "never"


@router.get("/digest-auth/{quality}/{user}/{password}")
async def authenticate(request: Request, quality: str, user: str, password: str) -> Response:
    return await answer(request, Demand(quality, user, password))


@router.get("/digest-auth/{quality}/{user}/{password}/{algorithm}")
async def authenticate_by(request: Request, quality: str, user: str, password: str, algorithm: str) -> Response:
    return await answer(request, Demand(quality, user, password, algorithm))


@router.get("/digest-auth/{quality}/{user}/{password}/{algorithm}/{stale_after}")
async def authenticate_for_a_while(
    request: Request, quality: str, user: str, password: str, algorithm: str, stale_after: str
) -> Response:
    return await answer(request, Demand(quality, user, password, algorithm, stale_after))


async def answer(request: Request, demand: Demand) -> Response:
    """Let the client in, or challenge it. What is known of it is in its cookies, so nothing is kept here."""
    scheme, text = read_credentials(request)
    credentials = parse_credentials(text) if scheme == "digest" else {}
    wants_cookie = is_true(request, "require-cookie")
    if not credentials or (wants_cookie and not request.cookies):
        return challenge(demand)
    if wants_cookie and "fake" not in request.cookies:
        raise HTTPException(403, "The cookie that came with the challenge is missing.")
    nonce = credentials.get("nonce", "")
    if request.cookies.get("stale_after") == "0" or request.cookies.get("last_nonce") == nonce:
        return challenge(demand, last_nonce=nonce, is_stale=True)
    if not await is_right(request, demand, credentials):
        return challenge(demand, last_nonce=nonce)
    return welcome(demand, request.cookies.get("stale_after"))


def parse_credentials(text: str) -> dict[str, str]:
    """Return the parameters of an `Authorization` field, none where they are malformed."""
    try:
        return parse_keqv_list(parse_http_list(text))
    except (ValueError, IndexError):
        return {}


def challenge(demand: Demand, *, last_nonce: str | None = None, is_stale: bool = False) -> Response:
    """Return a 401 that tells how to authenticate."""
    make_hash = find_hash(demand.algorithm)
    parameters = {
        "realm": f'"{REALM}"',
        "nonce": f'"{make_hash(secrets.token_bytes(16)).hexdigest()}"',
        "opaque": f'"{make_hash(secrets.token_bytes(16)).hexdigest()}"',
        "qop": f'"{demand.quality if demand.quality in QUALITIES else ", ".join(QUALITIES)}"',
        "algorithm": demand.algorithm if demand.algorithm in HASHES else "MD5",
        "stale": str(is_stale).lower(),
    }
    text = ", ".join(f"{name}={value}" for name, value in parameters.items())
    response = Response(status_code=401, headers={"www-authenticate": f"Digest {text}"})
    response.set_cookie("stale_after", demand.stale_after)
    response.set_cookie("fake", "fake_value")
    if last_nonce is not None:
        response.set_cookie("last_nonce", last_nonce)
    return response


def welcome(demand: Demand, stale_after: str | None) -> Response:
    """Return the answer to a client that is who it says."""
    response = JSONResponse({"authenticated": True, "user": demand.user})
    response.set_cookie("fake", "fake_value")
    if stale_after:
        left = str(int(stale_after) - 1) if stale_after.isdecimal() and len(stale_after) < 10 else "never"
        response.set_cookie("stale_after", left)
    return response


async def is_right(request: Request, demand: Demand, credentials: Mapping[str, str]) -> bool:
    """Return whether the client knows the password (RFC 7616 §3.4.1)."""
    url = request.url
    target = f"{url.path}?{url.query}" if url.query else url.path
    quality = credentials.get("qop")
    parts = [request.method, target]
    algorithm = credentials.get("algorithm", "MD5")
    if quality == "auth-int":
        parts.append(digest(algorithm, await request.body()))
    elif quality not in (None, "auth"):
        return False
    user, realm = credentials.get("username", ""), credentials.get("realm", "")
    steps = [digest(algorithm, user, realm, demand.password), credentials.get("nonce", "")]
    if quality is not None:
        steps += [credentials.get(name, "") for name in ("nc", "cnonce", "qop")]
    right = digest(algorithm, *steps, digest(algorithm, *parts))
    return user == demand.user and secrets.compare_digest(right.encode(), credentials.get("response", "").encode())


def digest(algorithm: str, *parts: str | bytes) -> str:
    """Return the hash of *parts*, with colons between them."""
    octets = b":".join(part.encode() if isinstance(part, str) else part for part in parts)
    text: str = find_hash(algorithm)(octets).hexdigest()
    return text


def find_hash(algorithm: str) -> Callable[[bytes], Any]:
    """Return the hash function of this name, MD5 where it is not known (RFC 7616 §3.3)."""
    return HASHES.get(algorithm, hashlib.md5)
