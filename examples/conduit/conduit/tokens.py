"""This file makes and reads the tokens by which clients show who they are (RFC 7519)."""

from datetime import UTC, datetime, timedelta

import jwt

ALGORITHM = "HS256"
LIFETIME = timedelta(days=60)
#: A shorter secret is weaker than the algorithm (RFC 7518 §3.2).
MIN_SECRET_CHARACTERS = 32


class Tokens:
    """Tokens that are signed with a secret.

    Raises:
        ValueError: The secret is too short to be one.
    """

    def __init__(self, secret: str) -> None:
        if len(secret) < MIN_SECRET_CHARACTERS:
            raise ValueError(f"The secret has {len(secret)} characters; it needs {MIN_SECRET_CHARACTERS} or more.")
        self._secret = secret

    def make(self, user_id: int) -> str:
        """Return a token for a user."""
        claims = {"sub": str(user_id), "exp": datetime.now(UTC) + LIFETIME}
        return jwt.encode(claims, self._secret, ALGORITHM)

    def read(self, token: str) -> int | None:
        """Return the user that a token is for, or `None` where it is not valid."""
        try:
            claims = jwt.decode(token, self._secret, [ALGORITHM], options={"require": ["sub", "exp"]})
        except jwt.InvalidTokenError:
            return None
        return int(claims["sub"])
