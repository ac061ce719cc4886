"""Values that are held to the type that a handler declares."""

from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

import msgspec
import pytest

from yaat.exceptions import ResponseError
from yaat.handler import examine
from yaat_typed.codec import encode
from yaat_typed.restriction import find_exact, make_filter


class Public(msgspec.Struct):
    name: str


class Secret(Public):
    password: str = "x"


class Holder(msgspec.Struct):
    inner: Public


class Row(TypedDict):
    name: str


@dataclass
class Counted:
    count: int = 0

    def __post_init__(self) -> None:
        self.count += 1


class Foreign:
    """An object of a database, say."""

    name = "Ada"
    password = "x"


async def handler() -> Any: ...


@pytest.mark.parametrize(
    ("declared", "is_exact"),
    [(Public, True), (Counted, True), (Holder, False), (Row, False), (list[Public], False), (Public | None, False)],
    ids=str,
)
def test_a_model_without_others_is_sent_as_it_is(declared: Any, is_exact: bool) -> None:
    """Nothing can be in it that is not declared."""
    assert (find_exact(declared) is declared) is is_exact


@pytest.mark.parametrize(
    ("declared", "value", "text"),
    [
        (Public, Secret("Ada"), b'{"name":"Ada"}'),
        (Public, Foreign(), b'{"name":"Ada"}'),
        (Public, {"name": "Ada", "password": "x"}, b'{"name":"Ada"}'),
        (list[Public | None], [Secret("Ada"), None], b'[{"name":"Ada"},null]'),
        (Row, {"name": "Ada", "password": "x"}, b'{"name":"Ada"}'),
        (Holder, Holder(Secret("Ada")), b'{"inner":{"name":"Ada"}}'),
        (Holder, {"inner": Foreign()}, b'{"inner":{"name":"Ada"}}'),
        (list[Counted], [Counted(), {}], b'[{"count":1},{"count":1}]'),
        (tuple[Counted, ...], (Counted(),), b'[{"count":1}]'),
        (Annotated[int, msgspec.Meta(ge=1)], 1, b"1"),
    ],
    ids=str,
)
def test_what_is_not_declared_is_left_out(declared: Any, value: Any, text: bytes) -> None:
    """Whatever the value is of."""
    assert encode(make_filter(examine(handler), declared)(value)) == text


@pytest.mark.parametrize(("declared", "value"), [(Public, {}), (Holder, {"inner": 1}), (list[Holder], [object()])])
def test_a_value_that_does_not_fit_is_a_mistake(declared: Any, value: Any) -> None:
    """The message names the handler and the value."""
    with pytest.raises(ResponseError, match="The handler handler .* returned .*, which is no .*: "):
        make_filter(examine(handler), declared)(value)
