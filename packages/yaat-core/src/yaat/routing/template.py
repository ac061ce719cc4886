"""This file is the path template: `/items/{id:int}` as segments, literals and parameters."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from ..exceptions import RouteError
from ..record import field, frozen, set_field

_PARAMETER = re.compile(r"\{([^{}]*)\}")


@frozen
class Parameter:
    """One `{name:converter}`; *converter* is `None` where the template leaves it to the handler's annotation."""

    name: str
    converter: str | None

    def __init__(self, name: str, converter: str | None = None) -> None:
        set_field(self, "name", name)
        set_field(self, "converter", converter)

    def __str__(self) -> str:
        return f"{{{self.name}:{self.converter}}}" if self.converter else f"{{{self.name}}}"


#: The pieces of one segment: a lone `str` is a literal, a lone `Parameter` takes the whole segment.
Segment = tuple[str | Parameter, ...]


@frozen
class PathTemplate:
    """A parsed path. Templates are written decoded: `/café`, not `/caf%C3%A9`.

    A trailing slash shows as a last segment that is one empty literal.

    Attributes:
        parameters: Those in *segments*, from left to right.
    """

    segments: tuple[Segment, ...]
    parameters: tuple[Parameter, ...] = field(init=False, is_shown=False)

    def __init__(self, segments: tuple[Segment, ...]) -> None:
        set_field(self, "segments", segments)
        pieces = [piece for segment in segments for piece in segment if piece.__class__ is Parameter]
        set_field(self, "parameters", tuple(pieces))

    @property
    def is_static(self) -> bool:
        """Whether only one path matches it."""
        return not self.parameters

    @property
    def shape(self) -> tuple[Segment, ...]:
        """The template without parameter names: equal shapes match the same paths."""
        if self.is_static:
            return self.segments
        return self.change_parameters(lambda parameter: Parameter("", parameter.converter or "str")).segments

    def under(self, prefix: "PathTemplate") -> "PathTemplate":
        """Return this template below *prefix*; `/` below `/blog` is `/blog/`, and the empty one is `/blog`.

        Raises:
            RouteError: The two do not go together: a parameter name occurs in both.
        """
        head = prefix.segments
        if head and head[-1] == ("",):
            head = head[:-1]
        if not head:
            return self
        joined = PathTemplate(head + self.segments)
        _check_parameters(str(joined), joined)
        return joined

    def with_converters(self, names: Mapping[str, str]) -> "PathTemplate":
        """Return it with the converters of *names* where the template itself names none."""
        if not names or all(parameter.converter or parameter.name not in names for parameter in self.parameters):
            return self
        return self.change_parameters(lambda p: Parameter(p.name, p.converter or names.get(p.name)))

    def change_parameters(self, change: Callable[[Parameter], Parameter]) -> "PathTemplate":
        """Return it with what *change* makes of each parameter."""
        return PathTemplate(
            tuple(
                tuple(change(piece) if isinstance(piece, Parameter) else piece for piece in segment)
                for segment in self.segments
            )
        )

    def __str__(self) -> str:
        return "/" + "/".join("".join(map(str, segment)) for segment in self.segments)


def parse_template(path: str) -> PathTemplate:
    """Return the template that *path* writes; an empty *path* is the prefix it will stand under, and nothing more.

    Raises:
        RouteError: *path* does not begin with `/`, or something in it cannot be; a caret shows the place.
    """
    if not isinstance(path, str):
        raise RouteError(f"A path is a str such as '/items', not {path!r}.")
    if not path:
        return PathTemplate(())
    if not path.startswith("/"):
        raise RouteError(f"The path {path!r} does not begin with '/'. Write '/{path}'.")
    _refuse_characters(path)
    segments: list[Segment] = []
    offset = 1
    texts = path[1:].split("/")
    for index, text in enumerate(texts):
        if text in (".", "..") or (not text and index != len(texts) - 1):
            raise _point_at(path, offset, max(len(text), 1), "A path segment cannot be empty, '.' or '..'")
        segments.append(_parse_segment(path, text, offset))
        offset += len(text) + 1
    template = PathTemplate(tuple(segments))
    _check_parameters(path, template)
    return template


def _refuse_characters(path: str) -> None:
    """Raise for characters that no decoded path of a route holds on purpose."""
    for character, advice in {
        "?": "Query parameters are not part of a route; read them from request.query_params",
        "#": "A fragment never reaches a server",
        "%": "Write the path decoded, with the characters themselves",
        "<": "Parameters are written {name} or {name:int}",
        "\\": "Segments are separated by '/'",
    }.items():
        if character in path:
            raise _point_at(path, path.index(character), 1, advice)
    try:
        path.encode()
    except UnicodeEncodeError as error:
        advice = "Half of a surrogate pair is no character; write the whole one"
        raise _point_at(path, error.start, 1, advice) from None


def _parse_segment(path: str, text: str, offset: int) -> Segment:
    """Return the pieces of one segment, which begins at *offset* of *path*."""
    pieces: list[str | Parameter] = []
    end = 0
    for match in _PARAMETER.finditer(text):
        literal = text[end : match.start()]
        if pieces and not literal:
            raise _point_at(
                path,
                offset + match.start(),
                len(match[0]),
                "Two parameters need a literal between them",
            )
        if literal:
            pieces.append(_check_literal(path, literal, offset + end))
        pieces.append(_parse_parameter(path, match[1], offset + match.start()))
        end = match.end()
    if end < len(text) or not pieces:
        pieces.append(_check_literal(path, text[end:], offset + end))
    return _share(tuple(pieces))


@lru_cache(maxsize=256)
def _share(segment: Segment) -> Segment:
    """Return *segment*, or what was equal to it before: the same segments stand in many paths."""
    return segment


def _check_literal(path: str, text: str, offset: int) -> str:
    """Return *text*, which may hold no brace: one that is left over has no partner."""
    for brace in "{}":
        if brace in text:
            raise _point_at(path, offset + text.index(brace), 1, f"This {brace!r} has no partner")
    return text


def _parse_parameter(path: str, text: str, offset: int) -> Parameter:
    """Return the parameter that stands between the braces at *offset*."""
    name, colon, converter = text.partition(":")
    if not _is_name(name):
        raise _point_at(path, offset, len(text) + 2, "A parameter needs a name like {id} or {id:int}")
    if colon and not _is_name(converter):
        raise _point_at(
            path,
            offset,
            len(text) + 2,
            "After the colon stands the name of a converter, like {id:int}",
        )
    return Parameter(name, converter or None)


def _is_name(text: str) -> bool:
    """Whether *text* is a name as Python has it, in ASCII."""
    return text.isascii() and text.isidentifier()


def _check_parameters(path: str, template: PathTemplate) -> None:
    """Raise when a name occurs twice, or a `path` parameter is not alone in its segment or in its template."""
    seen: set[str] = set()
    for parameter in template.parameters:
        if parameter.name in seen:
            raise _point_at(
                path,
                path.rindex(str(parameter)),
                len(str(parameter)),
                f"The name {parameter.name!r} occurs twice",
            )
        seen.add(parameter.name)
    greedy = [p for p in template.parameters if p.converter == "path"]
    if len(greedy) > 1 or (greedy and (greedy[0],) not in template.segments):
        text = str(greedy[-1])
        raise _point_at(
            path,
            path.rindex(text),
            len(text),
            "A template has one path parameter at most, alone in its segment",
        )


def _point_at(path: str, offset: int, length: int, message: str) -> RouteError:
    """Return an error whose second and third line show the place in *path*."""
    return RouteError(f"{message}.\n    {path}\n    {' ' * offset}{'^' * length}")
