"""The limits of forms."""

from typing import Any

import pytest

from yaat.exceptions import ConfigurationError
from yaat_forms import FormLimits


@pytest.mark.parametrize("value", [-1, 1.5, "3", True, None])
def test_limit_is_a_number_of_things(value: Any) -> None:
    """A limit that is none stops the app, with its name."""
    with pytest.raises(ConfigurationError, match=f"max_files is a whole number from 0 up, not {value!r}"):
        FormLimits(max_files=value)


def test_limits_that_the_whole_content_has_anyway_may_be_left_out() -> None:
    """`None` leaves large things to the limit of the route."""
    assert FormLimits(max_file_bytes=None, max_total_bytes=None).max_total_bytes is None
    with pytest.raises(ConfigurationError, match="max_file_bytes is a whole number from 0 up or None"):
        FormLimits(max_file_bytes=-1)


def test_mapping_replaces_some_limits() -> None:
    """A route names the limits that differ."""
    limits = FormLimits(max_fields=7).override({"max_files": 3})
    assert (limits.max_fields, limits.max_files) == (7, 3)


def test_limits_replace_all_limits() -> None:
    """A route may bring limits of its own."""
    assert FormLimits(max_fields=7).override(FormLimits(max_files=3)) == FormLimits(max_files=3)


def test_nothing_replaces_nothing() -> None:
    """A route that says nothing has the limits of the app."""
    limits = FormLimits(max_fields=7)
    assert limits.override(None) is limits


def test_misspelt_limit_is_named_with_those_there_are() -> None:
    """A limit that nobody knows would limit nothing."""
    with pytest.raises(ConfigurationError, match="'max_file'. The limits of a form are: max_fields, max_files"):
        FormLimits().override({"max_file": 3})


def test_what_is_no_limits_is_refused() -> None:
    """A number alone does not say what it limits."""
    with pytest.raises(ConfigurationError, match='takes FormLimits or a mapping {"max_files": 3}, not 3'):
        FormLimits().override(3)
