"""This file is what other frameworks call things: whoever looks for them here is told what to write."""

from typing import Any, NoReturn

from ..exceptions import ConfigurationError
from ..records import Middleware

_MIDDLEWARE = "Write middleware, such as a class with process_request or process_response: add_middleware(it)."
_MOUNT = "Mount it: mount(prefix, router)."
_START = "Write @app.on_startup, @app.on_shutdown, or Yaat(lifespan=…)."
_ERRORS = "Write @app.exception_handler(404), or with an exception class."
_ROUTE = "Write @app.route(path, methods=[…]), or add_route(path, handler)."

#: What to write instead, by the name elsewhere.
ADVICE = {
    "add_api_route": _ROUTE,
    "add_event_handler": _START,
    "add_url_rule": _ROUTE,
    "after_request": _MIDDLEWARE,
    "api_route": _ROUTE,
    "before_request": _MIDDLEWARE,
    "dependency_overrides": "In tests: with client.override(resolvers=[…]).",
    "errorhandler": _ERRORS,
    "include_router": _MOUNT,
    "on_event": _START,
    "register_blueprint": _MOUNT,
    "register_error_handler": _ERRORS,
    "run": "A server runs it: yaat run, or any that speaks ASGI, such as uvicorn.",
    "teardown_request": _MIDDLEWARE,
    "test_client": "Write yaat_testclient.TestClient(app).",
    "websocket": "Write @app.websocket_route(path).",
}


class _Elsewhere:
    """An attribute that is not there. A `__getattr__` would hide what a property of a subclass lacks."""

    def __init__(self, name: str, advice: str) -> None:
        self._name = name
        self._advice = advice

    def __get__(self, instance: Any, owner: type) -> NoReturn:
        """Raise, with what to write instead.

        Raises:
            AttributeError: Always.
        """
        raise AttributeError(f"{owner.__name__} has no {self._name!r}. {self._advice}")


class Familiar:
    """A base of what people who come from another framework look for its names on."""


for _name, _advice in ADVICE.items():  # Type checkers, which do not see this, find out by themselves.
    setattr(Familiar, _name, _Elsewhere(_name, _advice))


class MiddlewareList(list[Middleware]):
    """What was added, outermost first."""

    def __call__(self, *arguments: Any) -> NoReturn:
        """Raise for what is a decorator elsewhere.

        Raises:
            ConfigurationError: Always.
        """
        raise ConfigurationError(f"'middleware' is the list of what was added, and no decorator. {_MIDDLEWARE}")
