"""This file is which articles are listed: the newest first, page by page."""

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from yaat_typed import Query, Use

from .models import Article, Favorite, Follow, Tag, User
from .schemas import ArticlesResponse
from .showing import Eyes

DEFAULT_LIMIT = 20
#: A longer page is cut to this.
MAX_LIMIT = 100
#: There are fewer articles than this.
MAX_COUNT = 10**9


@dataclass(frozen=True)
class Page:
    """A part of a list."""

    offset: int
    limit: int


def read_page(
    offset: Annotated[int, Query(ge=0, le=MAX_COUNT, description="How many to leave out.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_COUNT, description="How many there may be.")] = DEFAULT_LIMIT,
) -> Page:
    """Return the part of a list that the client wants."""
    return Page(offset, min(limit, MAX_LIMIT))


WantedPage = Annotated[Page, Use(read_page, in_thread=False)]


def list_articles(session: Session, viewer: User | None, chosen: Select[Article], page: Page) -> ArticlesResponse:
    """Return one page of the articles that were chosen, and how many there are."""
    count = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    newest = chosen.order_by(Article.created_at.desc(), Article.id.desc())
    articles = session.scalars(newest.offset(page.offset).limit(page.limit)).unique().all()
    return ArticlesResponse(articles=Eyes(session, viewer).show_articles(articles), articles_count=count)


def choose_articles(*, tag: str | None, author: str | None, favorited: str | None) -> Select[Article]:
    """Return the articles with a tag, by an author, and liked by a user; whichever of these are given."""
    chosen = select(Article)
    if tag is not None:
        chosen = chosen.where(Article.tags.any(Tag.name == tag))
    if author is not None:
        chosen = chosen.where(Article.author.has(User.username == author))
    if favorited is not None:
        fans = select(Favorite.article_id).join(User, User.id == Favorite.user_id).where(User.username == favorited)
        chosen = chosen.where(Article.id.in_(fans))
    return chosen


def choose_feed(reader: User) -> Select[Article]:
    """Return the articles by those whom *reader* follows."""
    followed = select(Follow.followed_id).where(Follow.follower_id == reader.id)
    return select(Article).where(Article.author_id.in_(followed))
