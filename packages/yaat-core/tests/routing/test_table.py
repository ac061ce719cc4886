"""The route table: the best route whatever the order, and all methods of a path, whoever added them."""

import sys
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.asgi import Scope
from yaat.routing.built_in import BUILT_IN
from yaat.routing.route import TrailingSlash
from yaat.routing.table import RouteTable, format_allow, split_path
from yaat.routing.template import Parameter, PathTemplate, Segment, parse_template

from ..asgi_driver import make_scope

PROPERTY = settings(deadline=None, max_examples=300)
PARSERS: dict[str, Callable[[str], Any]] = {converter.name: converter.parse for converter in BUILT_IN}
NOWHERE = "nowhere"
REDIRECT = "redirect"

Routes = list[tuple[str, str]]


def make_table(routes: Iterable[tuple[str, str]], trailing_slash: TrailingSlash = "strict") -> RouteTable[str]:
    """Return a table in which each path and method leads to the path."""
    table: RouteTable[str] = RouteTable(PARSERS, NOWHERE, trailing_slash=trailing_slash, redirect=REDIRECT)
    for path, method in routes:
        table.add(parse_template(path), method, path)
    return table


def find(table: RouteTable[str], method: str, path: str, /, **scope: Any) -> tuple[str, Scope]:
    """Return where *path*, which is percent-encoded, leads, and the scope afterwards."""
    request = make_scope(method, path, **scope)
    return table.find(request, method), request


# --- against a matcher that tries every route ---

# Of the segments with literal parts no two have as much literal text, so the order between them is settled.
SEGMENTS = ["a", "b", "5", "{}", "{:int}", "{:float}", "{:date}", "v{}", "{}--{}", "{}.js", "{:path}"]
TEXTS = ["a", "b", "5", "-5", "5.5", "2020-02-29", "v5", "v", "x--y", "--y", "x.js", "x/y", "é", ".", "..", "../x", ""]


@st.composite
def templates(draw: st.DrawFn) -> str:
    """Return a path of a few segments, sometimes with a slash at its end."""
    segments = draw(st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=3))
    first_path = segments.index("{:path}") if "{:path}" in segments else len(segments)
    segments = [s for index, s in enumerate(segments) if s != "{:path}" or index == first_path]
    text = "/" + "/".join([*segments, *draw(st.sampled_from([[], [], [""]]))])
    names = iter(draw(st.permutations("pqrstuvw")))
    return "".join(f"{{{next(names)}" if character == "{" else character for character in text)


ROUTES = st.lists(st.tuples(templates(), st.sampled_from(["GET", "POST", "PUT"])), max_size=12)
PATHS = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=5)


def rank(segment: Segment, following: int) -> tuple[int, int]:
    """Return how early *segment* is tried: literal, with literal parts, typed, `str`, `path`."""
    first = segment[0]
    if len(segment) > 1:
        return 1, -sum(len(piece) for piece in segment if isinstance(piece, str))
    if isinstance(first, str):
        return 0, 0
    order = [*PARSERS, None]
    return {"str": (3, 0), None: (3, 0), "path": (4, -following)}.get(
        first.converter, (2, order.index(first.converter))
    )


def match_segment(segment: Segment, text: str) -> dict[str, Any] | None:
    """Return the values of one segment, or `None`."""
    values: dict[str, Any] = {}
    pieces = list(segment)
    if len(pieces) > 1 and isinstance(pieces[-1], str):
        if not text.endswith(pieces[-1]):
            return None
        text = text.removesuffix(str(pieces.pop()))
    while pieces:
        piece = pieces.pop(0)
        if isinstance(piece, str):
            if not text.startswith(piece) or (not pieces and text != piece):
                return None
            text = text.removeprefix(piece)
            continue
        value = text.partition(str(pieces[0]))[0] if pieces else text
        text = text.removeprefix(value)
        try:
            values[piece.name] = PARSERS[piece.converter or "str"](value)
        except ValueError:
            return None
        if not value:
            return None
    return values


def match(template: tuple[Segment, ...], texts: list[str]) -> dict[str, Any] | None:
    """Return the values of a template, or `None`."""
    if not template or not texts:
        return None if template or texts else {}
    segment, *rest = template
    count = 1
    if isinstance(segment[0], Parameter) and segment[0].converter == "path":
        count = len(texts) - len(rest)
        is_value = count > 0 and not {".", ".."}.intersection("/".join(texts[:count]).split("/"))
        values = {segment[0].name: "/".join(texts[:count])} if is_value else None
    else:
        values = match_segment(segment, texts[0])
    others = None if values is None else match(tuple(rest), texts[count:])
    return None if values is None or others is None else {**values, **others}


