"""This file is users: how they join, and what they tell of themselves."""

from typing import Any

from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from yaat import Router

from . import schemas
from .dependencies import Database, MemberId, ServerTokens
from .errors import BLANK, INVALID, TAKEN, UNAUTHORIZED, Refusal
from .finding import find_member
from .models import User
from .passwords import hash_password, is_right
from .schemas import Errors, LoginRequest, NewUserRequest, UserChangesRequest, UserResponse
from .tokens import Tokens

router = Router()

TAGS = ["User and Authentication"]
#: No two users share one of these.
UNIQUE = ("username", "email")


@router.post("/users", status_code=201, tags=TAGS, responses={409: Errors, **INVALID})
def register(new: NewUserRequest, database: Database, tokens: ServerTokens) -> UserResponse:
    """Join."""
    user = User(username=new.user.username, email=new.user.email, password=hash_password(new.user.password))
    with database.begin() as session:
        store(session, user, status_if_taken=409)
        return show_user(user, tokens)


@router.post("/users/login", tags=TAGS, responses=UNAUTHORIZED)
def log_in(login: LoginRequest, database: Database, tokens: ServerTokens) -> UserResponse:
    """Get a token."""
    with database.begin() as session:
        user = session.scalar(select(User).where(User.email == login.user.email))
        if not is_right(login.user.password, None if user is None else user.password) or user is None:
            raise Refusal(401, credentials="invalid")
        return show_user(user, tokens)


@router.get("/user", tags=TAGS, responses=UNAUTHORIZED, security=["Token"])
def show_self(member_id: MemberId, database: Database, tokens: ServerTokens) -> UserResponse:
    """See yourself."""
    with database.begin() as session:
        return show_user(find_member(session, member_id), tokens)


@router.put("/user", tags=TAGS, responses=UNAUTHORIZED, security=["Token"])
def change_self(
    changes: UserChangesRequest, member_id: MemberId, database: Database, tokens: ServerTokens
) -> UserResponse:
    """Change what you told of yourself."""
    given = list_changes(changes.user)
    if not given:
        raise Refusal(422, user=BLANK)
    with database.begin() as session:
        viewer = find_member(session, member_id)
        for name, value in given.items():
            setattr(viewer, name, value)
        store(session, viewer, status_if_taken=422)
        return show_user(viewer, tokens)


def show_user(user: User, tokens: Tokens) -> UserResponse:
    """Return a user as they see themselves, with a token that is new."""
    shown = schemas.User(user.username, user.email, user.bio, user.image, tokens.make(user.id))
    return UserResponse(shown)


def list_changes(changes: schemas.UserChanges) -> dict[str, Any]:
    """Return what is to be changed, as it is kept: an empty text about oneself is none."""
    fields = {name: getattr(changes, name) for name in changes.__struct_fields__}
    given = {name: value for name, value in fields.items() if value is not UNSET}
    given |= {name: given[name] or None for name in ("bio", "image") if name in given}
    if "password" in given:
        given["password"] = hash_password(given["password"])
    return given


def store(session: Session, user: User, *, status_if_taken: int) -> None:
    """Keep *user*, unless somebody else has their name or address."""
    with session.no_autoflush:
        taken = [name for name in UNIQUE if is_taken(session, user, name)]
    if taken:
        raise Refusal(status_if_taken, **dict.fromkeys(taken, TAKEN))
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:  # Somebody else was faster.
        name = "email" if "email" in str(error.orig) else "username"
        raise Refusal(status_if_taken, **{name: TAKEN}) from error


def is_taken(session: Session, user: User, name: str) -> bool:
    """Return whether somebody else has the same value in a column."""
    column = getattr(User, name)
    return session.scalar(select(User.id).where(column == getattr(user, name), User.id != user.id)) is not None
