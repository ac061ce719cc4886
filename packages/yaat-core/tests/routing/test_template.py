"""Path templates: parsed once, with an error that points at what is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.exceptions import RouteError
from yaat.routing.template import Parameter, PathTemplate, parse_template

PROPERTY = settings(deadline=None)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
LITERALS = st.text(st.characters(exclude_characters="/{}?#%<\\", exclude_categories=["Cs"]), min_size=1, max_size=6)


@st.composite
def paths(draw: st.DrawFn) -> str:
    """Return a path of literals, parameters, and segments that have both."""
    names = draw(st.lists(NAMES, unique=True, max_size=6))
    segments = [text for text in draw(st.lists(LITERALS, max_size=3)) if text not in (".", "..")]
    while names:
        converter = draw(st.sampled_from(["", ":int", ":str", ":own_kind"]))
        parameter = f"{{{names.pop()}{converter}}}"
        if draw(st.booleans()) and names:
            parameter = f"{parameter}{draw(LITERALS)}{{{names.pop()}}}"
        before, after = draw(st.sampled_from(["", "v"])), draw(st.sampled_from(["", ".json"]))
        segments.append(f"{before}{parameter}{after}")
    return "/" + "/".join([*draw(st.permutations(segments)), *([""] if draw(st.booleans()) else [])])


@PROPERTY
@given(paths())
def test_a_template_is_written_as_it_was_read(path: str) -> None:
    """Formatting a parsed template gives the path back."""
    assert str(parse_template(path)) == path


@PROPERTY
@given(st.text())
def test_any_text_is_a_template_or_a_route_error(path: str) -> None:
    """No text makes parsing fail in another way."""
    try:
        template = parse_template(path)
    except RouteError:
        return
    assert str(template) == path or path == ""


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("/", [("",)]),
        ("/a", [("a",)]),
        ("/a/", [("a",), ("",)]),
        ("/café/b c", [("café",), ("b c",)]),
        ("/{id}", [(Parameter("id"),)]),
        ("/{id:int}", [(Parameter("id", "int"),)]),
        ("/v{n:int}.{kind}", [("v", Parameter("n", "int"), ".", Parameter("kind"))]),
        ("/{rest:path}/edit", [(Parameter("rest", "path"),), ("edit",)]),
        ("", []),
    ],
)
def test_a_path_is_read_as_segments(path: str, segments: list[tuple[str | Parameter, ...]]) -> None:
    """A template is segments of literals and parameters; a slash at the end is an empty last segment."""
    assert parse_template(path) == PathTemplate(tuple(segments))


@pytest.mark.parametrize(
    ("path", "message", "marked"),
    [
        ("/a//b", "A path segment cannot be empty", "/"),
        ("/a/../b", "A path segment cannot be empty, '.' or '..'", ".."),
        ("/./b", "A path segment cannot be empty, '.' or '..'", "."),
        ("/a?b=1", "Query parameters are not part of a route", "?"),
        ("/a#b", "A fragment never reaches a server", "#"),
        ("/a%20b", "Write the path decoded", "%"),
        ("/<id>", "Parameters are written {name} or {name:int}", "<"),
        ("/a\\b", "Segments are separated by '/'", "\\"),
        ("/a\udc80", "Half of a surrogate pair is no character", "\udc80"),
        ("/{id", "This '{' has no partner", "{"),
        ("/id}", "This '}' has no partner", "}"),
        ("/{a}}", "This '}' has no partner", "}"),
        ("/aa/{b}-}-{c}", "This '}' has no partner", "}"),
        ("/aa/bb-{1st}", "A parameter needs a name", "{1st}"),
        ("/x{{a}}", "This '{' has no partner", "{"),
        ("/{}", "A parameter needs a name", "{}"),
        ("/{1st}", "A parameter needs a name", "{1st}"),
        ("/{a b}", "A parameter needs a name", "{a b}"),
        ("/{é}", "A parameter needs a name", "{é}"),
        ("/{id:}", "After the colon stands the name of a converter", "{id:}"),
        ("/{id:a-b}", "After the colon stands the name of a converter", "{id:a-b}"),
        ("/{a}{b}", "Two parameters need a literal between them", "{b}"),
        ("/{id}/x/{id:int}", "The name 'id' occurs twice", "{id:int}"),
        ("/{a:path}/{b:path}", "A template has one path parameter at most", "{b:path}"),
        ("/v{a:path}", "A template has one path parameter at most, alone in its segment", "{a:path}"),
    ],
)
def test_a_mistake_is_pointed_at(path: str, message: str, marked: str) -> None:
    """What cannot be a template is told with a caret below the very place."""
    with pytest.raises(RouteError) as caught:
        parse_template(path)
    first, shown, carets = str(caught.value).split("\n")
    begin, end = carets.index("^"), carets.rindex("^") + 1
    assert (first.startswith(message), shown.strip(), shown[begin:end]) == (True, path, marked)


def test_a_path_without_its_slash_is_refused() -> None:
    """A path begins with a slash; the message writes it right."""
    with pytest.raises(RouteError, match=r"'items' does not begin with '/'\. Write '/items'"):
        parse_template("items")


def test_a_path_that_is_no_text_is_refused() -> None:
    """A path is a text."""
    with pytest.raises(RouteError, match="A path is a str such as '/items', not 5"):
        parse_template(5)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(
    ("prefix", "path", "joined"),
    [
        ("/blog", "/", "/blog/"),
        ("/blog", "/a", "/blog/a"),
        ("/blog/", "/a", "/blog/a"),
        ("/blog", "", "/blog"),
        ("", "/a", "/a"),
        ("/", "/a", "/a"),
        ("/{tenant}", "/{id:int}", "/{tenant}/{id:int}"),
    ],
)
def test_a_template_is_put_below_a_prefix(prefix: str, path: str, joined: str) -> None:
    """Below a prefix, `/` is the prefix with a slash and the empty path is the prefix itself."""
    assert str(parse_template(path).under(parse_template(prefix))) == joined


def test_a_parameter_name_that_the_prefix_has_is_refused() -> None:
    """A prefix and what is below it cannot both call a parameter the same: one value would be lost."""
    with pytest.raises(RouteError, match=r"'id' occurs twice\.\n    /users/\{id\}/posts/\{id:int\}\n"):
        parse_template("/posts/{id:int}").under(parse_template("/users/{id}"))


def test_converters_are_added_where_there_is_none() -> None:
    """An annotation's converter takes the place of none, but not of one that the template names."""
    template = parse_template("/{a}/{b:float}/{c}-{d}/x")
    names = {"a": "int", "b": "int", "d": "int"}
    assert str(template.with_converters(names)) == "/{a:int}/{b:float}/{c}-{d:int}/x"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("/{a}", "/{b}", True),
        ("/{a}", "/{b:str}", True),
        ("/{a}", "/{b:int}", False),
        ("/{a}", "/a", False),
        ("/{a}.{b}", "/{c}.{d}", True),
        ("/{a}.{b}", "/{c}-{d}", False),
        ("/a", "/a/", False),
    ],
)
def test_templates_of_one_shape_match_the_same_paths(one: str, other: str, is_same: bool) -> None:
    """The shape leaves out the names of parameters and nothing else."""
    assert (parse_template(one).shape == parse_template(other).shape) is is_same


