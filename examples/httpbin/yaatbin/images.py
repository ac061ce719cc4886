"""This file shows pictures, of the type that the client likes best."""

from pathlib import Path

from yaat import Request, Response, Router

from .statuses import make_response

router = Router()

FOLDER = Path(__file__).parent / "images"
#: The best first: what each type is called here.
KINDS = {"image/webp": "webp", "image/svg+xml": "svg", "image/jpeg": "jpeg", "image/png": "png", "image/*": "png"}
MEDIA_TYPES = {"webp": "image/webp", "svg": "image/svg+xml", "jpeg": "image/jpeg", "png": "image/png"}
CONTENT = {kind: (FOLDER / f"yaat.{kind}").read_bytes() for kind in MEDIA_TYPES}


@router.get("/image")
async def choose_image(request: Request) -> Response:
    """Show a picture of a type that `Accept` names."""
    accepted = request.headers.get("accept", "image/png").lower()
    for media_type, kind in KINDS.items():
        if media_type in accepted:
            return show_image(kind)
    return make_response(406)


@router.get("/image/png")
async def png(request: Request) -> Response:
    return show_image("png")


@router.get("/image/jpeg")
async def jpeg(request: Request) -> Response:
    return show_image("jpeg")


@router.get("/image/webp")
async def webp(request: Request) -> Response:
    return show_image("webp")


@router.get("/image/svg")
async def svg(request: Request) -> Response:
    return show_image("svg")


def show_image(kind: str) -> Response:
    """Return the picture of this kind."""
    return Response(CONTENT[kind], media_type=MEDIA_TYPES[kind])
