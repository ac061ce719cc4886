"""This file is what resolvers give: how one argument of a handler is made for each connection, and its answer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args

from .connection import Connection
from .exceptions import HTTPException
from .handler import Handler
from .record import EMPTY, frozen
from .records import ParameterResolver, PathConverter, ReturnConverter
from .request import Request
from .threads import ThreadLimiter

Phase = Literal["access", "head", "content", "late"]
#: The order in which sources are asked: who is there and what they may; what path, query and headers say; the content,
#: of which nothing is read when access is refused; and what is made only when all other values are there and valid.
PHASES: tuple[Phase, ...] = get_args(Phase)

#: Where, in the scope, the `contextlib.AsyncExitStack` is to which a source with `has_exit` adds what is to be left.
EXITS = "yaat.exits"


class InvalidInput(HTTPException):
    """What the client sent is well-formed, but not what the handler declares (RFC 9110 §15.5.21).

    A source or a reader raises it; all that are raised for one request become one answer.

    Args:
        errors: What is wrong, one after the other: each a mapping with `detail`, `in` (such as `query` or `body`) and
            `pointer`, a JSON pointer to the value there (RFC 6901, as in RFC 9457 §3); JSON-serialisable.
    """

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        self.errors = tuple(errors)
        super().__init__(422, _summarise(self.errors), errors=list(self.errors))


@frozen
class Source:
    """What arguments are read from: fetched once for each connection, however many arguments are read from it.

    Two arguments share a source when it is the same object.

    Attributes:
        get: Called with the connection; gives the value, or something to await.
        is_async: Whether *get* gives something to await. What does not is quick and never waits.
        phase: When it is asked; see `PHASES`.
        has_exit: Whether it adds to the exit stack of the connection, which is left when the handler is done.
        needs: Sources that *get* asks by itself. Those of an earlier phase are asked in their own phase beforehand, so
            each of these must remember what it gives.
    """

    get: Callable[[Any], Any]
    is_async: bool = False
    phase: Phase = "head"
    has_exit: bool = False
    needs: tuple["Source", ...] = ()

    __eq__ = object.__eq__
    __hash__ = object.__hash__


@frozen
class Input:
    """What a handler takes from its client, for documents.

    Attributes:
        place: `path`, `query`, `header`, `cookie`, `body`, `form`, `file`, or what else a resolver knows.
        name: As the client writes it; empty for a whole body, or for a model of several fields.
        type: As a type annotation, constraints included.
        is_required: Whether the client must send it.
        default: What stands in for it otherwise.
        description: A sentence.
        constraints: As in JSON Schema: `minimum`, `pattern` …
        media_types: Of content.
        extra: More for documents: `examples`, `deprecated` …
        make_schemas: Called with a sequence of types, and a reference template such as `#/components/schemas/{name}`;
            gives a JSON schema for each and the components, by name, that they refer to. All types of one document
            that share it go into one call. `None` where nobody can tell.
    """

    place: str
    name: str
    type: Any
    is_required: bool = True
    default: Any = None
    description: str = ""
    constraints: Mapping[str, Any] = EMPTY
    media_types: tuple[str, ...] = ()
    extra: Mapping[str, Any] = EMPTY
    make_schemas: Callable[..., Any] | None = None


@frozen
class Output:
    """What a handler may answer, for documents.

    Attributes:
        status_code: Of the response.
        type: As a type annotation; `None` for a response without content.
        description: A sentence.
        media_type: Of the content.
        make_schemas: As for `Input`.
    """

    status_code: int
    type: Any
    description: str = ""
    media_type: str = "application/json"
    make_schemas: Callable[..., Any] | None = None


@frozen
class Argument:
    """How one parameter of one handler gets its value: what a resolver answers.

    Attributes:
        source: What it is read from.
        read: Called with what *source* gives; gives the value. It is quick, never waits, and may be called twice. When
            left out, what *source* gives is the value.
        inputs: What of the client's it stands for.
        outputs: What the client may be answered because of it.
    """

    source: Source
    read: Callable[[Any], Any] | None = None
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()


@frozen
class Conversion:
    """What becomes of the values that one handler returns: what a return converter answers.

    Attributes:
        convert: Called with the value; gives a response, or another value that response types know. It never waits.
        outputs: What the client may be answered.
    """

    convert: Callable[[Any], Any]
    outputs: tuple[Output, ...] = ()


@frozen
class Site:
    """Where a handler stands, as resolvers see it.

    Attributes:
        app: The app whose route it is.
        route: The `Route`.
        method: In upper case; empty for another protocol than HTTP.
        converters: What reads each parameter of the path and the host, by its name.
        given: What takes the place of the request on routes of another protocol.
        threads: Where plain functions run.
        where: The text of it tells where the handler stands, for messages.
        resolvers: Those of the app, in plugin order.
        return_converters: Those of the app, in plugin order.
        handler: The handler itself, set when it is bound.
    """

    threads: ThreadLimiter
    where: object
    app: Any = None
    route: Any = None
    method: str = ""
    converters: Mapping[str, PathConverter | None] = EMPTY
    given: type[Connection[Any]] = Request
    resolvers: Sequence[ParameterResolver] = ()
    return_converters: Sequence[ReturnConverter] = ()
    handler: Handler | None = None


def _summarise(errors: Sequence[Mapping[str, Any]]) -> str:
    """Return one sentence for all of *errors*."""
    if not errors:
        return "The request is not valid."
    first = errors[0]
    more = f" There are {len(errors) - 1} more mistakes." if len(errors) > 2 else " There is one more mistake."
    where = f"{first.get('in', '')} {first.get('pointer', '')}".strip()
    return f"The request is not valid: {where}: {first.get('detail', '')}.{more if len(errors) > 1 else ''}"
