"""This file is favourites: who likes which article."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from yaat import Router

from .dependencies import Database, MemberId
from .errors import NOT_FOUND, UNAUTHORIZED
from .finding import find_article, find_member
from .models import Article, Favorite, User
from .schemas import ArticleResponse
from .showing import Eyes

router = Router("/articles/{slug}/favorite")

TAGS = ["Favorites"]
ERRORS = UNAUTHORIZED | NOT_FOUND


@router.post("", tags=TAGS, responses=ERRORS, security=["Token"])
def like(slug: str, member_id: MemberId, database: Database) -> ArticleResponse:
    """Like an article."""
    with database.begin() as session:
        viewer, article = find_member(session, member_id), find_article(session, slug)
        session.merge(Favorite(user_id=viewer.id, article_id=article.id))
        return respond(session, viewer, article)


@router.delete("", tags=TAGS, responses=ERRORS, security=["Token"])
def unlike(slug: str, member_id: MemberId, database: Database) -> ArticleResponse:
    """Like it no longer."""
    with database.begin() as session:
        viewer, article = find_member(session, member_id), find_article(session, slug)
        session.execute(delete(Favorite).where(Favorite.user_id == viewer.id, Favorite.article_id == article.id))
        return respond(session, viewer, article)


def respond(session: Session, viewer: User, article: Article) -> ArticleResponse:
    """Return an article as the viewer sees it now."""
    return ArticleResponse(Eyes(session, viewer).show_article(article))
