"""What divides the parts of a form."""

import pytest

from yaat_forms import InvalidForm
from yaat_forms.boundary import read_boundary


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=abc", "abc"),
        ('Multipart/Form-Data;charset=utf-8;BOUNDARY="a b:c"', "a b:c"),
        ("multipart/form-data; boundary=" + "x" * 70, "x" * 70),
    ],
)
def test_boundary_is_a_parameter_of_the_content_type(content_type: str, boundary: str) -> None:
    """Quoted or not, in any case, beside others (RFC 2046 §5.1.1)."""
    assert read_boundary([content_type]) == boundary


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary=""',
        'multipart/form-data; boundary="a "',
        'multipart/form-data; boundary="a\tb"',
        'multipart/form-data; boundary="a;b"',
        'multipart/form-data; boundary="ü"',
        "multipart/form-data; boundary=a b",
        "multipart/form-data; boundary=" + "x" * 71,
        "multipart/form-data; boundary=" + "x" * 100_000,
        "multipart/form-data; boundary=a; boundary=b",
        'multipart/form-data; boundary="a',
        "multipart/form-data boundary=a",
        "",
    ],
)
def test_unusable_boundary_is_refused(content_type: str) -> None:
    """Missing, empty, too long, doubled or of characters that no boundary has: there is one answer."""
    with pytest.raises(InvalidForm) as caught:
        read_boundary([content_type])
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("content_types", [[], ["multipart/form-data; boundary=a"] * 2])
def test_content_type_comes_once(content_types: list[str]) -> None:
    """Of two fields, somebody in front may have taken the other one."""
    with pytest.raises(InvalidForm, match="Content-Type fields, and one is due"):
        read_boundary(content_types)
