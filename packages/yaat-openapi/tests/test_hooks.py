"""The hooks that this package adds, and what their documentation promises."""

import inspect
import re
import textwrap
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from yaat import Plugin, Yaat, hookimpl
from yaat_openapi.hooks import OpenAPIHooks

HOOKS = [name for name in vars(OpenAPIHooks) if name.startswith("yaat_")]
App = Callable[..., Yaat]
Read = Callable[[Yaat], Any]


async def index(request: Any) -> None:
    pass


def read_example(hook: str) -> str:
    """Return the code of the example that documents a hook."""
    found = re.search(r"```python\n(.*?)```", inspect.getdoc(getattr(OpenAPIHooks, hook)) or "", re.DOTALL)
    assert found, f"{hook} has no example"
    return textwrap.dedent(found[1])


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("section", ["Args:", "Returns:", "Order:", "Example:", "Added in yaat-openapi "])
def test_documentation_of_a_hook_is_complete(hook: str, section: str) -> None:
    """Each hook says what it is given, what it gives, in which order, and shows it."""
    assert section in (inspect.getdoc(getattr(OpenAPIHooks, hook)) or "")


@pytest.mark.parametrize("hook", HOOKS)
def test_example_of_a_hook_does_what_it_shows(hook: str, make_app: App, read_document: Read) -> None:
    """What the documentation shows is a plugin that adds to the document."""
    names: dict[str, Any] = {}
    exec(read_example(hook), names)
    [plugin] = [
        each for each in names.values() if isinstance(each, type) and issubclass(each, Plugin) and each is not Plugin
    ]
    app = make_app(plugin())
    app.add_route("/limited", index, limit=3)
    app.add_route("/free", index)

    @app.post("/price", responses={200: Decimal})
    async def price(request: Any) -> None:
        pass

    document = read_document(app)
    if hook == "yaat_openapi_operation":
        assert "429" in document["paths"]["/limited"]["get"]["responses"]
        assert "429" not in document["paths"]["/free"]["get"]["responses"]
    elif hook == "yaat_openapi_schema":
        content = document["paths"]["/price"]["post"]["responses"]["200"]["content"]
        assert content["application/json"]["schema"] == {"type": "string", "format": "decimal"}
    else:
        assert document["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}


def test_each_plugin_is_given_what_the_one_before_left(make_app: App, read_document: Read) -> None:
    """What a plugin returns takes the place of what it was given."""

    class Adder(Plugin):
        def __init__(self, name: str) -> None:
            self.name = name

        @hookimpl(optionalhook=True)
        def yaat_openapi_operation(self, operation: dict[str, Any]) -> dict[str, Any]:
            return {**operation, "summary": f"{operation['summary']} {self.name}"}

        @hookimpl(optionalhook=True)
        def yaat_openapi_document(self, document: dict[str, Any]) -> dict[str, Any]:
            return {**document, "x-names": [*document.get("x-names", ()), self.name]}

    app = make_app(Adder("one"), Adder("two"))
    app.add_route("/", index)
    document = read_document(app)
    assert document["paths"]["/"]["get"]["summary"] == "Index one two"
    assert document["x-names"] == ["one", "two"]