def find_naively(routes: Routes, method: str, texts: list[str]) -> tuple[str, dict[str, Any], set[str]]:
    """Return the best route of those that match, its values, and the methods of all that match."""
    matching = []
    for path, its_method in routes:
        template = parse_template(path)
        values = match(template.segments, texts)
        if values is not None:
            following = range(len(template.segments) - 1, -1, -1)
            ranks = [rank(*pair) for pair in zip(template.segments, following, strict=True)]
            matching.append((ranks, path, its_method, values))
    best = min((one for one in matching if one[2] == method), key=lambda one: one[0], default=None)
    methods = {one[2] for one in matching}
    return (NOWHERE, {}, methods) if best is None else (best[1], best[3], methods)


@PROPERTY
@given(ROUTES, PATHS, st.randoms(use_true_random=False))
def test_every_path_leads_where_trying_every_route_leads(routes: Routes, texts: list[str], random: Any) -> None:
    """The table finds the same route, values and methods as a matcher that tries all routes, whatever their order."""
    shapes = {(parse_template(path).shape, method): (path, method) for path, method in routes}
    routes = list(shapes.values())
    wanted, values, methods = find_naively(routes, "GET", texts)
    random.shuffle(routes)
    found, scope = find(make_table(routes), "GET", "/" + "/".join(quote(text, safe="") for text in texts))
    assert (found, scope.get("path_params", {})) == (wanted, values)
    assert scope.get("yaat.allow") == (format_allow(frozenset(methods)) if wanted == NOWHERE and methods else None)


@PROPERTY
@given(ROUTES, PATHS, st.sampled_from(["match", "redirect"]))
def test_the_other_form_of_a_path_counts_when_the_path_itself_leads_nowhere(
    routes: Routes, texts: list[str], trailing_slash: TrailingSlash
) -> None:
    """With `match`, a path leads where its other form leads; with `redirect`, to a redirect. Exact paths come first."""
    routes = list({(parse_template(path).shape, method): (path, method) for path, method in routes}.values())
    other = texts[:-1] if texts[-1] == "" else [*texts, ""]
    exact, values, _ = find_naively(routes, "GET", texts)
    wanted = exact
    if exact == NOWHERE and texts != [""]:
        wanted, values, _ = find_naively(routes, "GET", other)
        if wanted != NOWHERE and trailing_slash == "redirect":
            wanted, values = (NOWHERE if other[0] == "" and len(other) > 1 else REDIRECT), {}
    found, scope = find(make_table(routes, trailing_slash), "GET", "/" + "/".join(quote(t, safe="") for t in texts))
    assert (found, scope.get("path_params", {})) == (wanted, values)


# --- one by one ---


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("/", [""]),
        ("/a/b", ["a", "b"]),
        ("/a/", ["a", ""]),
        ("/a%20b", ["a b"]),
        ("/a%2Fb/c", ["a/b", "c"]),
        ("/a%2fb", ["a/b"]),
        ("/caf%C3%A9/%2F", ["café", "/"]),
        ("/%252F", ["%2F"]),
        ("//evil", ["", "evil"]),
        ("/a\\b", ["a\\b"]),
    ],
)
def test_an_encoded_slash_stays_in_its_segment(path: str, segments: list[str]) -> None:
    """A path is split first and decoded then, so `%2F` separates nothing (RFC 3986 §2.2)."""
    assert split_path(make_scope("GET", path)) == segments


@pytest.mark.parametrize(
    ("scope", "segments"),
    [
        ({"raw_path": None}, ["a", "b"]),
        ({"raw_path": b"/a/b?x=%2F"}, ["a", "b"]),
        ({"raw_path": b"/a%2Fb?x=%2F"}, ["a/b"]),
        ({"raw_path": b"/other%2Fpath"}, ["a", "b"]),
        ({"raw_path": b"/a%2Fb", "path": "/rewritten"}, ["rewritten"]),
        ({"raw_path": b"/\xff%2F"}, ["a", "b"]),
    ],
)
def test_a_raw_path_that_is_missing_or_odd_does_no_harm(scope: dict[str, Any], segments: list[str]) -> None:
    """The raw path may be missing, hold the query, or be out of date after a rewrite: then the path counts."""
    assert split_path(make_scope("GET", "/a/b", **scope)) == segments


