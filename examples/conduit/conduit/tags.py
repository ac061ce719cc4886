"""This file is tags."""

from sqlalchemy import func, select

from yaat import Router

from .dependencies import Database
from .models import Tag
from .schemas import TagsResponse

router = Router()


@router.get("/tags", tags=["Tags"])
def show_list(database: Database) -> TagsResponse:
    """List the tags that articles have, the most frequent first."""
    counted = select(Tag.name).group_by(Tag.name).order_by(func.count().desc(), Tag.name)
    with database.begin() as session:
        return TagsResponse(list(session.scalars(counted)))
