"""This file is what clients send and get, as the specification has it."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

#: A text with something in it.
Text = Annotated[str, Meta(pattern=r"\S")]
#: A moment in UTC, to the millisecond.
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class Errors(Struct):
    """What is wrong, by what it is about."""

    errors: dict[str, list[str]]


# --- what clients send ---


class Login(Struct):
    email: Text
    password: Text


class LoginRequest(Struct):
    user: Login


class NewUser(Struct):
    username: Text
    email: Text
    password: Text


class NewUserRequest(Struct):
    user: NewUser


class UserChanges(Struct, omit_defaults=True):
    """What is left out stays as it is; bio and image can be taken away with `null`."""

    username: Text | UnsetType = UNSET
    email: Text | UnsetType = UNSET
    password: Text | UnsetType = UNSET
    bio: str | UnsetType | None = UNSET
    image: str | UnsetType | None = UNSET


class UserChangesRequest(Struct):
    user: Annotated[UserChanges, Meta(extra_json_schema={"minProperties": 1})]


class NewArticle(Struct, rename="camel"):
    title: Text
    description: Text
    body: Text
    tag_list: list[Text] = []


class NewArticleRequest(Struct):
    article: NewArticle


class ArticleChanges(Struct, rename="camel"):
    """What is left out stays as it is."""

    title: Text | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    body: Text | UnsetType = UNSET
    tag_list: list[Text] | UnsetType = UNSET


class ArticleChangesRequest(Struct):
    article: ArticleChanges


class NewComment(Struct):
    body: Text


class NewCommentRequest(Struct):
    comment: NewComment


# --- what they get ---


class User(Struct):
    """The client itself, with the token that proves it."""

    username: str
    email: str
    bio: str | None
    image: str | None
    token: str


class UserResponse(Struct):
    user: User


class Profile(Struct):
    """Somebody, as others see them."""

    username: str
    bio: str | None
    image: str | None
    following: bool


class ProfileResponse(Struct):
    profile: Profile


class ArticleSummary(Struct, rename="camel"):
    """An article in a list, without its body."""

    slug: str
    title: str
    description: str
    tag_list: list[str]
    created_at: Moment
    updated_at: Moment
    favorited: bool
    favorites_count: int
    author: Profile


class Article(ArticleSummary, rename="camel"):
    """A whole article."""

    body: str


class ArticleResponse(Struct):
    article: Article


class ArticlesResponse(Struct, rename="camel"):
    """One page of articles, and how many there are on all pages."""

    articles: list[ArticleSummary]
    articles_count: int


class Comment(Struct, rename="camel"):
    id: int
    created_at: Moment
    updated_at: Moment
    body: str
    author: Profile


class CommentResponse(Struct):
    comment: Comment


class CommentsResponse(Struct):
    comments: list[Comment]


class TagsResponse(Struct):
    tags: list[str]
