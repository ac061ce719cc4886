"""Markers: what is said of a parameter."""

import msgspec
import pytest

from yaat_typed import Body, Cookie, File, Form, Header, Path, Query


def test_a_marker_that_says_nothing_adds_nothing() -> None:
    """msgspec is told what there is to tell."""
    assert Query().make_meta() is None
    assert Query("other", deprecated=True).make_meta() is None
    assert Query(ge=1, description="D").make_meta() == msgspec.Meta(ge=1, description="D")


def test_constraints_are_named_as_in_json_schema() -> None:
    """For documents."""
    marker = Query(gt=1, ge=2, lt=3, le=4, multiple_of=5, pattern="p", min_length=6, max_length=7)
    assert marker.constraints == {
        "exclusiveMinimum": 1,
        "minimum": 2,
        "exclusiveMaximum": 3,
        "maximum": 4,
        "multipleOf": 5,
        "pattern": "p",
        "minLength": 6,
        "maxLength": 7,
    }


@pytest.mark.parametrize("marker", [Path, Query, Header, Cookie, Body, Form, File])
def test_each_marker_has_its_place(marker: type[Query]) -> None:
    """Named after it."""
    assert marker.place == marker.__name__.lower()
