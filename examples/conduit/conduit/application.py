"""This file is how an app is put together."""

import secrets
from collections.abc import AsyncIterator, Callable
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.orm import sessionmaker

from yaat import HTTPException, Router, Yaat
from yaat_cors import CORSPlugin
from yaat_openapi import OpenAPI
from yaat_typed import TypedPlugin

from . import articles, comments, favorites, profiles, tags, users
from .authentication import Authentication
from .database import open_database
from .errors import respond
from .slugs import SLUG
from .tokens import Tokens

DESCRIPTION = "A place to publish articles, and to talk about them."
#: How a client says who it is: `Authorization: Token …`.
TOKEN = {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Token` and what a login gave."}


def make_app(*, database_url: str | None = None, secret: str | None = None) -> Yaat:
    """Return the app.

    Args:
        database_url: As SQLAlchemy writes it; without one the data lives as long as the app does.
        secret: What tokens are signed with; another one at each start when left out.
    """
    app = Yaat(
        plugins=[
            TypedPlugin(),
            OpenAPI(title="Conduit", version="2.0.0", description=DESCRIPTION, security_schemes={"Token": TOKEN}),
            CORSPlugin(allow_origins=["*"], allow_methods=["*"], allow_headers=["authorization", "content-type"]),
        ],
        converters=[SLUG],
        exception_handlers={HTTPException: respond},
        lifespan=make_lifespan(database_url, Tokens(secret or secrets.token_urlsafe(32))),
    )
    api = Router("/api", middleware=[Authentication])
    for module in (users, profiles, articles, comments, favorites, tags):
        api.mount(module.router)
    app.mount(api)
    return app


def make_lifespan(database_url: str | None, tokens: Tokens) -> Callable[[Yaat], AsyncIterator[dict[str, Any]]]:
    """Return what opens the database before the first request, and closes it after the last."""

    async def lifespan(app: Yaat) -> AsyncIterator[dict[str, Any]]:
        with TemporaryDirectory() as folder:
            engine = open_database(database_url or f"sqlite:///{folder}/conduit.db")
            yield {"database": sessionmaker(engine), "tokens": tokens}
            engine.dispose()

    return lifespan
