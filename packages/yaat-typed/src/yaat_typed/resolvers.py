"""This file is which parameter is resolved how: by its marker, or else by its type."""

import inspect
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, get_origin

from yaat import Yaat
from yaat.arguments import Argument, Site, Source
from yaat.connection import Connection
from yaat.exceptions import HandlerError
from yaat.provenance import CORE
from yaat.records import ParameterResolver
from yaat.resolution import BY_NAME
from yaat.state import State

from .annotation import (
    describe_type,
    find_collection,
    is_content,
    is_made_as_content,
    is_marked,
    is_text,
    read_annotation,
    strip_none,
)
from .content import make_body
from .dependency import Dependencies
from .fields import make_field
from .markers import Body, Cookie, File, Form, FromState, Header, Marker, Path, Query, Use
from .objection import find_objection
from .unresolved import refuse_unresolved
from .upload import is_upload, make_file

_MISSING: Any = inspect.Parameter.empty
#: The methods whose requests carry no content that means anything (RFC 9110 §9.3).
WITHOUT_CONTENT = ("GET", "HEAD")
_FIELDS: tuple[type[Marker], ...] = (Query, Header, Cookie, Form)

APP = Source(get=lambda connection: connection.app)
STATE = Source(get=lambda connection: connection.state)


def list_resolvers(dependencies: Dependencies) -> Iterable[ParameterResolver]:
    """Yield the resolvers: one for each marker, and one for what has none."""
    for marker in _FIELDS:
        yield ParameterResolver(name=marker.place, resolve=_resolve_marked(marker))
    yield ParameterResolver(name="path", resolve=resolve_path)
    yield ParameterResolver(name="body", resolve=resolve_body)
    yield ParameterResolver(name="file", resolve=resolve_file)
    yield ParameterResolver(name="state", resolve=resolve_state)
    yield make_use_resolver(dependencies)
    yield ParameterResolver(name="type", resolve=resolve_by_type, is_fallback=True)


def make_use_resolver(dependencies: Dependencies) -> ParameterResolver:
    """Return the resolver of dependencies."""

    def resolve(parameter: inspect.Parameter, site: Site) -> Argument | None:
        marker = read_annotation(parameter).marker if is_marked(parameter) else None
        return dependencies.make_argument(marker, site) if isinstance(marker, Use) else None

    return ParameterResolver(name="dependency", resolve=resolve)


def _resolve_marked(kind: type[Marker]) -> Callable[[inspect.Parameter, Site], Argument | None]:
    """Return what resolves parameters that are marked with *kind*."""

    def resolve(parameter: inspect.Parameter, site: Site) -> Argument | None:
        if not is_marked(parameter):
            return None
        annotation = read_annotation(parameter)
        if not isinstance(annotation.marker, kind):
            return None
        if kind is Form:
            _check_content(parameter, site, "form")
        return make_field(parameter, annotation, kind.place, site)

    return resolve


def resolve_path(parameter: inspect.Parameter, site: Site) -> Argument | None:
    """Return how a path parameter is read whose converter alone does not make it what it should be."""
    annotation = read_annotation(parameter)
    if isinstance(annotation.marker, Path):
        return make_field(parameter, annotation, "path", site)
    if annotation.marker is not None or parameter.name not in site.converters or parameter.kind not in BY_NAME:
        return None
    refuse_unresolved(annotation.type, "its annotation")
    converter = site.converters[parameter.name]
    known = (_MISSING, Any, str, converter.annotation if converter is not None else str)
    if annotation.type in known:
        return None
    seen = describe_type(annotation.type)
    # A converter of somebody else may give anything, and of a class that msgspec does not know nobody can tell.
    is_other = converter is not None and converter.owner != CORE
    if not is_text(seen) and (is_other or (seen is None and not _is_enum(annotation.type))):
        return None
    return make_field(parameter, annotation, "path", site)


def resolve_body(parameter: inspect.Parameter, site: Site) -> Argument | None:
    """Return how the whole content is read for what is marked with `Body`."""
    annotation = read_annotation(parameter)
    if not isinstance(annotation.marker, Body):
        return None
    _check_content(parameter, site, "content")
    return make_body(parameter, annotation)


def resolve_file(parameter: inspect.Parameter, site: Site) -> Argument | None:
    """Return how a file is taken from a form: what is marked with `File`, or is a class of uploads."""
    annotation = read_annotation(parameter)
    if not isinstance(annotation.marker, File) and (annotation.marker is not None or not is_upload(annotation.type)):
        return None
    _check_content(parameter, site, "form")
    return make_file(parameter, annotation)


