"""Whatever a client sends, it gets one well-formed answer, soon, and it is never a mistake of the app."""

import asyncio
import json
import time
from typing import Annotated, Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import Yaat
from yaat_typed import Form, Header, Query, TypedPlugin
from yaat_typed.mistakes import MAX_SEARCHED_BYTES, list_mistakes

from .conftest import exchange


class Part(msgspec.Struct):
    name: str
    size: float | None = None
    parts: "list[Part]" = []


def make_app() -> Yaat:
    app = Yaat(autoload=False, plugins=[TypedPlugin()])

    @app.get("/")
    async def read(
        n: int = 0,
        x: float | None = None,
        flags: list[bool] = [],  # noqa: B006 - nobody changes it
        q: Annotated[str, Query(max_length=3)] = "",
        x_count: Annotated[int | None, Header()] = None,
    ) -> Any:
        return [n, x, flags, q, x_count]

    @app.post("/")
    async def write(part: Part) -> Part:
        return part

    @app.put("/")
    async def fill(size: Annotated[int, Form()], tags: Annotated[list[int], Form()]) -> Any:
        return [size, tags]

    app.build()
    return app


APP = make_app()
TEXTS = st.text(alphabet="0123456789-+.eEinfaNx%&=[]_ ٣ä\x00", max_size=30)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["n", "x", "flags", "q", "z"]), TEXTS), max_size=5), TEXTS)
def test_any_query_and_header_is_answered(fields: list[tuple[str, str]], header: str) -> None:
    """With values, or with what is wrong with them."""
    query = "&".join(f"{name}={value}" for name, value in fields)
    count = header.encode("latin-1", "replace").decode("latin-1")
    answer = asyncio.run(exchange(APP, "GET /", query_string=query.encode(), headers=[("x-count", count)]))
    assert answer.status in (200, 422)
    assert answer.json


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "size", "parts", "x/~"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_any_json_is_answered(value: Any) -> None:
    """With the value, or with every mistake; each pointer leads to a value, or to the place where one is missing."""
    content = msgspec.json.encode(value)
    answer = asyncio.run(exchange(APP, "POST /", content, headers=[("content-type", "application/json")]))
    assert answer.status == (200 if is_part(content) else 422)
    for each in answer.json["errors"] if answer.status == 422 else ():
        follow(json.loads(content), each["pointer"], is_missing="missing" in each["detail"])


def is_part(content: bytes) -> bool:
    """Return whether msgspec takes *content* for a part."""
    try:
        msgspec.json.decode(content, type=Part)
    except msgspec.ValidationError:
        return False
    return True


def follow(value: Any, pointer: str, *, is_missing: bool) -> None:
    """Go where a pointer leads."""
    assert pointer.startswith("#")
    steps = pointer.split("/")[1:]
    for step in steps[:-1] if is_missing else steps:
        value = value[int(step)] if isinstance(value, list) else value[step.replace("~1", "/").replace("~0", "~")]
    if is_missing:
        assert steps[-1] not in value


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_answered(content: bytes) -> None:
    """As JSON and as a form."""
    answer = asyncio.run(exchange(APP, "POST /", content, headers=[("content-type", "application/json")]))
    assert answer.status in (200, 400, 422)
    form = [("content-type", "application/x-www-form-urlencoded")]
    assert asyncio.run(exchange(APP, "PUT /", b"size=" + content, headers=form)).status in (200, 422)


Wide = msgspec.defstruct("Wide", [(f"f{number}", int | None, None) for number in range(100)])


def test_the_search_for_mistakes_takes_time_linear_in_the_content() -> None:
    """Ten times the content takes far less than a hundred times the time, whatever it is."""

    def measure(count: int) -> float:
        start = time.process_time()
        assert list_mistakes([{"f0": 1}] * count + [{"f1": "x"}], list[Wide], "body")  # type: ignore[valid-type]  # it is one
        return time.process_time() - start

    assert len(msgspec.json.encode([{"f0": 1}] * 8000)) < MAX_SEARCHED_BYTES * 2
    assert min(measure(4000) for _ in range(3)) < 50 * min(measure(400) for _ in range(3))
