"""Paths as OpenAPI writes them."""

import pytest

from yaat_openapi.path import parse_path


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("/", "/", ()),
        ("/items/{id:int}", "/items/{id}", ("id",)),
        ("/{a}/{b:uuid}/", "/{a}/{b}/", ("a", "b")),
        ("/files/{name}.{kind}", "/files/{name}.{kind}", ("name", "kind")),
        ("/café/a b", "/caf%C3%A9/a%20b", ()),
    ],
)
def test_path_loses_its_converters_and_is_encoded(path: str, text: str, names: tuple[str, ...]) -> None:
    """A path of the document can be put behind the URL of a server as it is."""
    parsed = parse_path(path)
    assert (parsed.text, parsed.names) == (text, names)


def test_shape_leaves_out_the_names() -> None:
    """Two paths that differ in names alone are the same to OpenAPI (OpenAPI 3.1 §4.8.8.2)."""
    assert parse_path("/items/{id:int}").shape == parse_path("/items/{name}").shape == "/items/{}"
