"""What clients must show."""

from collections.abc import Callable
from typing import Any

import pytest

from yaat import Plugin, Yaat, hookimpl
from yaat.exceptions import ConfigurationError
from yaat_openapi.security import check_security, read_requirements

App = Callable[..., Yaat]
Read = Callable[[Yaat], Any]


def test_name_alone_is_a_scheme_without_scopes() -> None:
    """The long form stays as it is."""
    assert read_requirements(["a", {"b": ["read"], "c": []}]) == [{"a": []}, {"b": ["read"], "c": []}]


@pytest.mark.parametrize(
    ("schemes", "hint"),
    [
        ({"bearer": {}}, "Did you mean 'bearer'?"),
        ({"cookie": {}}, "There are: cookie. Describe it in security_schemes=."),
        ({}, "There are none. Describe it in security_schemes=."),
    ],
)
def test_scheme_that_nobody_describes_is_refused(schemes: dict[str, Any], hint: str) -> None:
    """The message names the operation and what there is."""
    document = {"components": {"securitySchemes": schemes}}
    with pytest.raises(ConfigurationError) as caught:
        check_security(document, [("/a", "GET", {"security": [{"barer": []}]})])
    assert str(caught.value) == f"GET /a requires the security scheme 'barer', which nobody describes. {hint}"


def test_scheme_of_the_whole_document_must_be_there_too() -> None:
    """It is what operations need that say nothing."""
    with pytest.raises(ConfigurationError, match="The document requires the security scheme 'token'"):
        check_security({"security": [{"token": []}]}, [])


class Tokens(Plugin):
    """Lets in who has a token."""

    name = "tokens"

    @hookimpl(optionalhook=True)
    def yaat_openapi_operation(self, route: Any, operation: dict[str, Any]) -> None:
        if route.metadata.get("needs_token"):
            operation["security"] = [{"token": []}]
            operation["responses"]["401"] = {"description": "Who are you?"}

    @hookimpl(optionalhook=True)
    def yaat_openapi_document(self, document: dict[str, Any]) -> None:
        schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
        schemes["token"] = {"type": "http", "scheme": "bearer"}


def test_plugin_brings_its_scheme_and_says_where_it_is_needed(make_app: App, read_document: Read) -> None:
    """The app says nothing of it twice."""
    app = make_app(Tokens())

    @app.get("/mine", needs_token=True)
    async def mine(request: Any) -> str:
        return ""

    document = read_document(app)
    assert document["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    assert document["paths"]["/mine"]["get"]["security"] == [{"token": []}]
