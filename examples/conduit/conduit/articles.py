"""This file is articles."""

from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from yaat import Router

from .dependencies import Database, MemberId, ViewerId
from .errors import NOT_FOUND, TAKEN, UNAUTHORIZED, Forbidden, Refusal
from .finding import find_article, find_member, find_viewer
from .listing import WantedPage, choose_articles, choose_feed, list_articles
from .models import Article, Tag, User, now
from .schemas import (
    ArticleChanges,
    ArticleChangesRequest,
    ArticleResponse,
    ArticlesResponse,
    Errors,
    NewArticle,
    NewArticleRequest,
)
from .showing import Eyes
from .slugs import lengthen, make_slug

router = Router("/articles")

TAGS = ["Articles"]
OWN = {403: Errors, **UNAUTHORIZED, **NOT_FOUND}


@router.get("", tags=TAGS, responses=UNAUTHORIZED)
def show_list(
    database: Database,
    viewer_id: ViewerId,
    page: WantedPage,
    tag: str | None = None,
    author: str | None = None,
    favorited: str | None = None,
) -> ArticlesResponse:
    """List the newest articles."""
    chosen = choose_articles(tag=tag, author=author, favorited=favorited)
    with database.begin() as session:
        return list_articles(session, find_viewer(session, viewer_id), chosen, page)


@router.get("/feed", tags=TAGS, responses=UNAUTHORIZED, security=["Token"])
def show_feed(database: Database, member_id: MemberId, page: WantedPage) -> ArticlesResponse:
    """List the newest articles by those you follow."""
    with database.begin() as session:
        viewer = find_member(session, member_id)
        return list_articles(session, viewer, choose_feed(viewer), page)


@router.post("", status_code=201, tags=TAGS, responses={409: Errors, **UNAUTHORIZED}, security=["Token"])
def publish(new: NewArticleRequest, member_id: MemberId, database: Database) -> ArticleResponse:
    """Publish an article."""
    with database.begin() as session:
        viewer = find_member(session, member_id)
        article = make_article(new.article, viewer)
        session.add(article)
        try:
            session.flush()
        except IntegrityError as error:
            raise Refusal(409, title=TAKEN) from error
        return respond(session, viewer, article)


@router.get("/{slug:slug}", tags=TAGS, responses=UNAUTHORIZED | NOT_FOUND)
def show(slug: str, viewer_id: ViewerId, database: Database) -> ArticleResponse:
    """Read an article."""
    with database.begin() as session:
        return respond(session, find_viewer(session, viewer_id), find_article(session, slug))


@router.put("/{slug:slug}", tags=TAGS, responses=OWN, security=["Token"])
def change(changes: ArticleChangesRequest, slug: str, member_id: MemberId, database: Database) -> ArticleResponse:
    """Change an article of yours."""
    with database.begin() as session:
        viewer, article = find_own(session, member_id, slug)
        apply(session, changes.article, article)
        return respond(session, viewer, article)


@router.delete("/{slug:slug}", status_code=204, tags=TAGS, responses=OWN, security=["Token"])
def delete(slug: str, member_id: MemberId, database: Database) -> None:
    """Delete an article of yours."""
    with database.begin() as session:
        _, article = find_own(session, member_id, slug)
        session.delete(article)


def find_own(session: Session, member_id: int, slug: str) -> tuple[User, Article]:
    """Return the user and an article of theirs."""
    viewer, article = find_member(session, member_id), find_article(session, slug)
    if article.author_id != viewer.id:
        raise Forbidden("article")
    return viewer, article


def make_article(new: NewArticle, author: User) -> Article:
    """Return an article that is not kept yet."""
    return Article(
        slug=make_slug(new.title),
        title=new.title,
        description=new.description,
        body=new.body,
        author=author,
        tags=make_tags(new.tag_list),
    )


def apply(session: Session, changes: ArticleChanges, article: Article) -> None:
    """Change what is to be changed."""
    if changes.title is not UNSET and changes.title != article.title:
        article.title = changes.title
        article.slug = find_free_slug(session, article)
    if changes.description is not UNSET:
        article.description = changes.description
    if changes.body is not UNSET:
        article.body = changes.body
    if changes.tag_list is not UNSET:
        article.tags.clear()
        session.flush()  # Old tags go before new ones take their positions.
        article.tags.extend(make_tags(changes.tag_list))
    article.updated_at = now()
    session.flush()


def respond(session: Session, viewer: User | None, article: Article) -> ArticleResponse:
    """Return an article as the viewer sees it now."""
    return ArticleResponse(Eyes(session, viewer).show_article(article))


def make_tags(names: list[str]) -> list[Tag]:
    """Return tags in their order, each once."""
    return [Tag(name=name, position=position) for position, name in enumerate(dict.fromkeys(names))]


def find_free_slug(session: Session, article: Article) -> str:
    """Return the slug of an article whose title has changed, one that no other article has."""
    slug = make_slug(article.title)
    with session.no_autoflush:
        other = session.scalar(select(Article.id).where(Article.slug == slug, Article.id != article.id))
    return slug if other is None else lengthen(slug)
