"""This file answers with the request it was sent."""

import uuid
from typing import Any

from yaat import Request, Router

from .inspection import find_origin, show_envelope, show_headers, show_request

router = Router()

ANY_METHOD = ("GET", "POST", "PUT", "DELETE", "PATCH", "TRACE")


@router.get("/get", name="get")
async def show_get(request: Request) -> dict[str, Any]:
    return show_envelope(request)


@router.post("/post")
@router.put("/put")
@router.patch("/patch")
@router.delete("/delete")
async def show_with_content(request: Request) -> dict[str, Any]:
    return await show_request(request)


@router.route("/anything", ANY_METHOD)
@router.route("/anything/{rest:path}", ANY_METHOD)
async def show_anything(request: Request, rest: str = "") -> dict[str, Any]:
    return {**await show_request(request), "method": request.method}


@router.get("/headers")
async def headers(request: Request) -> dict[str, Any]:
    return {"headers": show_headers(request)}


@router.get("/ip")
async def ip(request: Request) -> dict[str, Any]:
    return {"origin": find_origin(request)}


@router.get("/user-agent")
async def user_agent(request: Request) -> dict[str, Any]:
    return {"user-agent": request.headers.get("user-agent")}


@router.get("/uuid")
async def make_uuid(request: Request) -> dict[str, Any]:
    return {"uuid": str(uuid.uuid4())}
