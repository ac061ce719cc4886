"""Content: JSON of a declared type."""

from typing import Annotated, Any

import pytest

from yaat import Yaat
from yaat_typed import Body

JSON = [("content-type", "application/json")]


def test_long_content_is_told_its_first_mistake_alone(app: Yaat, fetch: Any) -> None:
    """Looking for all would hold up everybody else."""

    @app.post("/")
    async def handler(values: dict[str, list[int]]) -> Any: ...

    content = b'{"a": [' + b"1, " * 40_000 + b'"x", "y"]}'
    answer = fetch(app, "POST /", content=content, headers=JSON)
    assert (answer.status, answer.mistakes) == (422, ["body #/.../40000 Expected `int`, got `str`"])


def test_malformed_content_is_told_line_and_column(app: Yaat, fetch: Any) -> None:
    """400, and not 422: it is no JSON at all."""

    @app.post("/")
    async def handler(values: dict[str, int]) -> Any: ...

    answer = fetch(app, "POST /", content=b'{"a": 1,\n "b": }', headers=JSON)
    assert (answer.status, answer.json["line"], answer.json["column"]) == (400, 2, 7)


def test_content_over_the_limit_is_refused(fetch: Any, app: Yaat) -> None:
    """The limits of the app hold."""

    @app.post("/", max_body_bytes=10)
    async def handler(values: dict[str, int]) -> Any: ...

    assert fetch(app, "POST /", content=b'{"abcdef": 1}', headers=JSON).status == 413


@pytest.mark.parametrize(("kind", "status"), [("application/json; charset=utf-8", 200), ("application/xml", 415)])
def test_the_content_type_counts(app: Yaat, fetch: Any, kind: str, status: int) -> None:
    """Parameters do not."""

    @app.post("/")
    async def handler(n: Annotated[int, Body()]) -> Any:
        return [n]

    assert fetch(app, "POST /", content=b"1", headers=[("content-type", kind)]).status == status


def test_json_without_its_type_is_refused_where_content_is_optional(app: Yaat, fetch: Any) -> None:
    """No content needs no type."""

    @app.post("/")
    async def handler(values: dict[str, int] | None = None) -> Any:
        return [values]

    assert fetch(app, "POST /", content=b"{}").status == 415
    assert fetch(app, "POST /").json == [None]
    assert fetch(app, "POST /", content=b"null", headers=JSON).json == [None]
