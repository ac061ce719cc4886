"""This file finds what a request is about; what is not there is an error that says so."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from .errors import Missing, Refusal
from .models import Article, User


def find_viewer(session: Session, user_id: int | None) -> User | None:
    """Return the user whose token came; none where none came."""
    return None if user_id is None else find_member(session, user_id)


def find_member(session: Session, user_id: int) -> User:
    """Return the user whose token came."""
    user = session.get(User, user_id)
    if user is None:
        raise Refusal(401, token="is invalid")
    return user


def find_user(session: Session, username: str) -> User:
    """Return the user of this name."""
    user = session.scalar(select(User).where(User.username == username))
    if user is None:
        raise Missing("profile")
    return user


def find_article(session: Session, slug: str) -> Article:
    """Return the article with this slug."""
    article = session.scalar(select(Article).where(Article.slug == slug))
    if article is None:
        raise Missing("article")
    return article
