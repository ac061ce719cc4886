"""This file is the segment tree: path templates as branches, and the walk that finds the best leaf for a path."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from .converters import parse_path, parse_text
from .template import Parameter, Segment

E = TypeVar("E")
T = TypeVar("T")
Parse = Callable[[str], Any]
Names = tuple[str | tuple[str, ...], ...]
#: An endpoint, and the name of each value the path gives; a tuple of names for a segment with several.
Leaf = tuple[E, Names]
#: The place of a segment among its siblings, smallest first.
Rank = tuple[int, tuple[tuple[int, int, str], ...]]
#: How many segments lead to a fallback, the fallback, and the values on the way.
Fallback = tuple[int, Leaf[E], list[Any]]
#: What nodes share that nothing literal, or nothing at all, follows. Never filled.
_NOTHING: dict[str, Any] = {}


class Node(Generic[E]):
    """A place in the segment tree, below which some templates go on."""

    __slots__ = (
        "allow",
        "fallback",
        "is_certain",
        "leaves",
        "literals",
        "names",
        "only",
        "parameters",
        "rest",
        "rests",
        "values",
    )

    def __init__(self, *, is_certain: bool = False) -> None:
        self.literals: dict[str, Node[E]] = _NOTHING
        #: What else can follow, best first: rank, parser, child.
        self.parameters: tuple[tuple[Rank, Parse, Node[E]], ...] = ()
        #: Below a path parameter: how many segments follow it, and the child that goes on with them.
        self.rests: tuple[tuple[int, Node[E]], ...] = ()
        #: What its parameters are called.
        self.names: Names = ()
        #: Its parameter, if literals alone follow beside it and all templates call it the same; `None` parses a `str`.
        self.only: tuple[Parse | None, str, Node[E]] | None = None
        #: Its path parameter, if literals alone stand beside it and nothing comes after it: its depth, name and child.
        self.rest: tuple[int, str, Node[E]] | None = None
        #: Whether nothing but literals leads here or stands beside the way: a path that has come so far has no other.
        self.is_certain = is_certain
        #: The endpoints of the templates that end here, by method.
        self.leaves: dict[str, E] = _NOTHING
        #: What the values on the way here are called, by method, where there are any.
        self.values: Mapping[str, Names] = _NOTHING
        #: The `Allow` field for the methods of *leaves*.
        self.allow = ""
        self.fallback: Leaf[E] | None = None


class Planter(Generic[E]):
    """Grows a tree, one template after the other.

    Args:
        parsers: The parser of each path converter, best first where several accept the same text.
    """

    def __init__(self, parsers: Mapping[str, Parse]) -> None:
        self.root: Node[E] = Node(is_certain=True)
        self._parsers = parsers
        self._ranks = {name: rank for rank, name in enumerate(parsers)}
        #: Equal tuples are kept once: routes are of few shapes.
        self._known: dict[Any, Any] = {}

    def add(self, segments: Sequence[Segment], method: str, endpoint: E) -> Node[E]:
        """Let *endpoint* serve *method* at *segments*, unless they have one for it; return the node there."""
        node, names = self.plant(segments)
        if method not in node.leaves:
            node.leaves = node.leaves or {}
            node.leaves[method] = endpoint
            if names:
                called = {**node.values, method: names}
                node.values = self._known.setdefault(tuple(called.items()), called)
        return node

    def plant(self, segments: Sequence[Segment]) -> tuple[Node[E], Names]:
        """Return the node that *segments* lead to, made where it is not there yet, and the names on the way."""
        node, names = self.root, []
        for index, segment in enumerate(segments):
            if len(segment) == 1 and isinstance(segment[0], str):
                node = _plant_literal(node, segment[0])
                continue
            _unsettle(node)
            names.append(_names_of(segment))
            parent = node
            if isinstance(segment[0], Parameter) and segment[0].converter == "path":
                node = self._plant_rest(parent, len(segments) - index - 1)
            else:
                node = self._plant_parameter(parent, segment)
            if names[-1] not in parent.names:
                parent.names = self._keep((*parent.names, names[-1]))
            parent.only = _find_only(parent)
            parent.rest = _find_rest(parent, index)
        return node, self._keep(tuple(names))

    def _plant_rest(self, node: Node[E], following: int) -> Node[E]:
        """Return the child below a path parameter that *following* segments come after."""
        child = next((child for other, child in node.rests if other == following), None)
        if child is None:
            child = Node()
            node.rests = tuple(sorted((*node.rests, (following, child)), key=lambda rest: -rest[0]))
        return child

    def _plant_parameter(self, node: Node[E], segment: Segment) -> Node[E]:
        """Return the child below a segment with parameters."""
        rank = self._keep(self._rank(segment))
        child = next((child for other, _, child in node.parameters if other == rank), None)
        if child is None:
            child = Node()
            more = (*node.parameters, (rank, self._parser_of(segment), child))
            node.parameters = tuple(sorted(more, key=lambda parameter: parameter[0]))
        return child

    def _keep(self, value: T) -> T:
        """Return *value*, or what was equal to it before."""
        kept: T = self._known.setdefault(value, value)
        return kept

    def _rank(self, segment: Segment) -> Rank:
        """Return the place of *segment* among its siblings: that with the most literal text first.

        Else the first piece that differs decides: a literal before a parameter, a typed one before a `str`.
        """
        pieces = tuple((0, 0, p) if isinstance(p, str) else (1, self._rank_converter(p), "") for p in segment)
        return -sum(len(text) for _, _, text in pieces), pieces

    def _rank_converter(self, parameter: Parameter) -> int:
        """Return the place of the converter of *parameter*: `str`, which takes anything, comes last."""
        converter = parameter.converter or "str"
        return len(self._ranks) if converter == "str" else self._ranks[converter]

    def _parser_of(self, segment: Segment) -> Parse:
        """Return what reads the value, or the tuple of values, of *segment*."""
        pieces = [self._parsers[p.converter or "str"] if isinstance(p, Parameter) else p for p in segment]
        if len(pieces) == 1 and not isinstance(pieces[0], str):
            return pieces[0]
        return _compile_pieces(pieces)


def _plant_literal(node: Node[E], text: str) -> Node[E]:
    """Return the child below the segment *text*."""
    node.literals = node.literals or {}
    if text not in node.literals:
        node.literals[text] = Node(is_certain=node.is_certain)
    return node.literals[text]


def _unsettle(node: Node[E]) -> None:
    """Note that another branch stands beside all literals below *node*."""
    if node.is_certain:
        node.is_certain = False
        for child in node.literals.values():
            _unsettle(child)


def _find_only(node: Node[E]) -> tuple[Parse | None, str, Node[E]] | None:
    """Return the parser, the name and the child of the one parameter of *node*, or `None`."""
    name, *others = node.names
    if others or node.rests or len(node.parameters) != 1 or not isinstance(name, str):
        return None
    _, parse, child = node.parameters[0]
    return None if parse is parse_text else parse, name, child


def _find_rest(node: Node[E], depth: int) -> tuple[int, str, Node[E]] | None:
    """Return the depth of *node* and the name and the child of its one path parameter, or `None`."""
    name, *others = node.names
    if others or node.parameters or len(node.rests) != 1 or not isinstance(name, str):
        return None
    following, child = node.rests[0]
    return None if following else (depth, name, child)


def search(
    node: Node[E], segments: list[str], index: int, method: str, values: list[Any], allowed: set[str]
) -> Leaf[E] | None:
    """Return the best leaf at or below *node* for the segments from *index* on."""
    count = len(segments)
    while index < count:
        segment = segments[index]
        child = node.literals.get(segment)
        if node.parameters or node.rests:
            if child is not None:
                found = search(child, segments, index + 1, method, values, allowed)
                if found is not None:
                    return found
            return _search_parameters(node, segments, index, method, values, allowed)
        if child is None:
            return None
        node = child
        index += 1
    endpoint = node.leaves.get(method)
    if endpoint is None:
        allowed.update(node.leaves)
        return None
    return endpoint, node.values.get(method, ())


def _search_parameters(
    node: Node[E], segments: list[str], index: int, method: str, values: list[Any], allowed: set[str]
) -> Leaf[E] | None:
    """Return the best leaf below *node* whose segment at *index* is no literal."""
    segment = segments[index]
    mark = len(values)
    if segment:
        for _, parse, child in node.parameters:
            if _add_value(parse, segment, values):
                found = search(child, segments, index + 1, method, values, allowed)
                if found is not None:
                    return found
                del values[mark:]
    for following, child in node.rests:
        end = len(segments) - following
        if end > index and _add_value(parse_path, "/".join(segments[index:end]), values):
            found = search(child, segments, end, method, values, allowed)
            if found is not None:
                return found
            del values[mark:]
    return None


def find_fallback(node: Node[E], segments: list[str], index: int, values: list[Any]) -> Fallback[E] | None:
    """Return the fallback of the longest prefix that *segments* begin with, and its values, or `None`.

    Args:
        index: How many segments lead to *node*.
        values: What they have given.
    """
    found: Fallback[E] | None = None if node.fallback is None else (index, node.fallback, values)
    if index < len(segments):
        for child, more in list_children(node, segments[index]):
            deeper = find_fallback(child, segments, index + 1, [*values, *more])
            if deeper is not None and (found is None or deeper[0] > found[0]):
                found = deeper
    return found


def list_children(node: Node[E], segment: str) -> Iterator[tuple[Node[E], list[Any]]]:
    """Yield the children of *node* that take *segment* alone, best first, each with the value it gives, if any."""
    child = node.literals.get(segment)
    if child is not None:
        yield child, []
    for _, parse, child in node.parameters if segment else ():
        values: list[Any] = []
        if _add_value(parse, segment, values):
            yield child, values


def _add_value(parse: Parse, text: str, values: list[Any]) -> bool:
    """Add what *parse* makes of *text* to *values*; return whether it makes anything of it."""
    try:
        values.append(parse(text))
    except ValueError:
        return False
    return True


def _names_of(segment: Segment) -> str | tuple[str, ...]:
    """Return the name of the one parameter of *segment*, or the names of several pieces."""
    if len(segment) == 1 and isinstance(segment[0], Parameter):
        return segment[0].name
    return tuple(piece.name for piece in segment if isinstance(piece, Parameter))


def _compile_pieces(pieces: list[Parse | str]) -> Parse:
    """Return what reads a segment such as `{name}.{kind}`: each literal ends a value where it first occurs."""
    prefix = pieces[0] if isinstance(pieces[0], str) else ""
    suffix = pieces[-1] if isinstance(pieces[-1], str) else ""
    inner = pieces[bool(prefix) : len(pieces) - bool(suffix)]
    parsers = [piece for piece in inner if not isinstance(piece, str)]
    separators = [piece for piece in inner if isinstance(piece, str)]

    def parse(segment: str) -> tuple[Any, ...]:
        if not (segment.startswith(prefix) and segment.endswith(suffix)):
            raise ValueError(segment)
        text = segment[len(prefix) : len(segment) - len(suffix)]  # nothing where the two overlap
        texts = []
        for separator in separators:
            head, found, text = text.partition(separator)
            if not found:
                raise ValueError(segment)
            texts.append(head)
        texts.append(text)
        if not all(texts):
            raise ValueError(segment)
        return tuple(parser(text) for parser, text in zip(parsers, texts, strict=True))

    return parse
