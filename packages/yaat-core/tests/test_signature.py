"""Tests of what functions tell of themselves."""

import sys
from inspect import Parameter
from typing import Any

import pytest

from yaat import Middleware, Plugin, Request, Yaat, hookimpl
from yaat.handler import examine
from yaat.responses import TextResponse
from yaat.signature import read_signature

from .asgi_driver import ask

IS_LAZY = sys.version_info >= (3, 14)
lazy = pytest.mark.skipif(not IS_LAZY, reason="Until Python 3.14 annotations are evaluated with the function (PEP 649)")


def run(source: str, **names: Any) -> dict[str, Any]:
    """Return what *source* defines: code that Python before 3.14 does not get through."""
    made: dict[str, Any] = {"TextResponse": TextResponse, "Request": Request, **names}
    exec(source, made)
    return made


def test_what_can_be_evaluated_is() -> None:
    """A signature is as the standard library tells it."""

    def function(number: int, *, text: "str" = "x") -> float:
        return number / len(text)

    signature = read_signature(function)
    assert [each.annotation for each in signature.parameters.values()] == [int, "str"]
    assert (signature.return_annotation, signature.parameters["text"].default) == (float, "x")


@pytest.mark.parametrize("target", [5, None, dict.fromkeys("a")])
def test_what_has_no_signature_says_so(target: Any) -> None:
    """It is no function, and that is the caller's to tell."""
    with pytest.raises(TypeError):
        read_signature(target)


@lazy
def test_annotations_that_cannot_be_evaluated_are_texts() -> None:
    """All of the function are, as where `from __future__ import annotations` stands above it."""
    function = run("def function(thing: Nowhere, number: int, other: 'Text' = 1) -> list[Nowhere]: ...")["function"]
    parameters = read_signature(function).parameters
    assert [each.annotation for each in parameters.values()] == ["Nowhere", "int", "Text"]
    assert read_signature(function).return_annotation == "list[Nowhere]"


@lazy
@pytest.mark.parametrize("annotation", ["Nowhere", "int | 'Nowhere'", "print.nowhere"])
def test_whatever_an_annotation_raises_it_is_a_text(annotation: str) -> None:
    """A name that is not there is one mistake of many."""
    function = run(f"def function(thing: {annotation}): ...")["function"]
    assert read_signature(function).parameters["thing"].annotation == annotation


@lazy
def test_each_text_is_resolved_that_can_be() -> None:
    """What one annotation names in vain does not hide what the others name, global or local to the function around."""
    made = run(
        "def make():\n"
        "    class Local: ...\n"
        "    async def handler(request: Request, a: Local, b: Nowhere) -> int: ...\n"
        "    return handler, Local\n"
    )
    function, local = made["make"]()
    handler = examine(function)
    assert [each.annotation for each in handler.parameters] == [Request, local, "Nowhere"]
    assert handler.returns is int


@lazy
def test_what_only_type_checkers_know_hinders_nobody() -> None:
    """Handlers, views, middleware, error handlers, functions at start-up and hooks may all be annotated with it."""
    made = run(
        "async def index(request: Nowhere): raise ValueError\n"
        "async def answer(request: Nowhere, error: ValueError): return TextResponse('answered')\n"
        "class View:\n"
        "    def __init__(self, option: Nowhere = None): ...\n"
        "    async def get(self, request: Nowhere): return TextResponse('view')\n"
        "class Around:\n"
        "    def __init__(self, option: Nowhere = None): ...\n"
        "    def process_request(self, request: Nowhere): ...\n"
        "    def process_response(self, request: Nowhere, response: Nowhere): return response\n"
        "class Raw:\n"
        "    def __init__(self, app: Nowhere): self.app = app\n"
        "    async def __call__(self, scope: Nowhere, receive, send): await self.app(scope, receive, send)\n"
        "async def start(app: Nowhere): ...\n"
        "class Given(Plugin):\n"
        "    name = 'given'\n"
        "    def __init__(self, option: Nowhere = None): ...\n"
        "    @hookimpl\n"
        "    def yaat_app_built(self, app: Nowhere, report: Nowhere) -> None: ...\n",
        Plugin=Plugin,
        hookimpl=hookimpl,
    )
    app = Yaat(
        autoload=False,
        plugins=[made["Given"]()],
        middleware=[made["Raw"], Middleware(made["Around"])],
        on_startup=[made["start"]],
        exception_handlers={ValueError: made["answer"]},
    )
    app.add_route("/", made["index"])
    app.add_route("/view", made["View"])
    assert [ask(app, "GET", path).text for path in ("/", "/view")] == ["answered", "view"]


@lazy
def test_the_names_of_parameters_are_told_all_the_same() -> None:
    """What a function takes does not depend on what its annotations name."""
    parameters = read_signature(run("def function(a: Nowhere, /, b, *c: Nowhere): ...")["function"]).parameters
    kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD, Parameter.VAR_POSITIONAL)
    assert tuple(each.kind for each in parameters.values()) == kinds
