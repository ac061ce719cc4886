"""All targets by name. Each takes any bytes, and raises when something does not hold."""

from collections.abc import Callable, Mapping
from pathlib import Path

from .content import check_boundary, check_json, check_multipart, check_query
from .conversations import check_websocket
from .fields import check_conditions, check_cookies, check_headers, check_range
from .paths import check_host, check_route_table, check_template, check_url
from .preferences import check_accept, check_media_type, check_weighted

Target = Callable[[bytes], None]

TARGETS: Mapping[str, Target] = {
    "accept": check_accept,
    "boundary": check_boundary,
    "conditions": check_conditions,
    "cookies": check_cookies,
    "headers": check_headers,
    "host": check_host,
    "json": check_json,
    "media_type": check_media_type,
    "multipart": check_multipart,
    "query": check_query,
    "range": check_range,
    "route_table": check_route_table,
    "template": check_template,
    "url": check_url,
    "websocket": check_websocket,
    "weighted": check_weighted,
}
#: Inputs that are worth keeping, a folder for each target.
CORPUS = Path(__file__).parent / "corpus"


def list_inputs(name: str) -> list[Path]:
    """Return the inputs that are kept for a target."""
    return sorted((CORPUS / name).iterdir())