def resolve_state(parameter: inspect.Parameter, site: Site) -> Argument | None:
    """Return how a value of the state, or all of it, is given."""
    annotation = read_annotation(parameter)
    if annotation.marker is None and _is_a(annotation.type, State):
        return Argument(source=STATE)
    if not isinstance(annotation.marker, FromState):
        return None
    name, default = annotation.marker.name or parameter.name, parameter.default

    def read(state: Any) -> Any:
        return state[name] if name in state else _find_default(state, name, default)

    return Argument(source=STATE, read=read)


def resolve_app(parameter: inspect.Parameter, site: Site) -> Argument | None:
    """Return how the app is given to what is annotated with its class."""
    return Argument(source=APP) if _is_a(parameter.annotation, Yaat) else None


def resolve_by_type(parameter: inspect.Parameter, site: Site) -> Argument | None:
    """Return how a parameter is read that has no marker: texts from the query, models from the content."""
    annotation = read_annotation(parameter)
    kind = annotation.type
    if annotation.marker is not None or kind is _MISSING or kind is Any or parameter.name in site.converters:
        return None
    if _is_a(kind, Yaat):
        return resolve_app(parameter, site)
    _refuse_connection(kind, site)
    refuse_unresolved(kind, "its annotation")
    seen = describe_type(kind)
    if is_text(seen) or find_collection(seen) is not None or _is_enum(kind):
        return make_field(parameter, annotation, "query", site)
    if seen is None and is_made_as_content(kind):
        raise HandlerError(f"content cannot be read as a {_show(kind)}.{find_objection(kind)}")
    if not is_content(seen):
        return None
    if site.method in WITHOUT_CONTENT:
        raise HandlerError(
            f"its type is that of content, which a {site.method} request does not carry. "
            f"For a model of the query write {parameter.name}: Annotated[{_show(kind)}, Query()]"
        )
    _check_content(parameter, site, "content")
    return make_body(parameter, annotation)


def _refuse_connection(kind: Any, site: Site) -> None:
    """Raise for a connection of another protocol.

    Raises:
        HandlerError: It is one.
    """
    if _is_a(kind, Connection):
        raise HandlerError(f"its type is {_show(kind)}, but the route gives a {site.given.__name__}.")


def _check_content(parameter: inspect.Parameter, site: Site, what: str) -> None:
    """Raise unless the content can be given to *parameter*.

    Raises:
        HandlerError: The protocol has no content, or another parameter takes it in another form.
    """
    if site.method == "":
        raise HandlerError(f"it takes content, and a {site.given.__name__} has none.")
    for other in site.handler.parameters if site.handler is not None else ():
        if other.name != parameter.name and _find_form(other, site) not in (None, "form" if what == "form" else None):
            raise HandlerError(
                f"both it and {other.name!r} take the content. "
                "Put both into one model, or make all of them Form() or File()."
            )


def _find_form(parameter: inspect.Parameter, site: Site) -> str | None:
    """Return in which form a parameter takes the content, or `None` if it takes none."""
    annotation = read_annotation(parameter)
    marker: Any = annotation.marker
    if isinstance(marker, Form | File) or (marker is None and is_upload(annotation.type)):
        return "form"
    if isinstance(marker, Body):
        return "content"
    is_free = marker is None and parameter.name not in site.converters and annotation.type is not _MISSING
    return "content" if is_free and is_content(describe_type(annotation.type)) else None


def _find_default(state: Any, name: str, default: Any) -> Any:
    """Return the default of a value that the state does not have.

    Raises:
        AttributeError: There is none; the message tells what the state has.
    """
    return getattr(state, name) if default is _MISSING else default


def _is_a(kind: Any, wanted: type) -> bool:
    """Return whether a type is *wanted* or a subclass of it."""
    kind = get_origin(kind) or kind
    return isinstance(kind, type) and issubclass(kind, wanted)


def _is_enum(kind: Any) -> bool:
    """Return whether a type is an enumeration, or one or `None`; msgspec does not know those with several types."""
    return _is_a(strip_none(kind), Enum)


def _show(kind: Any) -> str:
    """Return a type for a message."""
    return kind.__name__ if isinstance(kind, type) else str(kind)
