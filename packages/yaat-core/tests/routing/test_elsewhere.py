"""Names of other frameworks: whoever looks for them is told what to write."""

import re

import pytest

from yaat import Middleware, Request, Router, Yaat
from yaat.exceptions import ConfigurationError
from yaat.routing.elsewhere import ADVICE


@pytest.mark.parametrize("name", ADVICE)
@pytest.mark.parametrize("kind", [Yaat, Router])
def test_a_name_from_elsewhere_is_not_there_and_says_what_is(kind: type[Router], name: str) -> None:
    """It raises what Python raises, so that `hasattr` says no, on the class and on its instances."""
    with pytest.raises(AttributeError, match=rf"^{kind.__name__} has no '{name}'\. {re.escape(ADVICE[name])}$"):
        getattr(kind(), name)
    assert not hasattr(kind, name)


def test_what_is_advised_is_there() -> None:
    """Each method that an advice names with its arguments is one."""
    app = Yaat(autoload=False)
    named = {name for advice in ADVICE.values() for name in re.findall(r"(?:@app\.| )([a-z_]+)\(", advice)}
    assert {name for name in named if not callable(getattr(app, name, None))} == set()
    assert {"mount", "route", "add_route", "websocket_route", "exception_handler", "add_middleware"} <= named


def test_a_subclass_may_use_the_names() -> None:
    """They are free: a method or an attribute of that name is what its author has made it."""

    class Shop(Yaat):
        def run(self) -> str:
            return "runs"

    shop = Shop(autoload=False)
    vars(shop)["websocket"] = 5
    assert (shop.run(), shop.websocket) == ("runs", 5)  # type: ignore[attr-defined]  # it is set above


def test_what_a_property_lacks_is_not_hidden() -> None:
    """An attribute that is missing inside a property is told as the one that is missing."""

    class Shop(Yaat):
        @property
        def price(self) -> int:
            return self.cost  # type: ignore[attr-defined, no-any-return]  # that is the mistake

    with pytest.raises(AttributeError, match="'cost'"):
        _ = Shop(autoload=False).price


def test_the_list_of_middleware_is_no_decorator() -> None:
    """It is a list like any other, but for its message when it is called."""

    def around(request: Request) -> None: ...

    app = Yaat(autoload=False, middleware=[Middleware(around)])
    assert [each.factory for each in app.middleware] == [around]
    with pytest.raises(ConfigurationError, match=r"no decorator\. Write middleware, .*add_middleware"):
        app.middleware("http")
    with pytest.raises(ConfigurationError, match=r"no decorator"):
        app.middleware(around)
