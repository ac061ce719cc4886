"""This file is the plugin: it puts a policy around the whole app, and answers for routes that have one of their own."""

import re
from collections.abc import Iterable
from typing import Any

from yaat import Middleware, Plugin, Router, hookimpl
from yaat.routing import Mount

from .middleware import CORS, find_policy


class CORSPlugin(Plugin):
    """Lets pages of other origins use the app; every answer says so, errors and those for unknown paths included.

    Without options it allows nothing, and answers preflights for those routes, routers and mounts that have a `CORS`
    of their own; where there are none it costs nothing.

    Args:
        allow_origins: As for `CORS`, like those below.
        allow_origin_regex: See there.
        allow_methods: See there.
        allow_headers: See there.
        allow_credentials: See there.
        expose_headers: See there.
        max_age: See there.
        allow_private_network: See there.
        allow_any_origin_with_credentials: See there.
    """

    name = "cors"

    def __init__(
        self,
        *,
        allow_origins: Iterable[str] = (),
        allow_origin_regex: str | re.Pattern[str] | None = None,
        allow_methods: Iterable[str] = ("GET",),
        allow_headers: Iterable[str] = (),
        allow_credentials: bool = False,
        expose_headers: Iterable[str] = (),
        max_age: int = 600,
        allow_private_network: bool = False,
        allow_any_origin_with_credentials: bool = False,
    ) -> None:
        self._cors = CORS(
            allow_origins=allow_origins,
            allow_origin_regex=allow_origin_regex,
            allow_methods=allow_methods,
            allow_headers=allow_headers,
            allow_credentials=allow_credentials,
            expose_headers=expose_headers,
            max_age=max_age,
            allow_private_network=allow_private_network,
            allow_any_origin_with_credentials=allow_any_origin_with_credentials,
        )

    @hookimpl
    def yaat_register_middleware(self, app: Any) -> Middleware | None:
        """Stand outermost, so that whatever anybody answers passes by; stay away if there is nothing to say."""
        if self._cors.policy.is_empty and not has_policies(app, set()):
            return None
        return Middleware(self._cors, name=self.name)


def has_policies(router: Router, seen: set[int]) -> bool:
    """Return whether anything in *router* has a policy of its own.

    Args:
        seen: The identities of the routers that have been looked at.
    """
    if id(router) in seen:
        return False
    seen.add(id(router))
    if find_policy(router.middleware) is not None:
        return True
    for entry in router.routes:
        if find_policy(entry.middleware) is not None:
            return True
        if isinstance(entry, Mount) and isinstance(entry.app, Router) and has_policies(entry.app, seen):
            return True
    return False
