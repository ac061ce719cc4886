"""This file is what the return annotation of a handler says about its responses.

The law here: nothing is claimed that is not known. Where a handler makes the response itself its status is not known,
so it is described under `default`.
"""

import inspect
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, get_origin, is_typeddict

from yaat.responses import RedirectResponse, Response, StreamResponse

from .schema import describe_annotation

Responses = dict[str, Any]


def describe_returns(returns: Any) -> Responses:
    """Return the responses of a handler by status, as a Responses Object of OpenAPI.

    Args:
        returns: What the handler's annotation says, or `inspect.Signature.empty`.
    """
    if returns is None:
        return {"204": {"description": HTTPStatus(204).phrase}}
    if returns is str:
        return _succeed("text/plain", {"schema": {"type": "string"}})
    if returns is bytes:
        return _succeed("application/octet-stream", {})
    if is_typeddict(returns) or (get_origin(returns) or returns) in (dict, list):
        return _succeed("application/json", {"schema": describe_annotation(returns)})
    if returns is RedirectResponse:
        return {"3XX": {"description": "Redirect", "headers": {"Location": {"schema": {"type": "string"}}}}}
    media_type = _find_media_type(returns)
    response: dict[str, Any] = {"description": "What the handler answers"}
    if media_type is not None:
        response["content"] = {media_type: {}}
    return {"default": response}


def describe_given(given: Mapping[Any, Any]) -> Responses:
    """Return the responses that a route names: by status, each a sentence or a whole Response Object."""
    return {
        str(status): {"description": response} if isinstance(response, str) else dict(response)
        for status, response in given.items()
    }


def _succeed(media_type: str, content: Mapping[str, Any]) -> Responses:
    """Return the response of a handler that returns a plain value."""
    return {"200": {"description": HTTPStatus.OK.phrase, "content": {media_type: dict(content)}}}


def _find_media_type(returns: Any) -> str | None:
    """Return the media type that a class of responses, of the core or of a plugin, always has."""
    if not inspect.isclass(returns) or returns is inspect.Signature.empty:
        return None
    # These are given their media type one by one.
    if issubclass(returns, StreamResponse) or returns is Response:
        return None
    media_type = getattr(returns, "media_type", None)
    return media_type if isinstance(media_type, str) else None
