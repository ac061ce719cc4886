"""This file is the tables."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


def now() -> datetime:
    """Return the time in UTC, which is the time of all columns here."""
    return datetime.now(UTC).replace(tzinfo=None)


def refer(column: str, **options: Any) -> Mapped[int]:
    """Return a column that refers to a row, and goes with it."""
    return mapped_column(ForeignKey(column, ondelete="CASCADE"), **options)


class Table(DeclarativeBase):
    """What all tables have in common."""


class User(Table):
    """Somebody who reads and writes."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    bio: Mapped[str | None]
    image: Mapped[str | None]


class Follow(Table):
    """Somebody wants to read what somebody else writes."""

    __tablename__ = "follows"

    follower_id: Mapped[int] = refer("users.id", primary_key=True)
    followed_id: Mapped[int] = refer("users.id", primary_key=True)


class Tag(Table):
    """A word for what an article is about."""

    __tablename__ = "tags"
    __table_args__ = (Index("tags_by_name", "name"),)

    article_id: Mapped[int] = refer("articles.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Article(Table):
    """What somebody has written."""

    __tablename__ = "articles"
    __table_args__ = (Index("articles_by_age", text("created_at DESC"), text("id DESC")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    description: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    author_id: Mapped[int] = refer("users.id", index=True)
    author: Mapped[User] = relationship(lazy="joined")
    tags: Mapped[list[Tag]] = relationship(
        lazy="selectin", order_by=Tag.position, cascade="all, delete-orphan", passive_deletes=True
    )


class Favorite(Table):
    """Somebody likes an article."""

    __tablename__ = "favorites"

    user_id: Mapped[int] = refer("users.id", primary_key=True)
    article_id: Mapped[int] = refer("articles.id", primary_key=True, index=True)


class Comment(Table):
    """What somebody says about an article."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    article_id: Mapped[int] = refer("articles.id", index=True)
    author_id: Mapped[int] = refer("users.id")
    author: Mapped[User] = relationship(lazy="joined")
