"""Records: frozen, and with their owner."""

from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any

import pytest

from yaat import records
from yaat.exceptions import MiddlewareError
from yaat.provenance import APP
from yaat.records import STAGES, BodyParser, JSONCodec, Middleware, PathConverter

RECORDS = [each for each in vars(records).values() if is_dataclass(each) and each.__module__ == records.__name__]


class Stamp: ...


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_record_keeps_its_owner(record: Any) -> None:
    """Each record says who gave it; without an owner it is the app's."""
    [owner] = [field for field in fields(record) if field.name == "owner"]
    assert record is Middleware or owner.default is APP


def test_a_record_does_not_change() -> None:
    """Records are frozen."""
    converter = PathConverter(name="hex", parse=bytes.fromhex)
    with pytest.raises(FrozenInstanceError):
        converter.name = "other"  # type: ignore[misc]  # that is the point


def test_records_are_made_by_name() -> None:
    """Arguments of records are keywords, so that more can join them later."""
    with pytest.raises(TypeError):
        JSONCodec(bytes, bytes)  # type: ignore[call-arg]  # that is the point
    with pytest.raises(TypeError):
        BodyParser("text/csv", print)  # type: ignore[call-arg, arg-type]  # that is the point


def test_middleware_has_defaults() -> None:
    """Middleware is called like its factory, belongs to the last stage, and is for HTTP."""
    record = Middleware(Stamp, size=1)
    assert (record.name, record.stage, record.protocols, record.owner) == ("Stamp", "app", ("http",), APP)
    assert (record.before, record.after, dict(record.options)) == ((), (), {"size": 1})


def test_middleware_made_of_an_object_is_called_like_its_class() -> None:
    """An object has no name of its own."""
    assert Middleware(Stamp()).name == "Stamp"


def test_middleware_keeps_what_it_is_given() -> None:
    """Name, stage, order and protocols are kept; the lists are made tuples."""
    record = Middleware(Stamp, name="a", stage="edge", before=["b"], after=iter(["c"]), protocols=["websocket"])
    assert (record.name, record.stage) == ("a", "edge")
    assert (record.before, record.after, record.protocols) == (("b",), ("c",), ("websocket",))


@pytest.mark.parametrize("stage", ["first", "", "APP"])
def test_an_unknown_stage_is_refused(stage: Any) -> None:
    """The message lists the stages."""
    with pytest.raises(MiddlewareError, match=f"Unknown middleware stage {stage!r}.*{', '.join(STAGES)}"):
        Middleware(Stamp, stage=stage)


class Outermost:
    """Middleware that says where it belongs."""

    stage = "edge"

    def process_request(self, request: Any) -> None: ...


class Lost(Outermost):
    stage = "egde"


class Slotted:
    __slots__ = ("stage",)

    def process_request(self, request: Any) -> None: ...


@pytest.mark.parametrize(
    ("factory", "stage", "expected"),
    [
        (Outermost, None, "edge"),
        (Outermost(), None, "edge"),
        (Outermost, "security", "security"),
        (Lost, "app", "app"),
        (Stamp, None, "app"),
        (Slotted, None, "app"),
    ],
)
def test_middleware_may_say_itself_where_it_belongs(factory: Any, stage: Any, expected: str) -> None:
    """Who adds it has the last word."""
    assert Middleware(factory, stage=stage).stage == expected


def test_middleware_that_names_an_unknown_stage_is_refused() -> None:
    """As if it had been given."""
    with pytest.raises(MiddlewareError, match="Unknown middleware stage 'egde'"):
        Middleware(Lost)


def test_options_of_middleware_do_not_change() -> None:
    """The options of a record can be read and not written."""
    with pytest.raises(TypeError):
        Middleware(Stamp, size=1).options["size"] = 2  # type: ignore[index]  # that is the point
