"""This file is what an app can say about its documents, checked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from posixpath import splitext
from typing import Any

from yaat.exceptions import ConfigurationError
from yaat.json_codec import encode_json
from yaat.record import EMPTY, frozen, replace
from yaat.similar import find_similar

#: What the document is called that every app has.
DEFAULT = "default"
_NAME = re.compile(r"[A-Za-z0-9_-]+")
#: Where the files of the pages are, from the first page.
ASSETS_BELOW = "assets"
#: What the options of another document never are.
_SHARED = ("swagger_ui",)


@frozen
class OpenAPIOptions:
    """What one document says of the app, and where it is served.

    Attributes:
        title: The name of the API.
        version: Of the API, not of OpenAPI.
        description: More about the API, in CommonMark.
        openapi_url: The path of the document; `None` serves none, and no page for it.
        docs_url: The path of the page for people; `None` serves none.
        below: Only routes at this path and below are in the document; all are when it is empty.
        info: More of the Info Object: `contact`, `license`, `termsOfService` …
        servers: Server Objects. Where the app is, when left out.
        tags: Tag Objects, in the order in which people should read.
        security_schemes: Security Scheme Objects by name. Plugins add theirs.
        security: What every operation needs that says nothing else: names of schemes, or Security Requirement Objects.
        swagger_ui: Options of the page, as Swagger UI calls them.

    Raises:
        ConfigurationError: Something is missing or cannot be.
    """

    title: str = "API"
    version: str = "0.1.0"
    description: str = ""
    openapi_url: str | None = "/openapi.json"
    docs_url: str | None = "/docs"
    below: str = ""
    info: Mapping[str, Any] = EMPTY
    servers: Sequence[Mapping[str, Any]] = ()
    tags: Sequence[Mapping[str, Any]] = ()
    security_schemes: Mapping[str, Mapping[str, Any]] = EMPTY
    security: Sequence[Any] = ()
    swagger_ui: Mapping[str, Any] = EMPTY

    def __post_init__(self) -> None:
        for name in ("title", "version"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise ConfigurationError(f"{name} is a text such as '1.0', which every document has; not {value!r}.")
        for name in ("openapi_url", "docs_url"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, str) and value.startswith("/")):
                raise ConfigurationError(f"{name} is a path that begins with '/', or None for no page; not {value!r}.")
        if self.below and not (self.below.startswith("/") and not self.below.endswith("/")):
            raise ConfigurationError(f"below is a path such as '/v1', or empty for all paths; not {self.below!r}.")
        _check_page(self.swagger_ui)

    @property
    def yaml_url(self) -> str | None:
        """The path of the document in YAML: beside the one in JSON, if that ends in `.json`."""
        stem, ending = splitext(self.openapi_url or "")
        return f"{stem}.yaml" if ending == ".json" else None

    @property
    def page_url(self) -> str | None:
        """The path of the page, if there is one: a page shows a document that is served."""
        return None if self.openapi_url is None else self.docs_url


#: The documents of an app by name.
Documents = Mapping[str, OpenAPIOptions]


def read_documents(main: OpenAPIOptions, others: Mapping[str, Any]) -> Documents:
    """Return the options of all documents of an app.

    What another document does not say is as for the main one; it is served at paths with its name in them.

    Raises:
        ConfigurationError: A name or an option cannot be, or two things have one path.
    """
    documents = {DEFAULT: main}
    for name, said in others.items():
        if name == DEFAULT or not _NAME.fullmatch(str(name)):
            raise ConfigurationError(f"A document is named with letters and digits, and not {DEFAULT!r}; not {name!r}.")
        documents[name] = _read_other(main, name, said)
    _check_paths(documents)
    return documents


def find_folder(documents: Documents) -> str | None:
    """Return the path below which the files of the pages are; `None` where there is no page."""
    urls = [options.page_url for options in documents.values() if options.page_url is not None]
    return urls[0].rstrip("/") if urls else None


def _read_other(main: OpenAPIOptions, name: str, said: Any) -> OpenAPIOptions:
    """Return the options of one more document."""
    known = set(OpenAPIOptions.__annotations__) - set(_SHARED)
    if not isinstance(said, Mapping):
        raise ConfigurationError(f"The options of the document {name!r} are a mapping, or {{}} for none; not {said!r}.")
    for option in said:
        if option not in known:
            similar = find_similar(str(option), known)
            hint = f"Did you mean {similar!r}?" if similar else f"It takes: {', '.join(sorted(known))}."
            raise ConfigurationError(f"The document {name!r} has no option {option!r}. {hint}")
    places: dict[str, Any] = {}
    if main.openapi_url is not None:
        stem, ending = splitext(main.openapi_url)
        places["openapi_url"] = f"{stem}-{name}{ending}"
    if main.docs_url is not None:
        places["docs_url"] = f"{main.docs_url.rstrip('/')}/{name}"
    return replace(main, **{**places, **said})


def _check_paths(documents: Documents) -> None:
    """Raise when two things would be served at one path.

    Raises:
        ConfigurationError: They would.
    """
    taken: dict[str, str] = {}
    for what, path in _list_paths(documents):
        other = taken.setdefault(path, what)
        if other is not what:
            raise ConfigurationError(f"{other} and {what} are both {path!r}. Give one another path.")


def _list_paths(documents: Documents) -> Iterator[tuple[str, str]]:
    """Yield what is served, and where."""
    for name, options in documents.items():
        of = "" if name == DEFAULT else f" of the document {name!r}"
        for what, path in (("openapi_url", options.openapi_url), ("docs_url", options.page_url)):
            if path is not None:
                yield f"{what}{of}", path


def _check_page(options: Any) -> None:
    """Raise for options of the page that cannot be sent to it.

    Raises:
        ConfigurationError: They are no mapping, or hold what JSON cannot.
    """
    try:
        encode_json(dict(options))
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            f"swagger_ui is a mapping of options that JSON can hold, such as {{'filter': True}}; not {options!r:.100}. "
            f"({error})"
        ) from error
