"""This file is comments on articles."""

from sqlalchemy import select

from yaat import Router

from .dependencies import Database, MemberId, ViewerId
from .errors import NOT_FOUND, UNAUTHORIZED, Forbidden, Missing
from .finding import find_article, find_member, find_viewer
from .models import Comment
from .schemas import CommentResponse, CommentsResponse, Errors, NewCommentRequest
from .showing import Eyes

router = Router("/articles/{slug}/comments")

TAGS = ["Comments"]
#: What databases can count to.
MAX_ID = 2**63 - 1
ERRORS = UNAUTHORIZED | NOT_FOUND


@router.get("", tags=TAGS, responses=ERRORS)
def show_list(slug: str, viewer_id: ViewerId, database: Database) -> CommentsResponse:
    """Read what was said about an article, the newest first."""
    with database.begin() as session:
        viewer, article = find_viewer(session, viewer_id), find_article(session, slug)
        chosen = select(Comment).where(Comment.article_id == article.id)
        comments = session.scalars(chosen.order_by(Comment.created_at.desc(), Comment.id.desc())).all()
        return CommentsResponse(Eyes(session, viewer).show_comments(comments))


@router.post("", status_code=201, tags=TAGS, responses=ERRORS, security=["Token"])
def add(new: NewCommentRequest, slug: str, member_id: MemberId, database: Database) -> CommentResponse:
    """Say something about an article."""
    with database.begin() as session:
        viewer, article = find_member(session, member_id), find_article(session, slug)
        comment = Comment(body=new.comment.body, article_id=article.id, author=viewer)
        session.add(comment)
        session.flush()
        [shown] = Eyes(session, viewer).show_comments([comment])
        return CommentResponse(shown)


@router.delete("/{id:int}", status_code=204, tags=TAGS, responses={403: Errors, **ERRORS}, security=["Token"])
def delete(slug: str, id: int, member_id: MemberId, database: Database) -> None:
    """Take back what you said."""
    with database.begin() as session:
        viewer, article = find_member(session, member_id), find_article(session, slug)
        comment = session.get(Comment, id) if abs(id) <= MAX_ID else None
        if comment is None or comment.article_id != article.id:
            raise Missing("comment")
        if comment.author_id != viewer.id:
            raise Forbidden("comment")
        session.delete(comment)
