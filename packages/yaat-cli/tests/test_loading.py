"""Importing the app, and why it cannot be."""

from collections.abc import Callable
from pathlib import Path

import pytest

from yaat_cli.errors import CommandFailed
from yaat_cli.finding import find_target
from yaat_cli.loading import load_app, load_built, load_or_fail, load_yaat

Write = Callable[[str, str], Path]


def load(option: str | None = None) -> object:
    """Return the app."""
    return load_or_fail(find_target(option))


@pytest.mark.parametrize("name", ["app", "application", "asgi", "shop"])
def test_an_app_is_found_by_its_usual_name_or_alone(write: Write, name: str) -> None:
    """A single Yaat app may have any name."""
    write("app.py", f"from yaat import Yaat\n{name} = Yaat()\n")
    assert load() is load(f"app:{name}")


def test_another_asgi_app_is_found_too(write: Write) -> None:
    """What cannot be asked can still be served."""
    write("app.py", "async def app(scope, receive, send): ...\n")
    assert callable(load())
    with pytest.raises(CommandFailed, match="which is no Yaat app.\nName the app that is inside of it"):
        load_yaat(find_target())


def test_a_factory_is_called(write: Write) -> None:
    """Parentheses say so."""
    write("app.py", "from yaat import Yaat\ndef make(): return Yaat()\ndef wrong(): return 7\n")
    assert load("app:make()").__class__.__name__ == "Yaat"
    with pytest.raises(CommandFailed, match="gave 7, and an ASGI app is due"):
        load("app:wrong()")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1", "app has no app.\nWrite app = Yaat\\(\\) in it"),
        ("def create_app(): ...", "app has no app.\nTo call create_app: --app 'app:create_app\\(\\)'"),
        ("def create_app(settings): ...", "app has no app.\nWrite app = Yaat\\(\\) in it"),
        ("from yaat import Yaat\none = Yaat()\ntwo = Yaat()", "has the apps one, two, .*\nName one: --app app:one"),
    ],
)
def test_no_app_or_several_are_refused(write: Write, source: str, message: str) -> None:
    """With what to write."""
    write("app.py", source)
    with pytest.raises(CommandFailed, match=message):
        load()


@pytest.mark.parametrize(("name", "option"), [("make", "shop:make"), ("app", "shop:app"), ("app", "shop")])
def test_a_factory_without_parentheses_is_told_where_they_belong(write: Write, name: str, option: str) -> None:
    """Served as it is, each request would fail: an app takes three arguments."""
    write("shop.py", f"from yaat import Yaat\ndef {name}(): return Yaat()\n")
    message = rf"shop:{name} is a function without arguments, and no app\.\nTo call it: --app 'shop:{name}\(\)'"
    with pytest.raises(CommandFailed, match=message):
        load(option)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("shpo:app", "There is no module 'shpo', which --app names.\nDid you mean 'shop'?"),
        ("shop:ap", "shop has no 'ap', which --app names.\nDid you mean 'app'?"),
        ("shop:number", "shop:number is 7, which is no app.\nDid you mean shop:app?"),
        ("shop.inner:app", "There is no module 'shop.inner'"),
    ],
)
def test_a_slip_in_a_name_is_noticed(write: Write, option: str, message: str) -> None:
    """Did you mean …?"""
    write("shop.py", "from yaat import Yaat\napp = Yaat()\nnumber = 7\n")
    with pytest.raises(CommandFailed) as caught:
        load(option)
    assert caught.value.message.startswith(message)


def test_a_number_in_a_module_without_app_says_to_write_one(write: Write) -> None:
    """There is nothing to suggest."""
    write("shop.py", "number = 7\n")
    with pytest.raises(CommandFailed, match=r"Write app = Yaat\(\) in it"):
        load("shop:number")


def test_an_app_that_fails_to_import_is_told_in_few_lines(write: Write) -> None:
    """The line of the user's own code, what happened, and what to do."""
    write("app.py", "import json\n\nvalue = json.loads('{')\n")
    with pytest.raises(CommandFailed) as caught:
        load()
    lines = caught.value.message.splitlines()
    assert lines[:3] == ["app cannot be imported.", "app.py:3 in <module>", "    value = json.loads('{')"]
    assert lines[3].startswith("JSONDecodeError: ")
    assert lines[-1] == "Mend that line first."


def test_a_missing_module_of_the_app_is_its_mistake(write: Write) -> None:
    """It is not mistaken for the app not being there."""
    write("app.py", "import nothing_of_that_name\n")
    with pytest.raises(CommandFailed, match="app cannot be imported"):
        load()


def test_an_app_that_ends_the_process_is_told_too(write: Write) -> None:
    """The command goes on after it."""
    write("app.py", "raise SystemExit(2)\n")
    with pytest.raises(CommandFailed, match="SystemExit: 2"):
        load()
    with pytest.raises(SystemExit):
        load_app(find_target())


def test_a_mistake_in_the_set_up_is_told_in_full(write: Write) -> None:
    """All that the core says."""
    write("app.py", "from yaat import Yaat\napp = Yaat(autoload=False, plugins=['nothing'])\n")
    with pytest.raises(CommandFailed, match=r"app cannot be built.\nplugins= names 'nothing'"):
        load_built(find_target())


def test_any_other_error_in_the_build_is_told_in_few_lines(write: Write) -> None:
    """Of the user's own code, with all that went wrong together."""
    source = """
    from yaat import Yaat
    def broken():
        raise ExceptionGroup("two", [ValueError("first"), KeyError("second")])
    app = Yaat(autoload=False)
    app.build = broken
    """
    write("app.py", source)
    with pytest.raises(CommandFailed, match="ValueError: first\n\nKeyError: 'second'"):
        load_built(find_target())


def test_what_an_app_prints_is_kept_out_of_what_a_command_prints(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """So that its JSON can be read."""
    write("app.py", "from yaat import Yaat\nprint('Hello')\napp = Yaat()\n")
    load()
    assert capsys.readouterr() == ("", "Hello\n")