def test_a_template_without_parameters_is_static() -> None:
    """Only a template without parameters is static."""
    assert [parse_template(path).is_static for path in ("/a/b", "/a/{b}", "/x{b}")] == [True, False, False]


def test_any_letter_can_be_part_of_a_literal() -> None:
    """Nothing but braces needs a partner."""
    assert parse_template("/XXL/{x}-X").segments == (("XXL",), (Parameter("x"), "-X"))


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/a}b}", "This '}' has no partner.\n    /a}b}\n      ^"),
        ("/<a><b>", "Parameters are written {name} or {name:int}.\n    /<a><b>\n     ^"),
        ("/a\udc80b", "Half of a surrogate pair is no character; write the whole one.\n    /a\udc80b\n      ^"),
        ("/{id}/{id}", "The name 'id' occurs twice.\n    /{id}/{id}\n          ^^^^"),
        ("/{1}", "A parameter needs a name like {id} or {id:int}.\n    /{1}\n     ^^^"),
        ("/{a:}", "After the colon stands the name of a converter, like {id:int}.\n    /{a:}\n     ^^^^"),
    ],
)
def test_the_caret_is_as_long_as_the_mistake(path: str, message: str) -> None:
    """It stands below what is wrong, of several mistakes below the first, and of two equal names below the second."""
    with pytest.raises(RouteError) as caught:
        parse_template(path)
    assert str(caught.value) == message
