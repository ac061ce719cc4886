"""Who gives the arguments of a handler."""

import inspect
import re
from collections.abc import Callable
from datetime import date
from textwrap import dedent
from typing import Any

import pytest

from yaat import Plugin, Request, Yaat, hookimpl
from yaat.arguments import Argument, Conversion, Input, Output, Site, Source
from yaat.binding import Binding, compile_binding, resolve
from yaat.connection import Connection
from yaat.exceptions import HandlerError
from yaat.handler import examine
from yaat.plugins.formats import Formats
from yaat.provenance import CORE, Owner
from yaat.records import ParameterResolver, ReturnConverter
from yaat.resolution import takes_connection
from yaat.threads import ThreadLimiter

from .asgi_driver import ask

THREADS = ThreadLimiter("tests", max_threads=1)
WHERE = "The route /x was added at a.py:1 by the app."
SHOP = Owner(plugin="shop", distribution="yaat-shop", version="1.0")
FIVE = Source(get=lambda connection: 5)


def resolver(name: str, *parameters: str, **options: Any) -> ParameterResolver:
    """Return a resolver for parameters of some names."""
    argument = Argument(source=FIVE, inputs=(Input(place="query", name=name, type=int),))
    return ParameterResolver(
        name=name,
        resolve=lambda parameter, site: argument if parameter.name in parameters else None,
        **{"owner": SHOP, **options},
    )


def look(
    function: Callable[..., Any], *resolvers: ParameterResolver, names: tuple[str, ...] = (), **more: Any
) -> Binding:
    site = Site(threads=THREADS, where=WHERE, converters=dict.fromkeys(names), resolvers=resolvers, **more)
    return resolve(examine(function), site)


def refuse(function: Callable[..., Any], *resolvers: ParameterResolver, **options: Any) -> str:
    with pytest.raises(HandlerError) as caught:
        look(function, *resolvers, **options)
    assert WHERE in str(caught.value)
    return str(caught.value)


async def handler(request: Request, id: str, user: Any, page: int = 1) -> None: ...


def test_each_parameter_is_given_by_one() -> None:
    """The request and the path by the core, others by resolvers; what nobody gives keeps its default."""
    binding = look(handler, resolver("users", "user"), names=("id",))
    assert {name: (one.resolver, one.owner) for name, one in binding.parameters.items()} == {
        "request": ("request", CORE),
        "id": ("path", CORE),
        "user": ("users", SHOP),
    }
    assert [each.name for each in binding.inputs] == ["users"]


def test_a_resolver_may_take_a_path_parameter_on() -> None:
    """It comes before the core, a fallback after it."""
    first, last = resolver("first", "id", "user"), resolver("last", "id", is_fallback=True)
    assert look(handler, first, last, names=("id",)).parameters["id"].resolver == "first"
    assert look(handler, last, resolver("users", "user"), names=("id",)).parameters["id"].resolver == "path"


def test_a_fallback_is_asked_for_what_nobody_else_wants() -> None:
    """Though it comes first in plugin order."""
    fallback = resolver("fallback", "user", is_fallback=True)
    assert look(handler, fallback, resolver("users", "user"), names=("id",)).parameters["user"].resolver == "users"
    assert look(handler, fallback, names=("id",)).parameters["user"].resolver == "fallback"


def test_a_resolver_may_take_what_has_a_default() -> None:
    """Then the default is its affair."""
    assert look(handler, resolver("all", "user", "page"), names=("id",)).parameters["page"].resolver == "all"


def test_a_resolver_sees_the_parameter_and_the_site() -> None:
    """The handler, too."""
    seen: list[Any] = []

    def see(parameter: inspect.Parameter, site: Site) -> Argument:
        seen.append((parameter.name, parameter.annotation, site.handler, site.where))
        return Argument(source=FIVE)

    binding = look(handler, ParameterResolver(name="see", resolve=see), names=("id",))
    assert seen == [(name, kind, binding.handler, WHERE) for name, kind in (("id", str), ("user", Any), ("page", int))]


def test_two_resolvers_of_one_parameter_are_refused() -> None:
    """The message names both, and what to do."""
    text = refuse(handler, resolver("one", "user"), resolver("two", "user"), names=("id",))
    assert "'one' of plugin 'shop' (yaat-shop 1.0) and by 'two' of plugin 'shop'" in text
    assert "takes 'user', which is resolved" in text
    assert "block one plugin" in text


def test_what_a_resolver_objects_to_is_told_with_the_parameter() -> None:
    """The handler, its line, and the route."""

    def object_to(parameter: inspect.Parameter, site: Site) -> None:
        raise HandlerError("it is too large.")

    text = refuse(handler, ParameterResolver(name="size", resolve=object_to), names=("id",))
    assert "handler (" in text
    assert "takes 'id': it is too large." in text


def test_a_parameter_that_nobody_gives_names_who_was_asked() -> None:
    """Every resolver, with its plugin."""
    text = refuse(handler, resolver("users"), names=("id",))
    assert "takes 'user', which nothing gives." in text
    assert "The path gives: id. Put {user} into the path, or give it a default." in text
    assert "Asked too: users of plugin 'shop' (yaat-shop 1.0)." in text