def test_a_scope_without_raw_path_and_root_path_is_split() -> None:
    """Both are optional in a scope (ASGI spec, "HTTP connection scope")."""
    scope = make_scope("GET", "/a/b")
    del scope["raw_path"], scope["root_path"]
    assert split_path(scope) == ["a", "b"]


@pytest.mark.parametrize(
    ("root", "path", "segments"),
    [
        ("/api", "/api/a", ["a"]),
        ("/api/", "/api/a", ["a"]),
        ("/api", "/api", [""]),
        ("/api", "/api/", [""]),
        ("/api", "/apiary", ["apiary"]),
        ("/api", "/a", ["a"]),
        ("/api/v1", "/api/v1/x%2Fy/z", ["x/y", "z"]),
        ("/APEX", "/APEX/a", ["a"]),
        pytest.param("/api", "/api%2Fx", ["api/x"]),
        ("/api", "", [""]),
    ],
)
def test_a_root_path_is_left_out(root: str, path: str, segments: list[str]) -> None:
    """Only what is below the root path is matched; a root path that the path does not begin with is ignored."""
    assert split_path(make_scope("GET", path, root_path=root)) == segments


@pytest.mark.parametrize("path", ["/text%0A", "/text%00", "/text ", "/text/", "/Text"])
def test_a_static_path_matches_itself_alone(path: str) -> None:
    """A line feed, a NUL, a space, a slash or another case make another path."""
    assert find(make_table([("/text", "GET")]), "GET", path)[0] == NOWHERE


@pytest.mark.parametrize("path", ["/int/%D9%A3", "/int/5%0A", "/int/%2B5", "/int/", "/int/" + "9" * 5000])
def test_an_int_takes_ascii_digits_alone(path: str) -> None:
    """Digits of other scripts, line feeds and endless numbers do not match an `int`."""
    assert find(make_table([("/int/{n:int}", "GET")]), "GET", path)[0] == NOWHERE


def test_an_int_may_be_negative() -> None:
    """`-5` matches an `int`."""
    assert find(make_table([("/int/{n:int}", "GET")]), "GET", "/int/-5")[1]["path_params"] == {"n": -5}


def test_each_parameter_of_a_segment_has_its_value() -> None:
    """A segment with literal parts may give several values."""
    table = make_table([("/{day:date}/{name}.{n:int}", "GET")])
    values = find(table, "GET", "/2020-02-29/x.5")[1]["path_params"]
    assert values == {"day": date(2020, 2, 29), "name": "x", "n": 5}


@pytest.mark.parametrize("template", ["/x/{a}", "/x/{a:path}", "/{b:path}/{a}", "/x/{a}/{b:path}", "/{a}/{c}"])
@pytest.mark.parametrize("path", ["/x/.", "/x/..", "/x/%2E%2e", "/x/../y", "/x/./y", "/x/y/..", "/../x"])
def test_a_dot_segment_is_the_value_of_nothing(template: str, path: str) -> None:
    """What would have been taken out of the path on its way here leads nowhere (RFC 3986 §5.2.4)."""
    assert find(make_table([(template, "GET")]), "GET", path)[0] == NOWHERE


@pytest.mark.parametrize("path", ["/x/...", "/x/.a", "/x/a.", "/x/..a/b", "/x/.well-known/b"])
def test_dots_are_part_of_a_value(path: str) -> None:
    """A segment of more than dots, or of more than two, is a value like any other."""
    assert find(make_table([("/x/{a:path}", "GET")]), "GET", path)[0] != NOWHERE


def test_the_first_endpoint_of_a_path_and_method_stays() -> None:
    """What is added a second time changes nothing; that is how an own HEAD comes before the one of GET."""
    table = make_table([("/a", "GET"), ("/{x}", "GET")])
    table.add(parse_template("/a"), "GET", "second")
    table.add(parse_template("/{y}"), "GET", "second")
    assert (find(table, "GET", "/a")[0], find(table, "GET", "/b")[0]) == ("/a", "/{x}")


def test_a_static_path_can_be_looked_up() -> None:
    """Each static path is in a dictionary by path, raw path, root path and method."""
    assert make_table([("/a", "GET"), ("/{x}", "GET")]).static == {"/a": (2, "/a", {"GET": "/a"})}


