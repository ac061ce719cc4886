"""This file is profiles: users as others see them, and who follows whom."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from yaat import Router

from .dependencies import Database, MemberId, ViewerId
from .errors import NOT_FOUND, UNAUTHORIZED
from .finding import find_member, find_user, find_viewer
from .models import Follow, User
from .schemas import ProfileResponse
from .showing import Eyes

router = Router("/profiles/{username}")

TAGS = ["Profile"]
ERRORS = UNAUTHORIZED | NOT_FOUND


@router.get("", tags=TAGS, responses=ERRORS)
def show(username: str, viewer_id: ViewerId, database: Database) -> ProfileResponse:
    """See somebody."""
    with database.begin() as session:
        return respond(session, find_viewer(session, viewer_id), find_user(session, username))


@router.post("/follow", tags=TAGS, responses=ERRORS, security=["Token"])
def follow(username: str, member_id: MemberId, database: Database) -> ProfileResponse:
    """Read from now on what somebody writes."""
    with database.begin() as session:
        viewer, user = find_member(session, member_id), find_user(session, username)
        session.merge(Follow(follower_id=viewer.id, followed_id=user.id))
        return respond(session, viewer, user)


@router.delete("/follow", tags=TAGS, responses=ERRORS, security=["Token"])
def unfollow(username: str, member_id: MemberId, database: Database) -> ProfileResponse:
    """Read it no longer."""
    with database.begin() as session:
        viewer, user = find_member(session, member_id), find_user(session, username)
        session.execute(delete(Follow).where(Follow.follower_id == viewer.id, Follow.followed_id == user.id))
        return respond(session, viewer, user)


def respond(session: Session, viewer: User | None, user: User) -> ProfileResponse:
    """Return a user as the viewer sees them now."""
    return ProfileResponse(Eyes(session, viewer).show_profile(user))