class Model: ...


async def takes_model(request: Request, model: Model) -> None: ...


def test_a_type_that_nobody_knows_is_named() -> None:
    """Who was asked may know other types; the path would give no such value, so it is not spoken of."""
    text = refuse(takes_model, resolver("users"))
    assert "None of those who were asked knows what to make of its type, Model.\nAsked too: users of" in text
    assert "Put {model}" not in text
    assert "Put {model} into the path" in refuse(takes_model)


class Shop:
    async def show(self, request: Request) -> None: ...


def test_a_method_without_its_instance_is_told() -> None:
    """What a decorator in the body of a class sees is a function that takes `self`."""
    text = refuse(Shop.show)
    assert "takes 'self', which nothing gives." in text
    assert "This is a method: give the route that of an instance, or the whole class as a view." in text


def test_without_resolvers_the_message_says_what_to_install() -> None:
    """The core gives the request and the path alone."""
    assert "For queries, headers and content: pip install yaat-typed" in refuse(handler, names=("id",))


def test_a_path_parameter_may_be_taken_by_what_gives_an_argument() -> None:
    """A dependency that takes it, for instance."""
    argument = Argument(source=FIVE, inputs=(Input(place="path", name="id", type=int),))

    async def takes_item(item: Any = None) -> None: ...

    record = ParameterResolver(name="item", resolve=lambda parameter, site: argument)
    assert look(takes_item, record, names=("id",)).parameters["item"].argument is argument
    assert "path gives 'id'" in refuse(takes_item, names=("id",))


async def by_position(a: Any = 1, b: Any = 2, /) -> None: ...


def test_what_is_given_by_position_cannot_follow_what_is_left_out() -> None:
    """There would be a gap."""
    binding = look(by_position, resolver("b", "b"))

    with pytest.raises(HandlerError, match="takes 'b' by position alone"):
        compile_binding(binding, Site(threads=THREADS, where=WHERE))


class Other(Connection[Any]): ...


@pytest.mark.parametrize(
    ("annotation", "given", "is_taken"),
    [
        (Request, Request, True),
        (Connection, Request, True),
        (Request[Any], Request, True),
        (Request, Other, False),
        (Connection, Other, True),
        (int, Request, False),
        (Any, Request, False),
    ],
    ids=["that very one", "any", "generic", "of another", "any for another", "a number", "anything"],
)
def test_a_connection_is_given_to_what_takes_any(annotation: Any, given: Any, is_taken: bool) -> None:
    """Or that very one, or a subclass of it; not to what takes one of another protocol."""
    assert takes_connection(annotation, given) is is_taken


# --- what is returned ---


def converter(name: str, conversion: Conversion | None) -> ReturnConverter:
    return ReturnConverter(name=name, resolve=lambda handler, site: conversion, owner=SHOP)


async def takes_nothing() -> None: ...


def test_one_converter_answers_for_a_handler() -> None:
    """Those that give nothing leave it alone."""
    answer = Output(status_code=201, type=int)
    conversion = Conversion(convert=str, outputs=(answer,))
    binding = look(takes_nothing, return_converters=[converter("a", None), converter("b", conversion)])
    assert binding.returns is not None
    assert (binding.returns[0].name, binding.outputs) == ("b", (answer,))


def test_two_converters_of_one_handler_are_refused() -> None:
    """The message names both."""
    conversions = [converter(name, Conversion(convert=str)) for name in ("a", "b")]
    text = refuse(takes_nothing, return_converters=conversions)
    assert "converted by 'a' of plugin 'shop' (yaat-shop 1.0) and by 'b' of plugin" in text


def test_outputs_are_told_once() -> None:
    """However many arguments lead to the same."""
    wrong = Output(status_code=422, type=dict)
    argument = Argument(source=FIVE, outputs=(wrong,))

    async def takes_two(a: Any = 1, b: Any = 1) -> None: ...

    binding = look(takes_two, ParameterResolver(name="all", resolve=lambda parameter, site: argument))
    assert binding.outputs == (wrong,)


# --- in an app ---


def make_example(hook: str) -> Plugin:
    """Return the plugin that the docstring of *hook* shows."""
    match = re.search(r"```python\n(.*?)```", inspect.getdoc(getattr(Formats, hook)) or "", re.DOTALL)
    assert match is not None
    names: dict[str, Any] = {}
    exec(compile(dedent(match[1]), f"<example of {hook}>", "exec"), names)
    (plugin,) = (each for each in names.values() if inspect.isclass(each) and issubclass(each, Plugin) and each.name)
    return plugin()


def test_the_example_of_a_resolver_gives_the_language() -> None:
    """What the request says, or a default."""
    app = Yaat(autoload=False, plugins=[make_example("yaat_register_parameter_resolvers")])

    @app.get("/")
    async def handler(language: str) -> str:
        return language

    assert ask(app, "GET", "/", headers=[("Accept-Language", "de")]).text == "de"
    assert ask(app, "GET", "/").text == "en"


