"""This file is middleware that tells who the client is."""

from yaat import Request

from .errors import Refusal

#: `Token` is what the specification says; `Bearer` is what most clients send by themselves.
SCHEMES = ("token", "bearer")


class Authentication:
    """Puts the user whose token came into the state, for handlers; where a route needs one, none is refused.

    A route says so with `security=["Token"]`, which the OpenAPI document shows as well. It happens before any content
    is read, so nobody uploads in vain.
    """

    async def process_request(self, request: Request) -> None:
        request.state.user_id = user_id = self.read_token(request)
        if user_id is None and request.route is not None and "Token" in request.route.metadata.get("security", ()):
            raise Refusal(401, token="is missing")

    def read_token(self, request: Request) -> int | None:
        """Return the user whose token came with the request; none where none came."""
        authorization = request.headers.get("authorization")
        if not authorization:
            return None
        scheme, _, token = authorization.partition(" ")
        user_id: int | None = request.state.tokens.read(token.strip()) if scheme.lower() in SCHEMES else None
        if user_id is None:
            raise Refusal(401, token="is invalid")
        return user_id
