"""This file is `yaat shell`: a Python prompt with the app, in which `await` works."""

import ast
import asyncio
import inspect
import sys
from code import InteractiveConsole
from collections.abc import Coroutine
from contextlib import suppress
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any

import click

from yaat import Yaat

from ..brief import format_brief
from ..errors import CommandFailed
from ..exchange import Received, Sent, run_lifespan, send_request
from ..finding import Target
from ..loading import build, load_or_fail
from ..options import app_option

_NAME = "<yaat shell>"
_FLAG = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


@click.command()
@click.option("-c", "--code", help="Run this instead of asking for lines.")
@app_option
def command(*, code: str | None, target: Target) -> None:
    """Open a Python prompt with `app` and `get`; the app is started, and `await` works."""
    statements = None if code is None else compile_code(code, target)
    app = load_or_fail(target)
    if isinstance(app, Yaat):
        build(app, target)
    with asyncio.Runner() as runner:
        lifespan = run_lifespan(app)
        state = runner.run(lifespan.__aenter__())
        console = AwaitingConsole(runner, make_names(app, runner, state))
        try:
            status = run_code(console, statements) if statements is not None else interact(console, target)
        finally:
            runner.run(lifespan.__aexit__(None, None, None))
    raise SystemExit(status)


def make_names(app: Any, runner: asyncio.Runner, state: dict[str, Any]) -> dict[str, Any]:
    """Return what the prompt knows."""

    def get(path: str, method: str = "GET") -> Received | Coroutine[Any, Any, Received]:
        """Return what the app answers; in a line that awaits, what gives it."""
        asking = send_request(app, Sent(path=path, method=method), state=state)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return runner.run(asking)
        return asking

    return {"__name__": "__console__", "app": app, "get": get, "state": state}


def compile_code(code: str, target: Target) -> list[CodeType]:
    """Return each statement of *code*, compiled by itself.

    Raises:
        CommandFailed: It is no Python.
    """
    # One statement after the other: in one that awaits, get() has to be awaited too, and most do not.
    try:
        statements = compile(code, _NAME, "exec", ast.PyCF_ONLY_AST | _FLAG).body
        return [compile(ast.Module([each], []), _NAME, "exec", _FLAG) for each in statements]
    except (SyntaxError, ValueError) as error:
        brief = format_brief(error, target.folder)
        raise CommandFailed(f"The code of -c cannot be compiled.\n{brief}", "Mend that line first.") from error


def run_code(console: "AwaitingConsole", statements: list[CodeType]) -> int:
    """Run *statements* until one fails, and return the exit status."""
    for statement in statements:
        if not console.has_failed:
            console.runcode(statement)
    return int(console.has_failed)


def interact(console: "AwaitingConsole", target: Target) -> int:
    """Ask for lines until there are no more, and return the exit status."""
    with suppress(ImportError):
        import_module("readline")  # With it, input() has a history; not every Python has it.
    version = sys.version.partition(" ")[0]
    console.interact(f"Python {version}. Here is {target} as app; try get('/') or await.", exitmsg="")
    return 0


class AwaitingConsole(InteractiveConsole):
    """A prompt whose lines may await.

    Args:
        runner: Where they are run.
        names: What they know.
    """

    def __init__(self, runner: asyncio.Runner, names: dict[str, Any]) -> None:
        super().__init__(names)
        self._runner = runner
        self._names = names
        self.compile.compiler.flags |= _FLAG
        self.has_failed = False

    def runcode(self, code: CodeType) -> None:
        """Run what was compiled; show what it raises, and go on."""
        try:
            result = FunctionType(code, self._names)()
            if inspect.iscoroutine(result):
                self._runner.run(result)
        except SystemExit:
            raise
        except BaseException:
            self.has_failed = True
            self.showtraceback()
