"""This file is the whole document: the operations of an app under their paths (OpenAPI 3.1)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from yaat.exceptions import ConfigurationError
from yaat.record import EMPTY, frozen
from yaat.similar import find_similar

from .definitions import Definitions, ReviseSchema, Wishes
from .naming import check_names, name_operations
from .operation import Operation, Subject, Surroundings, check_metadata, describe_operation, name_route, read_told
from .options import OpenAPIOptions
from .path import DocumentPath, parse_path
from .security import check_security, read_requirements
from .tidying import prune

Document = dict[str, Any]

#: The release that the tools of others understand best.
OPENAPI_VERSION = "3.1.0"
#: The methods that a Path Item Object has a field for, in the order of the specification (OpenAPI 3.1 §4.8.9.1).
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
EVENT_STREAM = "text/event-stream"


@frozen
class Enrichment:
    """How plugins have their say.

    Attributes:
        operation: From a route, a method and its operation to that operation with what plugins know of it.
        schema: From a type, the name of a component and a schema to that schema likewise.
        document: From a document to that document likewise.
    """

    operation: Callable[[Any, str, Operation], Operation] = lambda route, method, operation: operation
    schema: ReviseSchema = lambda kind, name, schema: schema
    document: Callable[[Document], Document] = lambda document: document


#: Without plugins, and without an app.
UNTOUCHED = Enrichment()
ALONE = Surroundings()


@frozen
class Written:
    """A document, and what is to be known of it.

    Attributes:
        document: An OpenAPI Object.
        collisions: The components that types with one name have become, by that name.
    """

    document: Document
    collisions: Mapping[str, Sequence[str]] = EMPTY


def select_routes(routes: Iterable[Any], name: str, options: OpenAPIOptions, known: Iterable[str]) -> list[Any]:
    """Return the routes that one of the documents of an app shows.

    A route with `documents=` is in these alone, and every other one in all; as far as its path is below that of the
    document. Those with `has_schema=False` are in none.

    Args:
        routes: From the report of the build.
        name: Of the document.
        options: Of the document.
        known: The names of all documents.

    Raises:
        ConfigurationError: A route names a document that there is none of, or says something that cannot be.
    """
    selected = []
    for route in routes:
        check_metadata(route)
        wanted = route.metadata.get("documents")
        for each in wanted or ():
            _check_name(each, known, route)
        is_below = not options.below or f"{route.path}/".startswith(f"{options.below}/")
        if _is_shown(route) and is_below and (wanted is None or name in wanted):
            selected.append(route)
    return selected


def build_document(
    options: OpenAPIOptions,
    routes: Iterable[Any],
    enrichment: Enrichment = UNTOUCHED,
    surroundings: Surroundings = ALONE,
) -> Written:
    """Return the document for *routes*; the same routes give the same document.

    WebSocket routes are in the list `x-websockets`, and operations that answer with events in
    `x-server-sent-events` too. Methods that OpenAPI 3.1 has no field for stand in
    `x-additional-operations` of their path, as later versions have them in `additionalOperations`. What cannot stand
    beside another operation, because OpenAPI does not tell their paths apart, is in `x-overlapping-operations`.

    Args:
        options: What the app says of itself.
        routes: Those that `select_routes` gives.
        enrichment: Gives plugins their turn.
        surroundings: What operations hang on beside their routes.

    Raises:
        ConfigurationError: A route says something about itself that cannot be.
    """
    paths = Paths()
    subjects = _list_subjects(routes, paths)
    # Which schemas there are, and what they are called, is known when all operations have said what they need; then
    # those that need some are described again.
    wishes = Wishes()
    drafts = list(_draft(subjects, wishes, surroundings))
    definitions = Definitions(wishes.kinds, enrichment.schema)
    websockets = []
    for subject, draft in zip(subjects, drafts, strict=True):
        described = describe_operation(subject, definitions, surroundings) if draft is None else draft
        operation = enrichment.operation(subject.route, subject.method, described)
        if subject.method:
            paths.add(subject.path, subject.method, operation)
        else:
            websockets.append({"path": subject.path.text, **operation})
    document = enrichment.document(_assemble(options, paths, websockets, definitions))
    document = prune(document, definitions.components)
    check_names(list_operations(document))
    listed = [(each["path"], "WebSocket", each) for each in document.get("x-websockets", ())]
    check_security(document, [*list_operations(document), *listed])
    return Written(document=document, collisions=definitions.collisions)


def _list_subjects(routes: Iterable[Any], paths: "Paths") -> list[Subject]:
    """Return what is to be described, each with its name and its path in the document."""
    keys = [(route, method) for route in routes for method in _sort_methods(route.handlers)]
    subjects = []
    for (route, method), name in zip(keys, name_operations(keys), strict=True):
        path = parse_path(route.path)
        told = read_told(route, method)
        place = paths.find(path) if method else path
        subjects.append(Subject(route=route, method=method, operation_id=name, path=place, told=told))
    return subjects


def _draft(subjects: Iterable[Subject], wishes: Wishes, surroundings: Surroundings) -> Iterator[Operation | None]:
    """Yield the operations that need no schema, and `None` for the others, whose needs are put among *wishes*."""
    for subject in subjects:
        count = len(wishes.kinds)
        operation = describe_operation(subject, wishes, surroundings)
        yield operation if len(wishes.kinds) == count else None


def _assemble(
    options: OpenAPIOptions, paths: "Paths", websockets: Sequence[Operation], definitions: Definitions
) -> Document:
    """Return the parts of a document in their order, without those that are empty."""
    info = {"title": options.title, "version": options.version, "description": options.description, **options.info}
    components = {
        "schemas": definitions.components,
        "securitySchemes": {name: dict(scheme) for name, scheme in options.security_schemes.items()},
    }
    parts = {
        "servers": [dict(each) for each in options.servers],
        "tags": [dict(each) for each in options.tags],
        "security": read_requirements(options.security),
        "components": {name: part for name, part in components.items() if part},
        "x-websockets": list(websockets),
        "x-server-sent-events": list(_list_streams(paths)),
        "x-overlapping-operations": paths.overlapping,
    }
    return {
        "openapi": OPENAPI_VERSION,
        "info": {name: value for name, value in info.items() if value},
        "paths": paths.items,
        **{name: part for name, part in parts.items() if part},
    }


def _list_streams(paths: "Paths") -> Iterator[dict[str, str]]:
    """Yield where the operations are that answer with events as they happen."""
    for path, method, operation in list_operations({"paths": paths.items}):
        for response in operation.get("responses", {}).values():
            if EVENT_STREAM in response.get("content", {}):
                yield {"path": path, "method": method, "operationId": operation["operationId"]}


def place_below(document: Document, root_path: str) -> Document:
    """Return *document* for an app that its server serves below *root_path*."""
    if not root_path or "servers" in document:
        return document
    return {**document, "servers": [{"url": root_path}]}


class Paths:
    """The Paths Object while it grows.

    Attributes:
        items: The Path Item Objects by path.
        overlapping: The operations that there was no place for.
    """

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.overlapping: list[dict[str, Any]] = []
        self._known: dict[str, DocumentPath] = {}

    def find(self, path: DocumentPath) -> DocumentPath:
        """Return the path under which the operations of *path* stand: the first of its shape, whatever its names."""
        return self._known.setdefault(path.shape, path)

    def add(self, path: DocumentPath, method: str, operation: Operation) -> None:
        """Put an operation in its place."""
        item = self.items.setdefault(path.text, {})
        name = method.lower()
        fields = item if name in METHODS else item.setdefault("x-additional-operations", {})
        key = name if name in METHODS else method
        if key in fields:
            self.overlapping.append({"path": path.text, "method": method, "operation": operation})
        else:
            fields[key] = operation


def list_operations(document: Mapping[str, Any]) -> Iterable[tuple[str, str, Mapping[str, Any]]]:
    """Yield each operation over HTTP of a document with its path and its method in upper case."""
    for path, item in document["paths"].items():
        for name, value in item.items():
            if name in METHODS:
                yield path, name.upper(), value
        for method, value in item.get("x-additional-operations", {}).items():
            yield path, method, value
    for overlapping in document.get("x-overlapping-operations", ()):
        yield overlapping["path"], overlapping["method"], overlapping["operation"]


def _check_name(name: Any, known: Iterable[str], route: Any) -> None:
    """Raise for a document that there is none of.

    Raises:
        ConfigurationError: It is none.
    """
    if name not in known:
        similar = find_similar(str(name), known)
        hint = f"Did you mean {similar!r}?" if similar else f"There are: {', '.join(known)}."
        raise ConfigurationError(f"documents= of {name_route(route)} names {name!r}, which is no document. {hint}")


def _is_shown(route: Any) -> bool:
    """Whether a route is for documents at all."""
    return route.protocol in ("http", "websocket") and route.metadata.get("has_schema") is not False


def _sort_methods(handlers: Mapping[str, Any]) -> list[str]:
    """Return the methods of a route in the order of the document."""
    known = {method.upper(): position for position, method in enumerate(METHODS)}
    return sorted(handlers, key=lambda method: (known.get(method, len(known)), method))
