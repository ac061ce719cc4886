"""What docstrings tell."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat.exceptions import ConfigurationError
from yaat_openapi.docstring import Docstring, merge_docstring, read_docstring


@pytest.mark.parametrize(
    ("text", "summary", "description"),
    [
        ("", "", ""),
        ("One.", "One.", ""),
        ("\nOne,\n  two.\n\nThree.\n\nFour.\n", "One, two.", "Three.\n\nFour."),
        ("Note: this is prose.", "Note: this is prose.", ""),
        ("Summary: this too.", "Summary: this too.", ""),
        ("summary of all", "summary of all", ""),
        ("One.\n\na --- b", "One.", "a --- b"),
        ("One.\n\n---\n", "One.", ""),
    ],
)
def test_prose_is_a_summary_and_the_rest(text: str, summary: str, description: str) -> None:
    """The first paragraph is the summary, in one line; nothing is YAML that does not begin like an operation."""
    assert read_docstring(text, "here") == Docstring(summary=summary, description=description)


@pytest.mark.parametrize(
    ("text", "description", "arguments"),
    [
        (
            "One.\n\nArgs:\n    a: First.\n    b (int): Second,\n        and more.\n",
            "",
            {"a": "First.", "b": "Second, and more."},
        ),
        (
            "One.\n\nTwo.\n\nArgs:\n    *a: A\n\n    **b: B\n\nReturns:\n    C",
            "Two.\n\nReturns:\n    C",
            {"a": "A", "b": "B"},
        ),
        ("One.\n\nArguments:\n  a:\n    First.", "", {"a": "First."}),
        ("One.\n\nArgs:\n    Nothing of interest.", "Args:\n    Nothing of interest.", {}),
        ("One.\n\nArgs: none.", "Args: none.", {}),
        ("One.\n\nArgs:\n", "Args:", {}),
    ],
)
def test_arguments_are_told_apart(text: str, description: str, arguments: dict[str, str]) -> None:
    """In the style of Google; what is written otherwise stays in the description."""
    assert read_docstring(text, "here") == Docstring(summary="One.", description=description, arguments=arguments)


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("summary: One", {"summary": "One"}),
        ("\n    tags: [a]\n    deprecated: true", {"tags": ["a"], "deprecated": True}),
        ("responses:\n  200: {description: Fine}", {"responses": {"200": {"description": "Fine"}}}),
        ("x-own: 1", {"x-own": 1}),
    ],
)
def test_docstring_that_begins_like_an_operation_is_one(text: str, operation: dict[str, object]) -> None:
    """As the first Yaat read them; statuses become texts, as JSON has them."""
    assert read_docstring(text, "here") == Docstring(operation=operation)


def test_operation_may_stand_below_the_prose() -> None:
    """A line of three hyphens is between them."""
    told = read_docstring("One.\n\nTwo.\n\n---\ntags: [a]\n", "here")
    assert told == Docstring(summary="One.", description="Two.", operation={"tags": ["a"]})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("summary: a: b", "The docstring of the route /x is no YAML"),
        ("One.\n---\n- a", "is no mapping"),
        ("One.\n---\nsumary: a", "'sumary' in the YAML .* is no field of an operation. These are: tags, summary"),
        ("summary: 1", "'summary' in the YAML .* is no str"),
        ("summary: a\n3: b", "3 in the YAML .* is no field"),
    ],
)
def test_yaml_that_is_no_operation_stops_the_build(text: str, message: str) -> None:
    """The message names the route, the field, and those that there are."""
    with pytest.raises(ConfigurationError, match=message):
        read_docstring(text, "the route /x")


def test_parameter_that_refers_to_a_component_stays_as_it_is() -> None:
    """There is nothing to complete."""
    reference = {"$ref": "#/components/parameters/page"}
    merged = merge_docstring({}, Docstring(operation={"parameters": [reference]}), {}, ())
    assert merged == {"parameters": [reference]}


def test_options_of_the_route_come_before_the_docstring() -> None:
    """What is said with the route counts, but for tags."""
    told = Docstring(operation={"summary": "b", "operationId": "b", "tags": ["b"], "deprecated": True})
    operation = {"summary": "a", "operationId": "a", "tags": ["a"]}
    merged = merge_docstring(operation, told, {"summary": "a", "operation_id": "a", "tags": ["a"]}, ())
    assert merged == {"summary": "a", "operationId": "a", "tags": ["b"], "deprecated": True}


@given(st.sampled_from(["", "summary: ", "One.\n---\n", "tags:\n"]), st.text(max_size=60))
def test_any_docstring_is_read_or_refused(begin: str, rest: str) -> None:
    """Nothing else happens, whatever stands there."""
    with suppress(ConfigurationError):
        assert "\n" not in read_docstring(begin + rest, "here").summary
