"""This file is the whole document: the operations of an app under their paths (OpenAPI 3.1)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .naming import name_operations
from .operation import Operation, check_metadata, describe_operation
from .options import OpenAPIOptions
from .path import DocumentPath, parse_path

Document = dict[str, Any]
#: From a route, a method and its operation to that operation with what plugins know of it.
Enrich = Callable[[Any, str, Operation], Operation]

#: The release that the tools of others understand best.
OPENAPI_VERSION = "3.1.0"
#: The methods that a Path Item Object has a field for, in the order of the specification (OpenAPI 3.1 §4.8.9.1).
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def build_document(
    options: OpenAPIOptions,
    routes: Iterable[Any],
    enrich: Enrich = lambda route, method, operation: operation,
) -> Document:
    """Return the document for *routes*; the same routes give the same document.

    WebSocket routes are in the list `x-websockets`. Methods that OpenAPI 3.1 has no field for stand in
    `x-additional-operations` of their path, as later versions have them in `additionalOperations`. What cannot stand
    beside another operation, because OpenAPI does not tell their paths apart, is in `x-overlapping-operations`.

    Args:
        options: What the app says of itself.
        routes: From the report of the build; those with `has_schema=False` are left out.
        enrich: Gives plugins their turn.

    Raises:
        ConfigurationError: A route says something about itself that cannot be.
    """
    shown = [route for route in routes if _is_shown(route)]
    keys = [(route, method) for route in shown for method in _sort_methods(route.handlers)]
    paths = Paths()
    websockets = []
    for key, operation_id in zip(keys, name_operations(keys), strict=True):
        route, method = key
        path = paths.find(parse_path(route.path)) if method else parse_path(route.path)
        operation = describe_operation(route, method, operation_id=operation_id, path=path)
        operation = enrich(route, method, operation)
        if method:
            paths.add(path, method, operation)
        else:
            websockets.append({"path": path.text, **operation})
    info = {"title": options.title, "version": options.version, "description": options.description}
    document: Document = {
        "openapi": OPENAPI_VERSION,
        "info": {name: value for name, value in info.items() if value},
        "paths": paths.items,
    }
    if websockets:
        document["x-websockets"] = websockets
    if paths.overlapping:
        document["x-overlapping-operations"] = paths.overlapping
    return document


def place_below(document: Document, root_path: str) -> Document:
    """Return *document* for an app that its server serves below *root_path*."""
    if not root_path or "servers" in document:
        return document
    return {**document, "servers": [{"url": root_path}]}


@dataclass(slots=True)
class Paths:
    """The Paths Object while it grows.

    Attributes:
        items: The Path Item Objects by path.
        overlapping: The operations that there was no place for.
    """

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    overlapping: list[dict[str, Any]] = field(default_factory=list)
    _known: dict[str, DocumentPath] = field(default_factory=dict)

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


def _is_shown(route: Any) -> bool:
    """Whether a route is part of the document, having checked what it says about itself."""
    check_metadata(route)
    return route.protocol in ("http", "websocket") and route.metadata.get("has_schema") is not False


def _sort_methods(handlers: Mapping[str, Any]) -> list[str]:
    """Return the methods of a route in the order of the document."""
    known = {method.upper(): position for position, method in enumerate(METHODS)}
    return sorted(handlers, key=lambda method: (known.get(method, len(known)), method))
