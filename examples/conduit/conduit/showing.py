"""This file is how things look to whoever asks: whom they follow, what they like."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from . import models, schemas


def show_moment(moment: datetime) -> str:
    """Return a moment as ISO 8601 has it, to the millisecond."""
    return f"{moment.isoformat(timespec='milliseconds')}Z"


class Eyes:
    """How everything looks to one viewer, or to anybody."""

    def __init__(self, session: Session, viewer: models.User | None) -> None:
        self._session = session
        self._viewer_id = None if viewer is None else viewer.id

    def show_profile(self, user: models.User) -> schemas.Profile:
        """Return a user as the viewer sees them."""
        return make_profile(user, self._find_followed([user]))

    def show_article(self, article: models.Article) -> schemas.Article:
        """Return an article as the viewer sees it."""
        [summary] = self.show_articles([article])
        fields = {name: getattr(summary, name) for name in summary.__struct_fields__}
        return schemas.Article(**fields, body=article.body)

    def show_articles(self, articles: Sequence[models.Article]) -> list[schemas.ArticleSummary]:
        """Return articles as the viewer sees them, in four queries however many they are."""
        counts, favorites = self._count_favorites(articles), self._find_favorites(articles)
        followed = self._find_followed([article.author for article in articles])
        return [
            schemas.ArticleSummary(
                slug=article.slug,
                title=article.title,
                description=article.description,
                tag_list=[tag.name for tag in article.tags],
                created_at=show_moment(article.created_at),
                updated_at=show_moment(article.updated_at),
                favorited=article.id in favorites,
                favorites_count=counts.get(article.id, 0),
                author=make_profile(article.author, followed),
            )
            for article in articles
        ]

    def show_comments(self, comments: Sequence[models.Comment]) -> list[schemas.Comment]:
        """Return comments as the viewer sees them."""
        followed = self._find_followed([comment.author for comment in comments])
        return [
            schemas.Comment(
                id=comment.id,
                created_at=show_moment(comment.created_at),
                updated_at=show_moment(comment.updated_at),
                body=comment.body,
                author=make_profile(comment.author, followed),
            )
            for comment in comments
        ]

    def _find_followed(self, users: Sequence[models.User]) -> set[int]:
        """Return which of *users* the viewer follows."""
        if self._viewer_id is None:
            return set()
        follow, ids = models.Follow, {user.id for user in users}
        chosen = select(follow.followed_id).where(follow.follower_id == self._viewer_id, follow.followed_id.in_(ids))
        return set(self._session.scalars(chosen))

    def _find_favorites(self, articles: Sequence[models.Article]) -> set[int]:
        """Return which of *articles* the viewer likes."""
        if self._viewer_id is None:
            return set()
        favorite, ids = models.Favorite, [article.id for article in articles]
        chosen = select(favorite.article_id).where(favorite.user_id == self._viewer_id, favorite.article_id.in_(ids))
        return set(self._session.scalars(chosen))

    def _count_favorites(self, articles: Sequence[models.Article]) -> dict[int, int]:
        """Return how many users like each of *articles*."""
        favorite, ids = models.Favorite, [article.id for article in articles]
        counted = select(favorite.article_id, func.count()).where(favorite.article_id.in_(ids))
        rows = self._session.execute(counted.group_by(favorite.article_id))
        return {row[0]: row[1] for row in rows}


def make_profile(user: models.User, followed: set[int]) -> schemas.Profile:
    """Return a user as somebody sees them who follows those in *followed*."""
    return schemas.Profile(username=user.username, bio=user.bio, image=user.image, following=user.id in followed)
