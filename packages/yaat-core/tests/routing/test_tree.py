"""The segment tree: what is planted is found, and the best leaf first."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.routing.built_in import BUILT_IN
from yaat.routing.template import parse_template
from yaat.routing.tree import Planter, find_fallback, list_children, search

PROPERTY = settings(deadline=None)
PARSERS: dict[str, Callable[[str], Any]] = {converter.name: converter.parse for converter in BUILT_IN}


def plant(*paths: str) -> Planter[str]:
    """Return a tree in which each path leads to itself, for GET."""
    planter: Planter[str] = Planter(PARSERS)
    for path in paths:
        planter.add(parse_template(path).segments, "GET", path)
    return planter


def find(planter: Planter[str], path: str, method: str = "GET") -> tuple[str, list[Any]] | None:
    """Return the path that leads furthest and the values on the way."""
    values: list[Any] = []
    leaf = search(planter.root, path[1:].split("/"), 0, method, values, set())
    return None if leaf is None else (leaf[0], values)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/a/b", ("/a/b", [])),
        ("/a/5", ("/a/{x:int}", [5])),
        ("/a/5.5", ("/a/{x:float}", [5.5])),
        ("/a/v5", ("/a/v{x:int}", [(5,)])),
        ("/a/c", ("/a/{x}", ["c"])),
        ("/a/c/d", ("/a/{x:path}", ["c/d"])),
        ("/a/c/d/end", ("/a/{x:path}/end", ["c/d"])),
        ("/a/b/c", ("/a/{x}/c", ["b"])),
        ("/a/", ("/a/{x:path}", [""])),
        ("/a", None),
        ("/b", None),
    ],
)
def test_the_best_leaf_is_found(path: str, found: tuple[str, list[Any]] | None) -> None:
    """A literal comes before literal parts, those before typed, `str` and `path` parameters, and all are tried."""
    paths = [
        "/a/{x:path}",
        "/a/{x:path}/end",
        "/a/{x}",
        "/a/{x}/c",
        "/a/{x:float}",
        "/a/{x:int}",
        "/a/v{x:int}",
        "/a/b",
    ]
    assert (find(plant(*paths), path), find(plant(*reversed(paths)), path)) == (found, found)


def test_parameters_of_other_names_share_a_place() -> None:
    """The names of parameters belong to the leaf, so two templates of one shape lead to one node."""
    planter = plant("/{a}/x", "/{b}/y")
    assert (find(planter, "/1/x"), find(planter, "/1/y")) == (("/{a}/x", ["1"]), ("/{b}/y", ["1"]))


def test_values_before_a_branch_that_leads_nowhere_are_kept() -> None:
    """What the way up to a choice has given counts for every branch."""
    planter = plant("/{a}/{b:int}/x", "/{a}/{c}/y", "/{a}/{d:path}/z")
    assert find(planter, "/1/2/y") == ("/{a}/{c}/y", ["1", "2"])
    assert find(planter, "/1/2/z") == ("/{a}/{d:path}/z", ["1", "2"])


def test_paths_that_go_on_behind_a_path_parameter_share_a_place() -> None:
    """Templates with as many segments behind a path parameter share its node."""
    planter = plant("/{a:path}/x", "/{b:path}/y")
    assert (find(planter, "/1/2/x"), find(planter, "/1/y")) == (("/{a:path}/x", ["1/2"]), ("/{b:path}/y", ["1"]))


def test_a_path_parameter_takes_one_segment_at_least() -> None:
    """What comes behind a path parameter cannot take its place; an empty segment is enough for it."""
    planter = plant("/a/{x:path}/end")
    assert (find(planter, "/a/end"), find(planter, "/a//end")) == (None, ("/a/{x:path}/end", [""]))


def test_a_leaf_knows_what_its_own_values_are_called() -> None:
    """Two methods may call one segment by two names; a path without parameters has no values to be called anything."""
    planter: Planter[str] = Planter(PARSERS)
    for path, method in {"/a": "GET", "/{x}/b": "GET", "/{y}/b": "PUT", "/{x}/c": "GET"}.items():
        planter.add(parse_template(path).segments, method, path)
    leaves = [
        search(planter.root, path.split("/"), 0, method, [], set())
        for path, method in (("a", "GET"), ("1/b", "GET"), ("1/b", "PUT"), ("1/c", "GET"))
    ]
    assert leaves == [("/a", ()), ("/{x}/b", ("x",)), ("/{y}/b", ("y",)), ("/{x}/c", ("x",))]


def test_the_first_endpoint_of_a_method_keeps_it() -> None:
    """What comes later for the same method and shape changes nothing, not even a name."""
    planter: Planter[str] = Planter(PARSERS)
    first, second = (planter.add(parse_template(path).segments, "GET", path) for path in ("/{x}", "/{y}"))
    assert (first is second, second.leaves, second.values) == (True, {"GET": "/{x}"}, {"GET": ("x",)})


def test_what_else_is_there_is_told() -> None:
    """When only the method is wrong, the methods of every template that matches the path are told."""
    planter: Planter[str] = Planter(PARSERS)
    for path, method in {"/a/b": "GET", "/a/{x}": "PUT", "/{x:path}": "POST", "/a/{x:int}": "PATCH"}.items():
        planter.add(parse_template(path).segments, method, path)
    allowed: set[str] = set()
    assert search(planter.root, ["a", "b"], 0, "DELETE", [], allowed) is None
    assert allowed == {"GET", "PUT", "POST"}


@pytest.mark.parametrize(
    ("template", "segment", "value"),
    [
        ("/v{a}", "v1", ("1",)),
        ("/v{a}", "v", None),
        ("/v{a}", "w1", None),
        ("/{a}.json", "x.json", ("x",)),
        ("/{a}.json", ".json", None),
        ("/{a}.json", "x.json\n", None),
        ("/aba{a}ab", "abab", None),
        ("/{a}.{b}", "x.y.z", ("x", "y.z")),
        ("/{a}.{b}", "xy", None),
        ("/{a}.{b}", ".y", None),
        ("/{a}.{b}", "x.", None),
        ("/{a:int}-{b:int}", "1-2", (1, 2)),
        ("/{a:int}-{b:int}", "1-x", None),
        ("/{a:int}-{b:int}", "1--2", (1, -2)),
        ("/from-{a}-to-{b}!", "from-x-to-y!", ("x", "y")),
    ],
)
def test_a_segment_with_literal_parts(template: str, segment: str, value: tuple[Any, ...] | None) -> None:
    """In a segment, each literal ends a value where it first occurs, and no value is empty."""
    found = find(plant(template), f"/{segment}")
    assert found == (None if value is None else (template, [value]))


@PROPERTY
@given(st.text(alphabet="a.-", max_size=20))
def test_any_segment_matches_literal_parts_or_does_not(segment: str) -> None:
    """What a segment with literal parts takes is what it is put together from."""
    found = find(plant("/{a}.-{b}.{c}"), f"/{segment}")
    assert found is None or "{}.-{}.{}".format(*found[1][0]) == segment


def test_children_that_take_a_segment_come_best_first() -> None:
    """A literal comes before parameters, which give their values, and a converter may refuse."""
    planter = plant("/{a}/x", "/{a:int}/y", "/{a:float}/w", "/5/z")
    children = [(list(child.literals), values) for child, values in list_children(planter.root, "5")]
    assert children == [(["z"], []), (["y"], [5]), (["w"], [5.0]), (["x"], ["5"])]
    assert [values for _, values in list_children(planter.root, "b")] == [["b"]]


def test_no_child_takes_an_empty_segment_as_a_value() -> None:
    """An empty segment is no value."""
    assert list(list_children(plant("/{a}").root, "")) == []


def test_the_fallback_of_the_longest_prefix_is_found() -> None:
    """All branches are tried for a longer prefix; of two of one length the better branch has it."""
    planter: Planter[str] = Planter(PARSERS)
    for prefix in ("/{a}", "/{a:int}", "/{a}/{b}/c", "/5/x/d"):
        node, names = planter.plant(parse_template(prefix).segments)
        if not prefix.startswith("/5"):
            node.fallback = (prefix, names)
    assert find_fallback(planter.root, ["5", "x", "c", "e"], 0, []) == (3, ("/{a}/{b}/c", ("a", "b")), ["5", "x"])
    assert find_fallback(planter.root, ["5", "x"], 0, []) == (1, ("/{a:int}", ("a",)), [5])
    assert find_fallback(planter.root, [""], 0, []) is None


def test_a_typed_parameter_beside_a_literal_part_comes_first() -> None:
    """Beside the same literal parts too, a typed parameter comes before a `str`, in whatever order they came."""
    for paths in (["/v{x}", "/v{x:int}"], ["/v{x:int}", "/v{x}"]):
        assert find(plant(*paths), "/v5") == ("/v{x:int}", [(5,)])


@pytest.mark.parametrize(
    ("best", "other", "path"),
    [
        ("/ver{x}", "/v{x}", "/ver1"),
        ("/ab{x}", "/{x}-{y}", "/ab1-2"),
        ("/{x}.json", "/{x}.{y}", "/a.json"),
        ("/{x}5", "/{x:int}", "/55"),
    ],
)
def test_more_literal_text_comes_first(best: str, other: str, path: str) -> None:
    """Of two segments with parameters that with more literal text is tried first, however many parameters they have."""
    for paths in ([best, other], [other, best]):
        found = find(plant(*paths), path)
        assert found is not None
        assert found[0] == best


def test_a_literal_comes_before_any_converter() -> None:
    """Beside as much literal text, a literal comes before a parameter of whatever kind, the most special one too."""
    planter: Planter[str] = Planter({"special": str, **PARSERS})
    for path in ("/{x:special}.y", "/x.{x:special}"):
        planter.add(parse_template(path).segments, "GET", path)
    assert find(planter, "/x.y") == ("/x.{x:special}", [("y",)])


def test_literal_parts_of_one_length_do_not_depend_on_order() -> None:
    """Two segments with as much literal text are told apart by what comes first: a literal before a parameter."""
    for paths in (["/{x}.y", "/x.{x}"], ["/x.{x}", "/{x}.y"]):
        assert find(plant(*paths), "/x.y") == ("/x.{x}", [("y",)])
