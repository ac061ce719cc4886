"""This file is the route table: what requests read. It is built once and never changes afterwards.

The law here: a request costs the same whatever the number of routes. A static path is one dictionary look-up; any other
walks the segment tree, which visits each of its nodes at most once. Where several routes match, a literal beats a
segment with literal parts, that beats a typed parameter, that a `str`, and that a `path`, in whatever order they came.
A dot segment is no value of either of the last two.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

from ..asgi import Scope
from ..query import percent_decode_text
from .converters import parse_int, parse_path
from .route import TrailingSlash
from .template import PathTemplate
from .tree import Leaf, Names, Node, Parse, Planter, find_fallback, search

E = TypeVar("E")

#: Of a static path: its length as it comes when nothing in it is encoded, in bytes; what serves GET, if anything; and
#: what serves each method.
Static = tuple[int, E | None, dict[str, E]]


class RouteTable(Generic[E]):
    """Finds the endpoint of a request.

    Args:
        parsers: The parser of each path converter, best first where several accept the same text.
        fallback: What serves a request that nothing matches. `scope["yaat.allow"]` holds the methods that would have
            matched, comma-separated, if there are any; it is empty when a converter has failed, which has raised
            `scope["yaat.error"]`.
        trailing_slash: Whether `/x` and `/x/` are two paths, one, or one that redirects to the other.
        redirect: What serves a request whose path matches with a slash at its end more, or less.
    """

    def __init__(
        self,
        parsers: Mapping[str, Parse],
        fallback: E,
        *,
        trailing_slash: TrailingSlash = "strict",
        redirect: E | None = None,
    ) -> None:
        #: Every static path, for when it comes as it is written, with no root path.
        self.static: dict[str, Static[E]] = {}
        self._planter: Planter[E] = Planter(parsers)
        self._root = self._planter.root
        #: Leads to the root by what is in front of the first slash.
        self._start: Node[E] = Node()
        self._start.literals = {"": self._root}
        self._methods: set[str] = set()
        self._fallback: Leaf[E] = (fallback, ())
        self._has_fallbacks = False
        #: Whether a path that nothing matches may lead elsewhere than to the fallback.
        self._has_other_ways = trailing_slash != "strict"
        self._trailing_slash = trailing_slash
        self._redirect = redirect

    # --- while the app is built ---

    def add(self, template: PathTemplate, method: str, endpoint: E) -> None:
        """Let *endpoint* serve *method* at *template*, unless that pair has one already."""
        node = self._planter.add(template.segments, method, endpoint)
        node.allow = format_allow(frozenset(node.leaves))
        self._methods.add(method)
        if template.is_static:
            path = str(template)
            self.static[path] = len(path.encode()), node.leaves.get("GET"), node.leaves

    def add_fallback(self, prefix: PathTemplate, endpoint: E) -> None:
        """Let *endpoint* serve what nothing matches at and below *prefix*, whatever the method."""
        segments = prefix.segments if prefix.segments != (("",),) else ()
        node, names = self._planter.plant(segments)
        node.fallback = (endpoint, names)
        self._has_fallbacks = self._has_other_ways = True

    # --- for every request ---

    # PERF: the first choice at each node leads to the best leaf, if it leads to any; so nearly every path that matches
    # is found by one loop in this frame, without recursion (row "two path parameters").
    def find(self, scope: Scope, method: str) -> E:  # noqa: C901, PLR0911, PLR0912  # see PERF
        """Return what serves *scope*; path parameters are put into `scope["path_params"]`.

        This is the general way; whoever asks first looks into `static`, when the path is literally there.
        """
        path: str = scope["path"]
        # With what is in front of the first slash, which is nothing, or it is no path.
        try:
            # PERF: with no root path and nothing encoded, which would be longer than the path, a split is enough.
            if scope["root_path"] or len(scope["raw_path"]) != len(path):
                segments = ["", *split_path(scope)]
            else:
                segments = path.split("/")
        except (KeyError, TypeError):
            segments = ["", *split_path(scope)]
        parameters: dict[str, Any] = {}
        node = self._start
        try:
            for segment in segments:
                literals = node.literals
                if literals and segment in literals:  # PERF: for none at all the segment needs no hash.
                    node = literals[segment]
                elif (only := node.only) is not None and segment:
                    parse, name, node = only
                    if parse is None:
                        if segment == ".." or segment == ".":  # noqa: PLR1714  # PERF: `parse_text`, without the call
                            return self._find_slowly(scope, method)
                        parameters[name] = segment
                    elif parse is parse_int and segment.isdigit() and segment.isascii() and len(segment) < 19:
                        parameters[name] = int(segment)  # PERF: as in `parse_int`, without the call.
                    else:
                        parameters[name] = parse(segment)
                elif node.is_certain and not self._has_other_ways:
                    if "yaat.allow" in scope:
                        forget_notes(scope)
                    return self._fallback[0]  # PERF: without a search (row "404").
                elif node.rest is not None:
                    depth, name, node = node.rest
                    parameters[name] = parse_path("/".join(segments[depth + 1 :]))
                    break
                else:
                    return self._find_slowly(scope, method)
        except Exception:  # It is not for this converter, or the converter fails.
            return self._find_slowly(scope, method)
        endpoint = node.leaves.get(method)
        if endpoint is None:
            if node.is_certain and node.allow and not self._has_other_ways:  # PERF: as above (row "405").
                scope["yaat.allow"] = node.allow
                return self._fallback[0]
            return self._find_slowly(scope, method)
        if parameters:
            scope["path_params"] = parameters
        return endpoint

    def has(self, scope: Scope, method: str) -> bool:
        """Return whether anything but a fallback serves *scope*."""
        return search(self._root, split_path(scope), 0, method, [], set()) is not None

    def _find_slowly(self, scope: Scope, method: str) -> E:
        """Return what the first choice at each node does not lead to, or what answers in its place."""
        forget_notes(scope)
        try:
            (endpoint, names), values = self._search(scope, split_path(scope), method)
        except Exception as error:  # A converter has failed: a failure of the app, to be answered through it.
            if not method:
                raise
            scope["yaat.allow"], scope["yaat.error"] = "", error
            return self._fallback[0]
        if names:
            scope["path_params"] = name_values(names, values)
        return endpoint

    def _search(self, scope: Scope, segments: list[str], method: str) -> tuple[Leaf[E], list[Any]]:
        """Return the leaf for *segments*, or one that answers in its place, and its values."""
        values: list[Any] = []
        allowed: set[str] = set()
        leaf = search(self._root, segments, 0, method, values, allowed)
        if leaf is not None:
            return leaf, values
        if self._trailing_slash != "strict" and segments and segments != [""]:
            found = self._match_other_form(scope, segments, method, allowed)
            if found is not None:
                return found
        if not segments and method == "OPTIONS":  # It asks about the server as a whole (RFC 9110 §9.3.7).
            allowed = self._methods
        if allowed:
            scope["yaat.allow"] = format_allow(frozenset(allowed))
        if self._has_fallbacks:
            fallback = find_fallback(self._root, segments, 0, [])
            if fallback is not None:
                return fallback[1:]
        return self._fallback, values

    def _match_other_form(
        self, scope: Scope, segments: list[str], method: str, allowed: set[str]
    ) -> tuple[Leaf[E], list[Any]] | None:
        """Return the leaf of the same path with or without its last slash, or of the redirect to it.

        Args:
            allowed: Where the two forms are one path, the methods of the other one join these.
        """
        redirect = self._redirect if self._trailing_slash == "redirect" else None
        other = segments[:-1] if segments[-1] == "" else [*segments, ""]
        values: list[Any] = []
        leaf = search(self._root, other, 0, method, values, allowed if redirect is None else set())
        if leaf is None:
            return None
        if redirect is None:
            return leaf, values
        if "/".join(other).startswith("/"):  # "//…" would lead to another host (RFC 3986 §4.2).
            return None
        return (redirect, ()), []


def forget_notes(scope: Scope) -> None:
    """Take out of *scope* what was noted when something was looked for: another look-up would take it for its own."""
    for note in ("yaat.allow", "yaat.error"):
        scope.pop(note, None)


@lru_cache(maxsize=256)  # PERF: few combinations of methods occur (row "404 / 405")
def format_allow(methods: Iterable[str]) -> str:
    """Return the `Allow` field for *methods*, sorted, with what Yaat answers by itself (RFC 9110 §10.2.1)."""
    names = {*methods, "OPTIONS"}
    if "GET" in names:
        names.add("HEAD")
    return ", ".join(sorted(names))


def split_path(scope: Scope) -> list[str]:
    """Return the decoded segments below the root path. A slash that is encoded does not separate (RFC 3986 §2.2).

    What is no path, as of `OPTIONS *`, has no segments. A root path that the path does not begin with does not count.
    """
    path: str = scope["path"]
    if path[:1] not in ("", "/"):
        return []
    segments = path[1:].split("/")
    raw = scope.get("raw_path")
    if raw is not None and (b"%2F" in raw or b"%2f" in raw):
        encoded = raw.partition(b"?")[0].split(b"/")
        decoded = [percent_decode_text(segment) for segment in encoded]
        # Something between the server and this app may have changed the path alone: then it is what counts.
        segments = decoded[1:] if "/".join(decoded) == path else segments
    root = (scope.get("root_path") or "").rstrip("/")
    length = 0
    for count, segment in enumerate(segments, 1):
        length += 1 + len(segment)
        if length >= len(root):
            is_below = root and length == len(root) and path.startswith(root)
            return (segments[count:] or [""]) if is_below else segments
    return segments


def name_values(names: Names, values: list[Any]) -> dict[str, Any]:
    """Return the path parameters as a dictionary."""
    parameters: dict[str, Any] = {}
    for name, value in zip(names, values, strict=True):
        if name.__class__ is str:
            parameters[name] = value
        else:
            parameters.update(zip(name, value, strict=True))
    return parameters
