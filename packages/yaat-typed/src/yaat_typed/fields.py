"""This file is arguments that are read from one field: of the path, the query, the headers, the cookies or a form."""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from yaat.arguments import Argument, Input, InvalidInput, Output, Site, Source
from yaat.exceptions import HandlerError
from yaat.routing.converters import MAX_INT_DIGITS

from .annotation import Annotation, describe_type, find_collection, find_model, is_text, list_fields
from .completion import complete, refuse_computed
from .markers import Header, Marker
from .mistakes import list_mistakes, refuse
from .objection import find_objection
from .schema import make_schemas
from .sources import ALL_QUERY, SOURCES
from .text import ListMistakes, Parse, list_members, make_list_parser, make_parser, parse_whole

#: What a client may be answered for wrong values.
INVALID = Output(
    status_code=422,
    type=dict[str, Any],
    description="Values are not what is declared",
    media_type="application/problem+json",
)
_MISSING: Any = inspect.Parameter.empty
#: Where a name has one value.
_SINGLE = ("path", "cookie")
_REQUIRED = "Required, but missing"
_FILE = "Expected a text, got a file"


def make_field(parameter: inspect.Parameter, annotation: Annotation, place: str, site: Site) -> Argument:
    """Return how *parameter* is read from *place*.

    Raises:
        HandlerError: Its type cannot be written there.
    """
    marker: Marker | None = annotation.marker
    name = _name_field(parameter, marker, place)
    if place == "path" and name not in site.converters:
        known = ", ".join(site.converters) or "none"
        raise HandlerError(f"it is marked as the path parameter {name!r}; the path has: {known}.")
    seen = describe_type(annotation.type)
    if find_collection(seen) is not None and place not in _SINGLE:
        source, read = _read_all(place, name, annotation, parameter.default)
    elif find_model(seen) is not None and place in ("query", "form"):
        return _make_model(annotation, place, parameter.default)
    elif is_text(seen):
        source, read = _read_one(place, name, annotation, parameter.default)
    else:
        hint = f"{_HINT}." if place in _SINGLE else f"{_HINT}, or a list."
        raise HandlerError(
            f"a value of the {place} cannot be a {_show(annotation.type)}.{find_objection(annotation.type)} {hint}"
        )
    told = describe_input(place, name, annotation, parameter.default)
    return Argument(source=source, read=read, inputs=(told,), outputs=(INVALID,))


_HINT = "It can be a str, int, float, bool, date, time, UUID, Decimal, Enum or Literal, or a union of them"


def describe_input(place: str, name: str, annotation: Annotation, default: Any, **more: Any) -> Input:
    """Return what a parameter stands for, for documents."""
    marker: Any = annotation.marker if isinstance(annotation.marker, Marker) else Marker()
    extra = {"title": marker.title, "examples": marker.examples, "deprecated": marker.deprecated or None}
    return Input(
        place=place,
        name=name,
        type=annotation.type,
        is_required=place == "path" or (default is _MISSING and not (annotation.is_optional and place != "body")),
        default=None if default is _MISSING else default,
        description=marker.description or "",
        constraints=marker.constraints,
        extra={key: value for key, value in extra.items() if value is not None},
        make_schemas=make_schemas,
        **more,
    )


def _name_field(parameter: inspect.Parameter, marker: Marker | None, place: str) -> str:
    """Return what the client calls a parameter."""
    if marker is not None and marker.name:
        return marker.name.lower() if isinstance(marker, Header) else marker.name
    return parameter.name.replace("_", "-").lower() if place == "header" else parameter.name


def _find_default(annotation: Annotation, default: Any) -> Any:
    """Return what stands in for a value that is missing: the default, or `None` where that is allowed."""
    return None if default is _MISSING and annotation.is_optional else default


def _read_one(place: str, name: str, annotation: Annotation, default: Any) -> tuple[Source, Callable[[Any], Any]]:
    """Return the source of one value, and what reads it from there."""
    parse = make_parser(annotation.type)
    default = _find_default(annotation, default)
    if place == "path":
        return SOURCES[place], _make_path_reader(name, annotation.type, parse)
    if place == "header":
        return SOURCES[place], _make_header_reader(name, parse, default)
    make = _make_text_reader if parse is None else partial(_make_parsing_reader, parse)
    return SOURCES[place], make(place, name, default)


def _make_parsing_reader(parse: Parse, place: str, name: str, default: Any) -> Callable[[Any], Any]:
    """Return what reads a value from the fields of a place."""
    is_int = parse is parse_whole

    def read(fields: Any) -> Any:
        text = fields.get(name)
        # PERF: this settles nearly every number without another call (row "two query parameters").
        if is_int and text.__class__ is str and len(text) <= MAX_INT_DIGITS and text.isdigit() and text.isascii():
            return int(text)
        if text is None and default is not _MISSING:
            return default
        if text.__class__ is not str:
            raise refuse(place, name, _REQUIRED if text is None else _FILE)
        try:
            return parse(text)
        except ValueError as error:
            raise refuse(place, name, str(error)) from None

    return read


