"""Calling one hook implementation."""

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from yaat.plugins import BrokenPlugin, PluginErrors
from yaat.plugins.call import Call, stamp
from yaat.provenance import APP, Owner
from yaat.records import Middleware, PathConverter

TOY = Owner(plugin="toy", distribution="yaat-toy", version="1.2")
A = PathConverter(name="a", parse=str)
B = PathConverter(name="b", parse=str)


def call(function: Callable[..., Any], *parameters: str) -> Call:
    return Call(owner=TOY, hook="yaat_toys", function=function, parameters=parameters)


def records(result: object, expected: Any = PathConverter) -> Any:
    return call(lambda: result).read_records({}, expected)


def refuse(run: Callable[[], object]) -> str:
    with pytest.raises(BrokenPlugin) as caught:
        run()
    return str(caught.value)


def test_a_function_gets_the_arguments_that_it_names() -> None:
    """What it does not name is not passed, and what is not there is left to its default."""
    found = call(lambda app, depth=7: (app, depth), "app", "depth").run({"app": "shop", "routes": ()})
    assert found == ("shop", 7)


def test_what_a_hook_raises_bears_the_name_of_the_plugin() -> None:
    """The message has hook and line; the exception itself is the cause."""

    def fail() -> None:
        raise ValueError("no wheels")

    with pytest.raises(BrokenPlugin) as caught:
        call(fail).run({})
    assert isinstance(caught.value.__cause__, ValueError)
    assert str(caught.value).startswith(
        "Plugin 'toy' (yaat-toy 1.2) raised ValueError in its hook 'yaat_toys': no wheels.\n    at "
    )
    assert f"test_call.py:{fail.__code__.co_firstlineno + 1}\n" in str(caught.value)


def test_a_hook_that_cannot_be_called_is_shown_where_it_is_written() -> None:
    """No line of it ran, so its first line is named."""

    def fail(app: Any) -> None: ...

    assert f"test_call.py:{fail.__code__.co_firstlineno}\n" in refuse(lambda: call(fail).run({}))


def test_a_hook_that_exits_does_not_end_the_server() -> None:
    """`sys.exit` in a hook is a mistake like any other."""

    def leave() -> None:
        raise SystemExit(3)

    assert "raised SystemExit in its hook 'yaat_toys': 3" in refuse(lambda: call(leave).run({}))


def test_errors_of_further_hooks_keep_their_names() -> None:
    """A plugin that calls hooks of its own is not blamed for who implements them."""
    group = PluginErrors("m", [BrokenPlugin(Owner(plugin="doll"), "is broken", fix="Glue it.")])

    def pass_on() -> None:
        raise group

    with pytest.raises(PluginErrors) as caught:
        call(pass_on).run({})
    assert caught.value is group


@pytest.mark.parametrize(
    ("result", "expected"),
    [(None, None), (A, [A]), ([], []), ([A, B], [A, B]), ((A,), [A]), (iter([A]), [A]), ({"a": A}.values(), [A])],
)
def test_records_are_one_or_several_or_none(result: object, expected: list[PathConverter] | None) -> None:
    """A hook gives a record, any iterable of records, or `None`."""
    assert records(result) == expected


def test_records_are_of_one_of_several_kinds() -> None:
    """A hook may give records of more than one class."""
    assert records([A, 7], (PathConverter, int)) == [A, 7]


@pytest.mark.parametrize("result", [7, "ab", b"cd", {"a": A}, [A, "b"], [[A]], PathConverter])
def test_anything_else_is_refused(result: object) -> None:
    """Texts and mappings are not taken apart; the message shows what came and says what is due."""
    message = refuse(lambda: records(result))
    assert "Plugin 'toy' (yaat-toy 1.2) gave " in message
    assert " from its hook 'yaat_toys'" in message
    assert "test_call.py:" in message
    assert "Return PathConverter, or None." in message


def test_every_kind_that_would_do_is_named() -> None:
    """Where several classes are expected the message names all."""
    assert "Return PathConverter or Middleware, or None." in refuse(lambda: records(7, (PathConverter, Middleware)))


def test_a_hook_that_gives_nothing_gives_nothing() -> None:
    """Where nothing is expected, a result is a misunderstanding."""
    assert records(None, ()) is None
    assert "Return nothing." in refuse(lambda: records(A, ()))


def test_a_result_that_fails_while_it_is_read_is_the_plugins() -> None:
    """A generator expression runs only then."""
    assert "raised ZeroDivisionError" in refuse(lambda: records(1 / each for each in [0]))


def test_a_coroutine_is_refused_and_closed() -> None:
    """A plain function may return one by mistake; Python does not warn of it on top."""

    async def work() -> None: ...

    coroutine = work()
    assert "gave <coroutine object" in refuse(lambda: records(coroutine))
    assert inspect.getcoroutinestate(coroutine) == inspect.CORO_CLOSED


def test_an_answer_is_one_thing_or_none() -> None:
    """Several things are no answer."""
    assert call(lambda: A).read_answer({}, PathConverter) is A
    assert call(lambda: None).read_answer({}, PathConverter) is None
    assert "Return PathConverter, or None." in refuse(lambda: call(lambda: [A]).read_answer({}, PathConverter))


def test_a_record_is_stamped_with_its_owner() -> None:
    """The copy names the plugin; the record itself, which may be shared by apps, stays as it is."""
    stamped = stamp(A, TOY)
    assert (stamped.owner, stamped.name) == (TOY, "a")
    assert A.owner == APP


def test_a_record_with_a_constructor_of_its_own_is_stamped() -> None:
    """Options and the rest of the record are kept."""
    stamped = stamp(Middleware(dict, stage="edge", depth=1), TOY)
    assert (stamped.owner, stamped.stage, dict(stamped.options)) == (TOY, "edge", {"depth": 1})


@dataclasses.dataclass(frozen=True)
class Ownerless:
    name: str


@pytest.mark.parametrize("record", [7, "text", Ownerless("x")])
def test_what_keeps_no_owner_is_left_alone(record: object) -> None:
    """Hooks of plugins may give other things than records."""
    assert stamp(record, TOY) is record


def test_the_message_about_a_result_is_whole() -> None:
    """What came, cut after a hundred characters; where the hook is written; what to return."""
    result = list(range(100))

    def give() -> Any:
        return result

    lines = refuse(lambda: call(give).read_answer({}, PathConverter)).split("\n")
    assert lines[0] == f"Plugin 'toy' (yaat-toy 1.2) gave {str(result)[:100]} from its hook 'yaat_toys'."
    assert lines[1].endswith(f"test_call.py:{give.__code__.co_firstlineno}")
    assert lines[2] == "Return PathConverter, or None."


def test_the_message_about_what_was_raised_ends_with_the_ways_on() -> None:
    """The exception is printed too, and the plugin can be blocked."""
    message = refuse(lambda: call(lambda: 1 / 0).run({}))
    assert message.endswith(
        "\nThe traceback of that error is printed with this one.\n"
        'To go without it: Yaat(block=["toy"]), or YAAT_BLOCK=toy in the environment.'
    )


def test_the_message_about_a_result_of_a_hook_that_gives_nothing_is_short() -> None:
    """There is nothing to choose from."""
    assert "\nReturn nothing.\n" in refuse(lambda: records(7, ()))
