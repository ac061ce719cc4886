"""This file is the route table: what requests read. It is built once and never changes afterwards.

The law here: a request costs the same whatever the number of routes. A static path is one dictionary look-up; any other
walks the segment tree, which visits each of its nodes at most once. Where several routes match, a literal beats a
segment with literal parts, that beats a typed parameter, that a `str`, and that a `path`, in whatever order they came.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import unquote

from ..asgi import Scope
from .converters import parse_text
from .template import PathTemplate
from .tree import Leaf, Names, Parse, Planter, search, step

E = TypeVar("E")
TrailingSlash = Literal["strict", "match", "redirect"]


#: Path, raw path, root path and method.
StaticKey = tuple[str, bytes, str, str]


class RouteTable(Generic[E]):
    """Finds the endpoint of a request.

    Args:
        parsers: The parser of each path converter, best first where several accept the same text.
        fallback: What serves a request that nothing matches. `scope["yaat.allow"]` holds the methods that would have
            matched, comma-separated, if there are any.
        trailing_slash: Whether `/x` and `/x/` are two paths, one, or one that redirects to the other.
        redirect: What serves a request whose other form, in `scope["yaat.location"]`, matches.
    """

    def __init__(
        self,
        parsers: Mapping[str, Parse],
        fallback: E,
        *,
        trailing_slash: TrailingSlash = "strict",
        redirect: E | None = None,
    ) -> None:
        #: Every static path as it comes when nothing stands before it and nothing in it is encoded.
        self.static: dict[StaticKey, E] = {}
        self._planter: Planter[E] = Planter(parsers)
        self._root = self._planter.root
        self._fallback: Leaf[E] = (fallback, ())
        self._has_fallbacks = False
        self._trailing_slash = trailing_slash
        self._redirect = redirect

    # --- while the app is built ---

    def add(self, template: PathTemplate, method: str, endpoint: E) -> None:
        """Let *endpoint* serve *method* at *template*, unless that pair has one already."""
        node, names = self._planter.plant(template.segments)
        node.leaves = {} if node.leaves is None else node.leaves
        node.leaves.setdefault(method, (endpoint, names))
        if template.is_static:
            path = str(template)
            self.static.setdefault((path, path.encode(), "", method), endpoint)

    def add_fallback(self, prefix: PathTemplate, endpoint: E) -> None:
        """Let *endpoint* serve what nothing matches at and below *prefix*, whatever the method."""
        segments = prefix.segments if prefix.segments != (("",),) else ()
        node, names = self._planter.plant(segments)
        node.fallback = (endpoint, names)
        self._has_fallbacks = True

    # --- for every request ---

    # PERF: the first choice at each node leads to the best leaf, if it leads to any; so nearly every path that matches
    # is found by one loop in this frame, without recursion (row "two path parameters").
    def find(self, scope: Scope, method: str) -> E:
        """Return what serves *scope*; path parameters are put into `scope["path_params"]`.

        This is the general way; whoever asks first looks into `static`, when the path is literally there.
        """
        segments = split_path(scope)
        parameters: dict[str, Any] = {}
        node = self._root
        for segment in segments:
            child = node.literals.get(segment)
            if child is None:
                if node.only is None or not segment:
                    return self._find_slowly(scope, segments, method)
                parse, name, child = node.only
                try:
                    parameters[name] = segment if parse is parse_text else parse(segment)
                except ValueError:
                    return self._find_slowly(scope, segments, method)
            node = child
        leaves = node.leaves
        if leaves is None or method not in leaves:
            return self._find_slowly(scope, segments, method)
        if parameters:
            scope["path_params"] = parameters
        return leaves[method][0]

    def has(self, scope: Scope, method: str) -> bool:
        """Return whether anything but a fallback serves *scope*."""
        return search(self._root, split_path(scope), 0, method, [], set()) is not None

    def _find_slowly(self, scope: Scope, segments: list[str], method: str) -> E:
        """Return what the first choice at each node does not lead to, or what answers in its place."""
        values: list[Any] = []
        allowed: set[str] = set()
        leaf = search(self._root, segments, 0, method, values, allowed)
        if leaf is None and self._trailing_slash != "strict" and segments != [""]:
            leaf, values = self._match_other_form(scope, segments, method)
        if leaf is None:
            leaf, values = self._find_fallback(segments)
            if allowed:
                scope["yaat.allow"] = format_allow(frozenset(allowed))
        endpoint, names = leaf
        if names:
            scope["path_params"] = name_values(names, values)
        return endpoint

    def _match_other_form(self, scope: Scope, segments: list[str], method: str) -> tuple[Leaf[E] | None, list[Any]]:
        """Return the leaf of the same path with or without its last slash, or of the redirect to it."""
        other = segments[:-1] if segments[-1] == "" else [*segments, ""]
        values: list[Any] = []
        leaf = search(self._root, other, 0, method, values, set())
        if leaf is None or self._trailing_slash == "match" or self._redirect is None:
            return leaf, values
        location = "/" + "/".join(other)
        if location.startswith("//"):  # It would lead to another host (RFC 3986 §4.2).
            return None, []
        scope["yaat.location"] = location
        return (self._redirect, ()), []

    def _find_fallback(self, segments: list[str]) -> tuple[Leaf[E], list[Any]]:
        """Return the fallback of the deepest prefix that *segments* begin with."""
        if not self._has_fallbacks:
            return self._fallback, []
        node = self._root
        values: list[Any] = []
        found: tuple[Leaf[E], list[Any]] = (self._root.fallback or self._fallback, [])
        for segment in segments:
            child = node.literals.get(segment)
            if child is None:
                child = step(node, segment, values)
            if child is None:
                break
            node = child
            if node.fallback is not None:
                found = (node.fallback, list(values))
        return found


@lru_cache(maxsize=256)  # PERF: few combinations of methods occur (row "404 / 405")
def format_allow(methods: Iterable[str]) -> str:
    """Return the `Allow` field for *methods*, sorted, with what Yaat answers by itself (RFC 9110 §10.2.1)."""
    names = {*methods, "OPTIONS"}
    if "GET" in names:
        names.add("HEAD")
    return ", ".join(sorted(names))


def split_path(scope: Scope) -> list[str]:
    """Return the decoded segments below the root path. A slash that is encoded does not separate (RFC 3986 §2.2)."""
    path: str = scope["path"]
    try:
        # PERF: no root path, and nothing encoded, which would be longer than the path (row "two path parameters").
        if not scope["root_path"] and len(scope["raw_path"]) == len(path) and path[0] == "/":
            return path[1:].split("/")
    except (KeyError, TypeError, IndexError):
        pass
    return _split_with_care(path, scope.get("raw_path"), (scope.get("root_path") or "").rstrip("/"))


def _split_with_care(path: str, raw: bytes | None, root: str) -> list[str]:
    """Return the segments of a path below a root path, or with something encoded in it."""
    if not (path.startswith(root) and path[len(root) :][:1] in ("", "/")):
        root = ""
    # Something between the server and this app may have changed the path alone: then it is what counts.
    if raw is not None and (b"%2F" in raw or b"%2f" in raw):
        segments = [unquote(segment) for segment in raw.partition(b"?")[0].decode("latin-1").split("/")]
        if "/".join(segments) == path:
            return segments[1 + root.count("/") :] or [""]
    below = path[len(root) :]
    return below[1:].split("/") if below[:1] in ("", "/") else [path, ""]


def name_values(names: Names, values: list[Any]) -> dict[str, Any]:
    """Return the path parameters as a dictionary."""
    parameters: dict[str, Any] = {}
    for name, value in zip(names, values, strict=True):
        if name.__class__ is str:
            parameters[name] = value
        else:
            parameters.update(zip(name, value, strict=True))
    return parameters