@pytest.mark.parametrize(
    ("methods", "allow"),
    [
        (["GET"], "GET, HEAD, OPTIONS"),
        (["POST", "DELETE"], "DELETE, OPTIONS, POST"),
        (["OPTIONS", "HEAD"], "HEAD, OPTIONS"),
    ],
)
def test_allow_is_sorted_and_complete(methods: list[str], allow: str) -> None:
    """`Allow` lists OPTIONS and, beside GET, HEAD too, sorted (RFC 9110 §10.2.1)."""
    assert format_allow(frozenset(methods)) == allow


@pytest.mark.parametrize("path", ["/a", "/b/", "/caf%C3%A9", "/c/d/"])
def test_the_other_form_of_a_path_is_for_the_redirect(path: str) -> None:
    """What has a route with a slash more or less is the redirect's."""
    table = make_table([("/a/", "GET"), ("/b", "GET"), ("/café/", "GET"), ("/c/d", "GET")], "redirect")
    assert find(table, "GET", path)[0] == REDIRECT


@pytest.mark.parametrize(("template", "path"), [("/{x:path}/", "//evil.example"), ("/{x:path}/{y}", "//evil.example/")])
def test_no_redirect_leads_to_another_host(template: str, path: str) -> None:
    """A path that begins with two slashes would name a host in a relative Location (RFC 3986 §4.2)."""
    assert find(make_table([(template, "GET")], "redirect"), "GET", path)[0] == NOWHERE


def test_parameters_keep_the_names_of_their_route() -> None:
    """Two templates may call the same place differently; each gives its own names."""
    table = make_table([("/{a}/x", "GET"), ("/{b}/y/{c}", "GET")])
    found = [find(table, "GET", path)[1]["path_params"] for path in ("/1/x", "/1/y/2")]
    assert found == [{"a": "1"}, {"b": "1", "c": "2"}]


@pytest.mark.parametrize(("path", "has"), [("/a", True), ("/5", True), ("/x", False), ("/m/x", False)])
def test_a_table_tells_whether_it_has_a_route(path: str, has: bool) -> None:
    """Whether a route is there can be asked without following it; a prefix is no route."""
    areas = make_areas("/m", routes=[("/a", "GET"), ("/{n:int}", "GET"), ("/x", "POST")])
    scope = make_scope("GET", path)
    assert (areas.has(scope, "GET"), "path_params" in scope) == (has, False)


# --- prefixes ---


def make_areas(*prefixes: str, routes: Iterable[tuple[str, str]] = ()) -> RouteTable[str]:
    """Return a table in which what nothing matches below each prefix leads to the prefix with a star."""
    table = make_table(routes)
    for prefix in prefixes:
        table.add_fallback(parse_template(prefix), f"{prefix}*")
    return table


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/m", "/m*"),
        ("/m/", "/m*"),
        ("/m/x/y", "/m*"),
        ("/m/n/x", "/m/n*"),
        ("/mm", NOWHERE),
        ("/x", NOWHERE),
        ("/t/5/x", "/t/{id:int}*"),
        ("/t/y/x", NOWHERE),
        ("/m/y", "/m/y"),
    ],
)
def test_the_deepest_prefix_has_what_nothing_matches(path: str, found: str) -> None:
    """A prefix ends between segments, a route beside it stays reachable, and the deepest prefix wins."""
    areas = make_areas("/m", "/m/n", "/t/{id:int}", routes=[("/m/y", "GET")])
    assert find(areas, "GET", path)[0] == found


def test_the_root_has_what_no_other_prefix_has() -> None:
    """A prefix `/` takes everything else."""
    areas = make_areas("/", "/m")
    assert [find(areas, "GET", path)[0] for path in ("/", "/x/y", "/m")] == ["/*", "/*", "/m*"]


def test_parameters_of_a_prefix_are_given() -> None:
    """The values of a prefix are path parameters."""
    assert find(make_areas("/t/{id:int}/{kind}"), "GET", "/t/5/x/y")[1]["path_params"] == {"id": 5, "kind": "x"}


