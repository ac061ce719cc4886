"""Annotations that name what is not there."""

from typing import Annotated, Any, ForwardRef, Literal

import pytest

from yaat.exceptions import HandlerError
from yaat_typed.unresolved import find_unresolved, refuse_unresolved


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        ("Unknown", "Unknown"),
        (ForwardRef("Unknown"), "Unknown"),
        (dict[str, list[ForwardRef("Unknown")]], "Unknown"),  # type: ignore[misc]  # that is the point
        (Annotated[ForwardRef("Unknown"), "text"], "Unknown"),
        (Annotated[int, "text"], None),
        (Literal["text"] | None, None),
        (list[int], None),
        (Any, None),
    ],
    ids=str,
)
def test_a_text_in_a_type_is_found(annotation: Any, text: str | None) -> None:
    """At any depth; the values of a literal, and what is said beside a type, are none."""
    assert find_unresolved(annotation) == text


def test_what_is_not_there_is_refused() -> None:
    """The message says whose it is, and how to mend it."""
    with pytest.raises(HandlerError, match="its annotation 'Unknown' names what its module does not have. Define or"):
        refuse_unresolved("Unknown", "its annotation")
    refuse_unresolved(int, "its annotation")