def _make_text_reader(place: str, name: str, default: Any) -> Callable[[Any], Any]:
    """Return what reads a text from the fields of a place."""

    def read(fields: Any) -> Any:
        text = fields.get(name)
        if text.__class__ is str:
            return text
        if text is None and default is not _MISSING:
            return default
        raise refuse(place, name, _REQUIRED if text is None else _FILE)

    return read


def _make_path_reader(name: str, kind: Any, parse: Parse | None) -> Callable[[Any], Any]:
    """Return what holds a path parameter, which its converter may have made a value of already, against its type."""

    def read(parameters: Any) -> Any:
        value = parameters[name]
        try:
            if isinstance(value, str):
                return value if parse is None else parse(value)
            return msgspec.convert(value, kind)
        except (msgspec.ValidationError, ValueError) as error:
            raise refuse("path", name, str(error)) from None

    return read


def _make_header_reader(name: str, parse: Parse | None, default: Any) -> Callable[[Any], Any]:
    """Return what reads the first header of a name."""
    wanted = name.encode("latin-1")

    def read(headers: Any) -> Any:
        for key, value in headers:
            if key == wanted:
                text = value.decode("latin-1")
                break
        else:
            if default is _MISSING:
                raise refuse("header", name, _REQUIRED)
            return default
        try:
            return text if parse is None else parse(text)
        except ValueError as error:
            raise refuse("header", name, str(error)) from None

    return read


def _read_all(place: str, name: str, annotation: Annotation, default: Any) -> tuple[Source, Callable[[Any], Any]]:
    """Return the source of all values of one name, and what reads them from there."""
    parse = make_list_parser(annotation.type)
    default = _find_default(annotation, default)
    source = ALL_QUERY if place == "query" else SOURCES[place]
    wanted = name.encode("latin-1") if place == "header" else b""

    def read(fields: Any) -> Any:
        texts = list_members(fields, wanted) if place == "header" else fields.get_all(name) or None
        if texts is None and default is not _MISSING:
            return default
        if texts is None:
            raise refuse(place, name, _REQUIRED)
        if not all(isinstance(text, str) for text in texts):
            raise refuse(place, name, _FILE)
        try:
            return parse(texts)
        except ListMistakes as error:
            raise InvalidInput(error.tell(place, name)) from None

    return source, read


# --- models: all fields of a place at once ---


def _make_model(annotation: Annotation, place: str, default: Any) -> Argument:
    """Return how a model is read from all fields of a place; where none of them is there, its default stands in."""
    refuse_computed(annotation.type)
    kind = find_model(describe_type(annotation.type)).cls
    readers = {name: _make_part(field) for name, field in list_fields(kind).items()}
    stand_in = _find_default(annotation, default)

    def read(fields: Any) -> Any:
        if stand_in is not _MISSING and not any(name in readers for name in fields):
            return stand_in
        values: dict[str, Any] = {}
        wrong: list[Mapping[str, Any]] = []
        for name in fields:
            reader = readers.get(name)
            try:
                values[name] = fields[name] if reader is None else reader(fields.get_all(name))
            except ListMistakes as error:
                wrong += error.tell(place, name)
            except ValueError as error:
                wrong += refuse(place, name, str(error)).errors
        wrong += [each for each in list_mistakes(values, kind, place) if not _is_told(each, wrong)] if wrong else []
        if wrong:
            raise InvalidInput(wrong)
        try:
            return complete(msgspec.convert(values, kind))
        except msgspec.ValidationError:
            raise InvalidInput(list_mistakes(values, kind, place)) from None

    told = describe_input(place, "", annotation, default)
    source = ALL_QUERY if place == "query" else SOURCES[place]
    return Argument(source=source, read=read, inputs=(told,), outputs=(INVALID,))


def _make_part(kind: Any) -> Callable[[list[Any]], Any]:
    """Return what makes the value of one field of a model of all texts of its name."""
    if find_collection(describe_type(kind)) is not None:
        return make_list_parser(kind)
    parse = make_parser(kind) if is_text(describe_type(kind)) else None

    def read(texts: list[Any]) -> Any:
        return texts[-1] if parse is None or not isinstance(texts[-1], str) else parse(texts[-1])

    return read


def _is_told(mistake: Mapping[str, str], others: list[Any]) -> bool:
    """Return whether what a mistake is about is told of already."""
    return any(mistake["pointer"].startswith(other["pointer"]) for other in others)


def _show(kind: Any) -> str:
    """Return a type for a message."""
    return kind.__name__ if isinstance(kind, type) else str(kind)
