"""This file is the markers: what `Annotated` says of a parameter, such as `Annotated[int, Query(ge=1)]`."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from yaat.record import frozen, set_field

#: What `msgspec.Meta` takes.
_CONSTRAINTS = ("gt", "ge", "lt", "le", "multiple_of", "pattern", "min_length", "max_length")
#: What JSON Schema calls them, for numbers and for texts.
_KEYWORDS = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
    "min_length": "minLength",
    "max_length": "maxLength",
}


@frozen
class Marker:
    """Where a value comes from, and what it must be.

    Attributes:
        name: As the client writes it; the name of the parameter when left out.
        gt: The value is greater. `ge`, `lt`, `le` and `multiple_of` likewise.
        pattern: A regular expression that is found in the text; anchor it to match it whole.
        min_length: Of a text or a list. `max_length` likewise.
        title: For documents, as are the rest.
        description: A sentence.
        examples: Values.
        deprecated: Whether clients should do without.
    """

    place = ""

    name: str | None
    gt: float | None
    ge: float | None
    lt: float | None
    le: float | None
    multiple_of: float | None
    pattern: str | None
    min_length: int | None
    max_length: int | None
    title: str | None
    description: str | None
    examples: list[Any] | None
    deprecated: bool

    def __init__(
        self,
        name: str | None = None,
        *,
        gt: float | None = None,
        ge: float | None = None,
        lt: float | None = None,
        le: float | None = None,
        multiple_of: float | None = None,
        pattern: str | None = None,
        min_length: int | None = None,
        max_length: int | None = None,
        title: str | None = None,
        description: str | None = None,
        examples: list[Any] | None = None,
        deprecated: bool = False,
    ) -> None:
        set_field(self, "name", name)
        set_field(self, "gt", gt)
        set_field(self, "ge", ge)
        set_field(self, "lt", lt)
        set_field(self, "le", le)
        set_field(self, "multiple_of", multiple_of)
        set_field(self, "pattern", pattern)
        set_field(self, "min_length", min_length)
        set_field(self, "max_length", max_length)
        set_field(self, "title", title)
        set_field(self, "description", description)
        set_field(self, "examples", examples)
        set_field(self, "deprecated", deprecated)

    # Each is itself, for examples need not have a hash.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def make_meta(self) -> msgspec.Meta | None:
        """Return the same for msgspec, or `None` if nothing is said.

        Raises:
            TypeError: Two constraints contradict each other.
            ValueError: Likewise, or one is out of range.
        """
        said = {name: getattr(self, name) for name in (*_CONSTRAINTS, "title", "description", "examples")}
        said = {name: value for name, value in said.items() if value is not None}
        return msgspec.Meta(**said) if said else None

    @property
    def constraints(self) -> Mapping[str, Any]:
        """The constraints as JSON Schema calls them."""
        said = {keyword: getattr(self, name) for name, keyword in _KEYWORDS.items()}
        return {keyword: value for keyword, value in said.items() if value is not None}


class Path(Marker):
    """A parameter of the path."""

    __slots__ = ()
    place = "path"


class Query(Marker):
    """A parameter of the query, or all of them for a model."""

    __slots__ = ()
    place = "query"


class Header(Marker):
    """A header; underscores in the name of the parameter stand for hyphens.

    A list has the members of all headers of that name, each of which may have several between commas; commas in quotes
    do not count, and the quotes stay (RFC 9110 §5.6.1).
    """

    __slots__ = ()
    place = "header"


class Cookie(Marker):
    """A cookie."""

    __slots__ = ()
    place = "cookie"


class Body(Marker):
    """The whole content: JSON, or bytes as they are."""

    __slots__ = ()
    place = "body"


class Form(Marker):
    """A field of a form, or all of them for a model."""

    __slots__ = ()
    place = "form"


class File(Marker):
    """A file of a form."""

    __slots__ = ()
    place = "file"


@frozen
class FromState:
    """A value of the state: what a lifespan has yielded, or middleware has put there.

    Attributes:
        name: In the state; the name of the parameter when left out.
    """

    name: str | None

    def __init__(self, name: str | None = None) -> None:
        set_field(self, "name", name)


@frozen
class Use:
    """What a function gives: a dependency.

    The function may be plain (then it runs in a thread), asynchronous, or a generator of either kind, whose code after
    the `yield` runs when the handler is done, before the response is sent: a stream that needs such a value opens it by
    itself. Its parameters are resolved as those of a handler are, so it may use others. It runs before the content is
    read, whatever uses it, unless it, or what it uses, takes content or is late.

    Attributes:
        function: It, or a class.
        cached: Whether it is called once for each request, however many use it.
        in_thread: Whether a plain function runs in a thread; `False` for one that never blocks.
        late: Whether it is called when all other values are there and valid: for what is costly to hold. What it uses
            comes early all the same, unless that is late too.
    """

    function: Callable[..., Any]
    cached: bool
    in_thread: bool
    late: bool

    def __init__(
        self, function: Callable[..., Any], *, cached: bool = True, in_thread: bool = True, late: bool = False
    ) -> None:
        set_field(self, "function", function)
        set_field(self, "cached", cached)
        set_field(self, "in_thread", in_thread)
        set_field(self, "late", late)