def test_a_prefix_learns_what_the_path_would_allow() -> None:
    """Below a prefix too, the methods that a path has are told."""
    found, scope = find(make_areas("/m", routes=[("/m/y", "GET")]), "POST", "/m/y")
    assert (found, scope["yaat.allow"]) == ("/m*", "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    ("prefix", "route", "path"),
    [("/t/{tenant}", "/t/{id:int}/edit", "/t/5/x"), ("/{tenant}", "/about/us", "/about/them")],
)
def test_a_better_route_beside_a_prefix_hides_nothing(prefix: str, route: str, path: str) -> None:
    """A route whose beginning fits better does not take from a prefix what the route itself does not match."""
    assert find(make_areas(prefix, routes=[(route, "GET")]), "GET", path)[0] == f"{prefix}*"


def test_the_other_form_of_a_path_tells_its_methods() -> None:
    """With `match`, both forms are one path, so a wrong method is one at either (RFC 9110 §15.5.6)."""
    _, scope = find(make_table([("/a/", "GET")], "match"), "POST", "/a")
    assert scope.get("yaat.allow") == "GET, HEAD, OPTIONS"


def test_a_path_beside_its_other_form_tells_its_own_methods() -> None:
    """With `redirect`, each form is a path of its own: no method of the other one would have matched."""
    _, scope = find(make_table([("/a", "PUT"), ("/a/", "PATCH")], "redirect"), "DELETE", "/a")
    assert scope.get("yaat.allow") == "OPTIONS, PUT"


def test_a_converter_that_fails_is_told() -> None:
    """The fallback finds the error in the scope, with no methods, and answers for it."""

    def fail(text: str) -> str:
        raise RuntimeError(text)

    table: RouteTable[str] = RouteTable({**PARSERS, "broken": fail}, NOWHERE)
    table.add(parse_template("/{x:broken}"), "GET", "it")
    found, scope = find(table, "GET", "/a")
    assert (found, scope["yaat.allow"], repr(scope["yaat.error"])) == (NOWHERE, "", "RuntimeError('a')")


def test_a_converter_that_fails_where_there_are_no_methods_is_raised() -> None:
    """What is no HTTP request has no error response, so its protocol deals with the error."""

    def fail(text: str) -> str:
        raise RuntimeError(text)

    table: RouteTable[str] = RouteTable({**PARSERS, "broken": fail}, NOWHERE)
    table.add(parse_template("/{x:broken}"), "", "it")
    with pytest.raises(RuntimeError, match="^a$"):
        table.find(make_scope("GET", "/a"), "")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("OPTIONS", "*", "GET, HEAD, OPTIONS, POST"), ("GET", "*", None), ("OPTIONS", "/c", None)],
)
def test_options_of_the_asterisk_are_all_methods(method: str, path: str, allow: str | None) -> None:
    """`OPTIONS *` asks what the server can do at all (RFC 9110 §9.3.7); nothing else does."""
    found, scope = find(make_table([("/a", "GET"), ("/b", "POST")]), method, path)
    assert (found, scope.get("yaat.allow")) == (NOWHERE, allow)


@pytest.mark.parametrize("template", ["/{x}/", "/{x:path}"])
def test_the_asterisk_is_no_path(template: str) -> None:
    """`OPTIONS *` is about the server and matches no route (RFC 9110 §9.3.7)."""
    assert find(make_table([(template, "OPTIONS")]), "OPTIONS", "*", path="*")[0] == NOWHERE


def test_a_slash_at_the_end_makes_another_path() -> None:
    """Unless the table is told otherwise, `/a` and `/a/` are two paths."""
    table: RouteTable[str] = RouteTable(PARSERS, NOWHERE)
    table.add(parse_template("/a"), "GET", "it")
    assert [find(table, "GET", path)[0] for path in ("/a", "/a/")] == ["it", NOWHERE]


def test_a_parameter_comes_before_a_path_of_the_same_name() -> None:
    """That two parameters have one name does not make them one."""
    table = make_table([("/{x:path}", "GET"), ("/{x}", "GET")])
    assert [find(table, "GET", path)[0] for path in ("/a", "/a/b")] == ["/{x}", "/{x:path}"]


def test_path_parameters_have_the_names_of_their_route() -> None:
    """Two routes of one shape may call a value by two names."""
    table = make_table([("/{a:path}", "GET"), ("/{b:path}", "PUT")])
    values = [find(table, method, "/x/y")[1]["path_params"] for method in ("GET", "PUT")]
    assert values == [{"a": "x/y"}, {"b": "x/y"}]