def test_the_example_of_a_return_converter_writes_days() -> None:
    """Of handlers that declare to return one; others are left alone."""
    app = Yaat(autoload=False, plugins=[make_example("yaat_register_return_converters")])

    @app.get("/")
    async def handler() -> date:
        return date(2026, 1, 2)

    @app.get("/other")
    async def other() -> str:
        return "other"

    assert ask(app, "GET", "/").text == "2026-01-02"
    assert ask(app, "GET", "/other").text == "other"


class ShopPlugin(Plugin):
    """Gives `user`, says what it had to leave, and writes ints."""

    name = "shop"

    def __init__(self) -> None:
        self.log: list[str] = []

    @hookimpl
    def yaat_register_parameter_resolvers(self, app: Any) -> ParameterResolver:
        return ParameterResolver(name="user", resolve=self.resolve)

    @hookimpl
    def yaat_register_return_converters(self, app: Any) -> ReturnConverter:
        return ReturnConverter(name="int", resolve=self.convert)

    def resolve(self, parameter: inspect.Parameter, site: Site) -> Argument | None:
        if parameter.name != "user":
            return None
        return Argument(source=Source(get=self.enter, is_async=True, phase="access", has_exit=True))

    async def enter(self, request: Any) -> str:
        stack = request.scope["yaat.exits"]
        stack.push(lambda kind, error, traceback: self.log.append(f"left with {error!r}"))
        return "ada"

    def convert(self, handler: Any, site: Site) -> Conversion | None:
        return Conversion(convert=lambda value: f"{value:04}") if handler.returns is int else None


def test_an_app_uses_what_plugins_resolve_and_convert() -> None:
    """Values are given, answers are converted, and what was entered is left before the response is sent."""
    plugin = ShopPlugin()
    app = Yaat(autoload=False, plugins=[plugin])

    @app.get("/{id}")
    async def handler(request: Request, user: str, id: int) -> int:
        assert user == "ada"
        return id

    assert ask(app, "GET", "/7").text == "0007"
    assert plugin.log == ["left with None"]
    binding = app.report.routes[0].handlers["GET"].binding
    assert binding is not None
    assert str(binding.parameters["user"].owner) == "plugin 'shop'"


def test_plugins_around_a_handler_see_what_it_returned() -> None:
    """It is converted after they have seen it."""

    class Double(Plugin):
        name = "double"

        @hookimpl
        def yaat_wrap_endpoint(self, endpoint: Callable[[Any], Any]) -> Callable[[Any], Any]:
            async def doubled(request: Any) -> Any:
                return 2 * await endpoint(request)

            return doubled

    app = Yaat(autoload=False, plugins=[ShopPlugin(), Double()])

    @app.get("/{id}")
    async def handler(id: int) -> int:
        return id

    assert ask(app, "GET", "/7").text == "0014"


def test_what_was_entered_sees_the_error() -> None:
    """And is left whatever happens."""
    plugin = ShopPlugin()
    app = Yaat(autoload=False, plugins=[plugin])

    @app.get("/")
    async def handler(user: str) -> None:
        raise LookupError("gone")

    assert ask(app, "GET", "/").status == 500
    assert plugin.log == ["left with LookupError('gone')"]


def test_what_was_entered_cannot_hush_an_error_up(caplog: pytest.LogCaptureFixture) -> None:
    """There would be no response; the log names the handler and says what to do."""

    async def enter(request: Any) -> None:
        request.scope["yaat.exits"].push(lambda kind, error, traceback: True)

    class Hushing(ShopPlugin):
        def resolve(self, parameter: inspect.Parameter, site: Site) -> Argument:
            return Argument(source=Source(get=enter, is_async=True, has_exit=True))

    app = Yaat(autoload=False, plugins=[Hushing()])

    @app.get("/")
    async def handler(user: Any = None) -> None:
        raise LookupError

    assert ask(app, "GET", "/").status == 500
    assert "handler (" in caplog.text
    assert "has hushed that up. Raise the exception again after the clean-up." in caplog.text


def test_plugins_of_an_app_do_not_reach_into_the_one_around_it() -> None:
    """Each app has its own resolvers, wherever it is mounted."""
    inner, outer = Yaat(autoload=False, plugins=[ShopPlugin()]), Yaat(autoload=False)

    @inner.get("/x")
    async def handler(user: str) -> str:
        return user

    outer.mount("/shop", inner)
    assert ask(outer, "GET", "/shop/x").text == "ada"

    @(other := Yaat(autoload=False)).get("/")
    async def outside(user: str) -> str:
        return user

    other.mount("/shop", Yaat(autoload=False, plugins=[ShopPlugin()]))
    with pytest.raises(HandlerError, match="takes 'user', which nothing gives"):
        other.build()


def test_a_resolver_may_claim_the_first_parameter() -> None:
    """What would get the request for coming first alone is left to a resolver that knows it; `request` never is."""

    async def index(language, number=1):  # type: ignore[no-untyped-def]  # nothing says what they are
        """Say hello."""

    async def show(request):  # type: ignore[no-untyped-def]  # as above
        """Say hello."""

    first = look(index, resolver("languages", "language")).parameters
    assert first["language"].resolver == "languages"
    assert look(show, resolver("requests", "request")).parameters["request"].resolver == "request"
