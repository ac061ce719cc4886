"""This file is the options of apps, routers and routes: a mistake in one is told where it is made."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from ..exceptions import ConfigurationError, RouteError
from ..provenance import find_caller
from ..similar import find_similar

T = TypeVar("T")

#: What `add_route` takes apart from metadata, to tell a misspelt option from metadata.
_KNOWN = (
    "methods",
    "name",
    "protocol",
    "middleware",
    "exception_handlers",
    "max_body_bytes",
    "on_disconnect",
    "host",
    "replaces",
)
#: What is an option elsewhere, and would be metadata here that nobody reads: a door left open, with some of them.
_ELSEWHERE = {
    "dependencies": "Let the handler take them: user: Annotated[User, Use(find_user)]. Or write middleware=[…].",
    "include_in_schema": "Write has_schema=False.",
    "openapi_extra": "Write openapi={…}.",
    "response_class": "Return a response of that class.",
    "response_model": "Annotate what the handler returns: -> Model.",
}


def check_metadata(path: str, metadata: Mapping[str, Any]) -> None:
    """Raise for metadata that is more likely meant as an option: nobody would ever read it.

    Raises:
        RouteError: Some is; the message names the line of the route.
    """
    for key in metadata:
        advice = _ELSEWHERE.get(key)
        if advice is None and (similar := find_similar(key, _KNOWN, cutoff=0.75)) is not None:
            advice = f"Did you mean {similar!r}?"
        if advice is not None:
            raise RouteError(f"Unknown option {key!r} of the route {path!r} at {find_caller()}. {advice}")


def check_number(name: str, value: Any, unit: str, *, least: int = 0, kinds: tuple[type[Any], ...] = (int,)) -> None:
    """Raise for what is no number from *least* up.

    Raises:
        ConfigurationError: It is none.
    """
    if value.__class__ is bool or not isinstance(value, kinds) or not value >= least:
        raise ConfigurationError(f"{name} is a number of {unit} from {least} up, not {value!r:.100}.")


def check_list(name: str, values: Iterable[T]) -> list[T]:
    """Return what an option has that takes several things; one alone is a common slip.

    Raises:
        ConfigurationError: It is no list.
    """
    given: Any = values
    if isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping | type):
        return list(values)
    told = getattr(given, "__qualname__", repr(given))
    raise ConfigurationError(f"{name}= takes a list such as [{told:.100}], not {told:.100}.")


def check_functions(name: str, values: Iterable[T]) -> list[T]:
    """Return the functions that an option has.

    Raises:
        ConfigurationError: It is no list, or not of functions.
    """
    functions = check_list(name, values)
    for function in functions:
        if not callable(function):
            raise ConfigurationError(f"{name}= takes functions, not {function!r:.100}.")
    return functions


def check_mapping(name: str, values: Any, example: str) -> None:
    """Raise for what is no mapping.

    Raises:
        ConfigurationError: It is none.
    """
    if not isinstance(values, Mapping):
        raise ConfigurationError(f"{name}= takes a mapping such as {example}, not {values!r:.100}.")


def check_choice(name: str, value: Any, choices: Iterable[Any]) -> None:
    """Raise for what is none of *choices*.

    Raises:
        ConfigurationError: It is none.
    """
    if not any(value is choice or (isinstance(value, str) and value == choice) for choice in choices):
        known = " or ".join(map(repr, choices))
        raise ConfigurationError(f"{name}= is {known}, not {value!r:.100}.")


def check_function(name: str, value: Callable[..., Any] | None) -> None:
    """Raise for what is neither a function nor `None`.

    Raises:
        ConfigurationError: It is something else.
    """
    if value is not None and not callable(value):
        raise ConfigurationError(f"{name}= takes a function, not {value!r:.100}.")
