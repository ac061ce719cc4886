"""What lets schemathesis take part in Conduit; it reads this file by `SCHEMATHESIS_HOOKS`."""

import secrets
from importlib import import_module
from typing import Any

import httpx
import schemathesis

import_module("openapi_exclusions")  # What is left out elsewhere is left out here.


@schemathesis.auth().apply_to(path_regex="^/api/")
class Membership:
    """Joins, and says so in each request; the check `ignored_auth` takes it away again."""

    def get(self, case: Any, context: Any) -> str:
        """Return the token of somebody who has just joined."""
        name = secrets.token_hex(8)
        new = {"username": name, "email": f"{name}@example.com", "password": name}
        origin = case.operation.base_url.rstrip("/")
        response = httpx.post(f"{origin}/api/users", json={"user": new})
        token: str = response.raise_for_status().json()["user"]["token"]
        return token

    def set(self, case: Any, data: str, context: Any) -> None:
        """Put the token into a request."""
        case.headers["Authorization"] = f"Token {data}"


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Give names and addresses an ending that nobody has: that one is taken is right, and no schema can say it."""
    user = case.body.get("user") if isinstance(case.body, dict) else None
    if isinstance(user, dict):
        texts = {key: user[key] for key in ("username", "email") if is_filled(user.get(key))}
        case.body = {**case.body, "user": {**user, **{key: text + secrets.token_hex(8) for key, text in texts.items()}}}


def is_filled(value: Any) -> bool:
    """Return whether *value* is a text with something in it; what is wrong stays wrong."""
    return isinstance(value, str) and value.strip() != ""
