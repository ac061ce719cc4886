"""This file is the middleware: it reads a request, lets the policy decide, and writes the fields."""

import logging
import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from yaat import Middleware, Response
from yaat.responses import TextResponse

from .decision import Verdict, decide, decide_preflight, read_origin, read_preflight
from .lookup import find_chain, list_around
from .policy import ALLOW_ORIGIN, Policy

logger = logging.getLogger("yaat.cors")
_VARY = (b"vary", b"Origin")


class CORS:
    """Lets pages of other origins use what it stands around: an app, a router, a mount or one route.

    The innermost policy decides, and `CORS()`, which allows nothing, closes what an outer one has opened. Preflights
    are answered by the outermost, with the policy of the route that is asked about; so where a route has a policy, the
    app needs one too, which the plugin sees to. A response that names an allowed origin by itself is left as it is.

    Args:
        allow_origins: Origins such as `https://example.com`; `*` for any, `null` for pages that have none.
        allow_origin_regex: Matched against the whole origin; `null` never matches.
        allow_methods: What a page may do. `*` for all standard methods; HEAD goes with GET.
        allow_headers: What a page may send beyond the safelisted request headers; `*` for all.
        allow_credentials: Whether cookies and the like may come along, and answers to them be read.
        expose_headers: What a page may read beyond the safelisted response headers; `*` for all.
        max_age: How many seconds a browser may remember the answer to a preflight.
        allow_private_network: Whether pages from the internet may reach this server in a private network.
        allow_any_origin_with_credentials: Says in so many words that any page may act for any user.

    Raises:
        ConfigurationError: Something in it cannot be meant; the message says what to write.
    """

    #: Outermost, so that whatever anybody answers passes by.
    stage: ClassVar[str] = "edge"

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
        self.policy = Policy(
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
        #: By the identity of a place, which lives as long as it is kept here.
        self._policies: dict[int, tuple[Any, Policy]] = {}

    def process_request(self, request: Any) -> Response | None:
        """Answer a preflight."""
        if request.method != "OPTIONS":
            return None
        preflight = read_preflight(request.scope["headers"])
        if preflight is None:
            return None
        policy = find_policy(find_chain(request, preflight.method)) or self.policy
        if policy.is_empty and self._find_policy(request).is_empty:
            return None
        return _make_response(decide_preflight(policy, preflight))

    def process_response(self, request: Any, response: Response) -> None:
        """Say in any other response who may read it."""
        policy = self._find_policy(request)
        if policy.is_empty:
            return
        is_public = policy.is_public
        fields = decide(policy, None if is_public else read_origin(request.scope["headers"]))
        raw = response.headers.raw
        has_vary = False
        # PERF: one pass instead of a look-up for each name (row "5 middleware").
        for name, _ in raw:
            if name == ALLOW_ORIGIN:
                fields = ()
            elif name == b"vary":
                has_vary = True
        raw += fields
        if has_vary and not is_public:
            response.headers.add_vary("Origin")
        elif not is_public:
            raw.append(_VARY)

    def _find_policy(self, request: Any) -> Policy:
        """Return the policy that holds where *request* is, which is looked for once."""
        place = request.place
        found = self._policies.get(id(place))
        if found is not None:
            return found[1]
        policy = find_policy(list_around(place)) or self.policy
        self._policies[id(place)] = (place, policy)
        if not policy.is_empty and find_policy(find_chain(request, "OPTIONS")) is None:
            logger.warning(
                "Nothing answers preflights of %.200r, so browsers will refuse what needs one. "
                "Give the app the plugin: Yaat(plugins=[CORSPlugin()]), or app.add_middleware(CORS).",
                request.path,
            )
        return policy


def find_policy(chain: Sequence[Middleware]) -> Policy | None:
    """Return the innermost policy of *chain*, or `None` if there is none."""
    for record in reversed(chain):
        factory = record.factory
        if isinstance(factory, CORS):
            return factory.policy
        if isinstance(factory, type) and issubclass(factory, CORS):
            return factory(**record.options).policy
    return None


def _make_response(verdict: Verdict) -> Response:
    """Return the answer to a preflight.

    Some old browsers take no 204 for an answer; any status outside of 200–299 refuses (Fetch standard,
    "CORS-preflight fetch").
    """
    if verdict.refused:
        response: Response = TextResponse(f"Disallowed CORS {', '.join(verdict.refused)}", 400)
    else:
        response = Response(b"", 200)
    response.headers.raw.extend(verdict.fields)
    return response
