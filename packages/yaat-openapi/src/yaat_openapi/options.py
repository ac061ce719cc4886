"""This file is what an app can say about its document, checked."""

from dataclasses import dataclass

from yaat.exceptions import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAPIOptions:
    """What the document says of the app, and where it is served.

    Attributes:
        title: The name of the API.
        version: Of the API, not of OpenAPI.
        description: More about the API, in CommonMark.
        openapi_url: The path of the document; `None` serves none.
        docs_url: The path of the page for people; `None` serves none.

    Raises:
        ConfigurationError: Something is missing or no path.
    """

    title: str
    version: str
    description: str
    openapi_url: str | None
    docs_url: str | None

    def __post_init__(self) -> None:
        for name in ("title", "version"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise ConfigurationError(f"{name} is a text such as '1.0', which every document has; not {value!r}.")
        for name in ("openapi_url", "docs_url"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, str) and value.startswith("/")):
                raise ConfigurationError(f"{name} is a path that begins with '/', or None for no page; not {value!r}.")
        if self.openapi_url is not None and self.openapi_url == self.docs_url:
            raise ConfigurationError(f"openapi_url and docs_url are both {self.docs_url!r}. Give one another path.")