@pytest.mark.parametrize(
    ("template", "path", "value"),
    [
        ("/a/{x:int}", "/a/5", 5),
        ("/a/{x:int}", "/a/-5", -5),
        ("/a/{x:int}", "/a/9223372036854775807", 2**63 - 1),
        ("/a/{x:int}", "/a/9223372036854775808", None),
        ("/a/{x:float}", "/a/5", 5.0),
        ("/a/{x}", "/a/5", "5"),
    ],
)
def test_a_value_is_what_its_converter_makes_of_it(template: str, path: str, value: object) -> None:
    """A number is a number of the kind that the template names, and a text stays a text."""
    _, scope = find(make_table([(template, "GET")]), "GET", path)
    assert repr(scope.get("path_params")) == repr(None if value is None else {"x": value})


def test_a_path_with_other_methods_tells_them() -> None:
    """The fallback finds the methods that would have matched in the scope."""
    found, scope = find(make_table([("/a", "POST"), ("/a", "PUT")]), "GET", "/a")
    assert (found, scope.get("yaat.allow")) == (NOWHERE, "OPTIONS, POST, PUT")


def test_a_static_path_has_all_its_methods() -> None:
    """What is looked up without a search knows every method of the path, whenever it was added."""
    table = make_table([("/a", "GET"), ("/a", "PUT")])
    assert table.static["/a"][-1] == {"GET": "/a", "PUT": "/a"}


def test_templates_of_the_table_are_not_changed() -> None:
    """A template can be in many tables."""
    template = PathTemplate((("a",),))
    for _ in range(2):
        RouteTable(PARSERS, NOWHERE).add(template, "GET", "a")
    assert template == parse_template("/a")


# --- the work ---


def count_calls(table: RouteTable[str], path: str, *, is_searched: bool = False, **scope: Any) -> int:
    """Return how many functions are called until *table* knows where *path* leads, or whether it leads anywhere."""
    request, events = make_scope("GET", path, **scope), list[str]()
    look_up = table.has if is_searched else table.find
    sys.setprofile(lambda frame, event, argument: events.append(event))
    try:
        look_up(request, "GET")
    finally:
        sys.setprofile(None)
    return sum(event in {"call", "c_call"} for event in events)


@pytest.mark.parametrize("path", ["/last", "/last/5", "/last/5/edit", "/nowhere", "/last/5/nowhere", "/last/x"])
def test_the_number_of_routes_does_not_matter(path: str) -> None:
    """Finding the last of a thousand routes, or none at all, is the work of finding one of ten."""
    last = [("/last", "GET"), ("/last/{id:int}", "GET"), ("/last/{id:int}/edit", "GET"), ("/last/x", "POST")]
    few, many = ([*((f"/{number}/{{id:int}}", "GET") for number in range(count)), *last] for count in (10, 1000))
    assert count_calls(make_table(few), path) == count_calls(make_table(many), path)


def test_a_path_that_comes_as_it_is_written_costs_less() -> None:
    """Where nothing is encoded and there is no root path, a split is enough."""
    table = make_table([("/a/{id:int}", "GET")])
    plain = count_calls(table, "/a/5")
    assert plain < count_calls(table, "/a/%35")
    assert plain < count_calls(table, "/x/a/5", root_path="/x")


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/a/5", ("/a/{x:int}", "GET")),
        ("/a/b", ("/a/{x}", "GET")),
        ("/a/b/c", ("/a/{x}/c", "GET")),
        ("/a/b/c", ("/a/{x:path}", "GET")),
        ("/a/b", ("/a", "GET")),
        ("/a/b", ("/a/b", "POST")),
        ("/a/5.5", ("/a/{x:float}", "GET")),
        ("/a/%35", ("/a/{x:int}", "GET")),
    ],
    ids=["typed", "str", "further", "path", "beyond", "method", "float", "encoded"],
)
def test_what_leaves_no_choice_costs_less_than_a_search(path: str, route: tuple[str, str]) -> None:
    """`has` searches; a request is led from node to node for as long as each has one branch for it."""
    table = make_table([route])
    assert count_calls(table, path) < count_calls(table, path, is_searched=True)


def test_an_encoded_slash_stays_where_a_scope_has_no_root_path() -> None:
    """A server may leave out the root path (ASGI spec, "HTTP connection scope"); the raw path counts all the same."""
    scope = make_scope("GET", "/a%2Fb")
    del scope["root_path"]
    assert make_table([("/{x}", "GET")]).find(scope, "GET") == "/{x}"
    assert scope["path_params"] == {"x": "a/b"}
