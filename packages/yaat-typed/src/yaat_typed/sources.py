"""This file is what fields are read from: the query, the headers, the cookies and forms."""

from collections.abc import Mapping
from typing import Any

from yaat.arguments import Source
from yaat.exceptions import BadRequest
from yaat.multidict import MultiDict
from yaat.query import DEFAULT_MAX_FIELDS, TooManyFields, parse_urlencoded

EMPTY_FORM: MultiDict[Any] = MultiDict()
_PERCENT = ord("%")
_PLUS = ord("+")


def read_query(connection: Any) -> dict[str, str]:
    """Return the query by name; of those with the same name the last.

    Raises:
        BadRequest: It has too many parameters.
    """
    raw = connection.scope.get("query_string", b"")
    # PERF: most queries are short and hold no escapes; then no list of pairs is made (row "two query parameters").
    if len(raw) < DEFAULT_MAX_FIELDS and raw.isascii() and _PERCENT not in raw and _PLUS not in raw:
        fields = {}
        for field in raw.decode().split("&"):
            name, _, value = field.partition("=")
            if field:
                fields[name] = value
        return fields
    try:
        return dict(parse_urlencoded(raw))
    except TooManyFields as error:
        raise BadRequest(f"{error}") from error


def read_headers(connection: Any) -> Any:
    """Return the headers as they came, in lower case as ASGI wants them."""
    return connection.scope["headers"]


async def read_form(request: Any) -> Any:
    """Return the form, which has no fields where there is no content at all."""
    if "content-type" not in request.headers and not await request.body():
        return EMPTY_FORM
    return await request.form()


#: What each place is read from. A list of values needs more than the last of each name.
SOURCES: Mapping[str, Source] = {
    "path": Source(get=lambda connection: connection.path_params),
    "query": Source(get=read_query),
    "header": Source(get=read_headers),
    "cookie": Source(get=lambda connection: connection.cookies),
    "form": Source(get=read_form, is_async=True, phase="content"),
}
ALL_QUERY = Source(get=lambda connection: connection.query_params)
