"""This file is who gives the arguments of a handler: the path, the request, or a resolver; or why nobody does."""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, get_origin

from .arguments import Argument, Conversion, Site
from .connection import Connection
from .exceptions import HandlerError
from .handler import Handler
from .provenance import CORE, Owner
from .record import frozen
from .records import ParameterResolver, ReturnConverter
from .similar import find_similar

BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
#: What may well be meant for the path; `empty` is no annotation.
_IN_PATHS = (inspect.Parameter.empty, Any, str, int, float, bool)
_STARS = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@frozen
class BoundParameter:
    """One parameter of a handler, and who gives its value.

    Attributes:
        name: Of the parameter.
        resolver: `request`, `path`, or the name of the resolver.
        owner: Whose resolver it is.
        argument: What the resolver answered; `None` for what the core gives.
    """

    name: str
    resolver: str
    owner: Owner = CORE
    argument: Argument | None = None


@lru_cache(maxsize=256)  # PERF: few names occur (figure "1,000 routes").
def _give(name: str, resolver: Literal["request", "path"]) -> BoundParameter:
    """Return a parameter that the core gives its value."""
    return BoundParameter(name=name, resolver=resolver)


def find_request(handler: Handler, site: Site) -> str | None:
    """Return the name of the parameter that takes the request.

    It is the one called `request` or annotated as one; else the first, if it is no path parameter, has no default and
    no annotation that says something else. The `*args` of a decorator that does not tell what it takes is a first one.
    For another connection than a request it is called by that class's name.
    """
    usual = site.given.__name__.lower()
    for parameter in handler.parameters:
        if takes_connection(parameter.annotation, site.given):
            return parameter.name
    candidates = [p for p in handler.parameters if p.name == usual and p.name not in site.converters]
    candidates += handler.parameters[:1]
    for parameter in candidates:
        is_plain = parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
        is_free = (
            parameter.name == usual
            or parameter.annotation in (parameter.empty, Any)
            or parameter.kind is parameter.VAR_POSITIONAL
        )
        if is_plain and is_free and parameter.name not in site.converters:
            return parameter.name
    return None


def takes_connection(annotation: Any, given: type[Connection[Any]]) -> bool:
    """Return whether a parameter with *annotation* takes what *given* is the class of."""
    kind = get_origin(annotation) or annotation
    if not isinstance(kind, type) or not issubclass(kind, Connection):
        return False
    return issubclass(kind, given) or issubclass(given, kind)


def resolve_parameters(handler: Handler, site: Site) -> dict[str, BoundParameter]:
    """Return who gives each parameter of *handler* its value; those are left out that keep their default.

    Raises:
        HandlerError: It takes something that nobody gives, or a resolver says that it cannot give it.
    """
    request_name = find_request(handler, site)
    bound: dict[str, BoundParameter] = {}
    for parameter in handler.parameters:
        if parameter.name == request_name:
            # One that would get the request for coming first alone is left to a resolver that knows it.
            usual = site.given.__name__.lower()
            is_sure = parameter.name == usual or takes_connection(parameter.annotation, site.given)
            resolver = None if is_sure else _find_resolver(parameter, handler, site, is_fallback=False)
            bound[parameter.name] = resolver or _give(parameter.name, "request")
        elif parameter.kind not in _STARS:
            found = _find_giver(parameter, handler, site)
            if found is not None:
                bound[parameter.name] = found
    return bound


def resolve_returns(handler: Handler, site: Site) -> tuple[ReturnConverter, Conversion] | None:
    """Return who converts what *handler* returns, and how; `None` where nobody does.

    Raises:
        HandlerError: Two want to, or one says that what it declares cannot be.
    """
    found: list[tuple[ReturnConverter, Conversion]] = []
    for record in site.return_converters:
        conversion = _ask(record, handler, handler, site)
        if conversion is not None:
            found.append((record, conversion))
    if len(found) > 1:
        raise _explain_second(found, f"The values that the handler {handler} returns are converted", site)
    return found[0] if found else None


def _find_giver(parameter: inspect.Parameter, handler: Handler, site: Site) -> BoundParameter | None:
    """Return who gives one parameter its value, or `None` for one that keeps its default.

    Raises:
        HandlerError: Nobody does, and it has no default; or two resolvers want to.
    """
    found = _find_resolver(parameter, handler, site, is_fallback=False)
    if found is None and parameter.name in site.converters and parameter.kind in BY_NAME:
        found = _give(parameter.name, "path")
    if found is None:
        found = _find_resolver(parameter, handler, site, is_fallback=True)
    if found is None and parameter.default is parameter.empty:
        raise HandlerError(_explain_unknown(handler, parameter, site))
    return found


def _find_resolver(
    parameter: inspect.Parameter, handler: Handler, site: Site, *, is_fallback: bool
) -> BoundParameter | None:
    """Return which resolver gives one parameter its value, if one does."""
    found: list[tuple[ParameterResolver, Argument]] = []
    for record in site.resolvers:
        if record.is_fallback is is_fallback:
            argument = _ask(record, parameter, handler, site)
            if argument is not None:
                found.append((record, argument))
    if len(found) > 1:
        raise _explain_second(found, f"{_tell(handler, parameter)}, which is resolved", site)
    for record, argument in found:
        return BoundParameter(name=parameter.name, resolver=record.name, owner=record.owner, argument=argument)
    return None


def _ask(record: ParameterResolver | ReturnConverter, subject: Any, handler: Handler, site: Site) -> Any:
    """Return what *record* answers for *subject*; what it objects to is told with the handler and the route."""
    try:
        return record.resolve(subject, site)
    except HandlerError as error:
        raise HandlerError(f"{_tell(handler, subject)}: {error}\n{site.where}") from error


def _tell(handler: Handler, subject: Any) -> str:
    """Return the beginning of a message about a handler, or about a parameter of it."""
    return f"The handler {handler}" + (f" takes {subject.name!r}" if subject is not handler else "")


def _explain_second(
    found: Sequence[tuple[ParameterResolver | ReturnConverter, Any]], what: str, site: Site
) -> HandlerError:
    """Return the error for two that have answered."""
    both = " and by ".join(f"{record.name!r} of {record.owner}" for record, _ in found[:2])
    return HandlerError(f"{what} by {both}.\n{site.where}\nSay which is meant, or block one plugin.")


def check_path(handler: Handler, bound: Mapping[str, BoundParameter], site: Site) -> None:
    """Check that *handler*, or what gives it arguments, takes every path parameter.

    Raises:
        HandlerError: It lacks one.
    """
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in handler.parameters):
        return
    inputs = [each for one in bound.values() if one.argument is not None for each in one.argument.inputs]
    taken = {one.name for one in bound.values()} | {each.name for each in inputs if each.place == "path"}
    own = [p.name for p in handler.parameters if p.kind in BY_NAME]
    for name in site.converters:
        if name not in taken:
            raise HandlerError(_explain_lacking(handler, name, own, site.where))


def _explain_unknown(handler: Handler, parameter: inspect.Parameter, site: Site) -> str:
    """Return the message for a parameter that nobody gives."""
    name, names = parameter.name, list(site.converters)
    gives = f"The path gives: {', '.join(names)}." if names else "The path has no parameters."
    if name in names:
        fix = "Names are needed: drop the '/'."
        return f"The handler {handler} takes {name!r} by position.\n{site.where}\n{gives} {fix}"
    similar = find_similar(name, names, cutoff=0.4)
    hint = f"Did you mean {similar!r}?" if similar else _hint_at(parameter, site)
    by_owner: dict[Owner, list[str]] = {}
    for record in site.resolvers:
        by_owner.setdefault(record.owner, []).append(record.name)
    asked = "; ".join(f"{', '.join(names)} of {owner}" for owner, names in by_owner.items())
    others = f"Asked too: {asked}." if asked else "For queries, headers and content: pip install yaat-typed"
    return f"The handler {handler} takes {name!r}, which nothing gives.\n{site.where}\n{gives} {hint}\n{others}"


def _hint_at(parameter: inspect.Parameter, site: Site) -> str:
    """Return what to do about a parameter that is called like nothing in the path."""
    name, kind = parameter.name, parameter.annotation
    if name == "self":
        return "This is a method: give the route that of an instance, or the whole class as a view."
    if site.resolvers and isinstance(kind, type) and kind not in _IN_PATHS:
        return f"None of those who were asked knows what to make of its type, {kind.__qualname__}."
    return f"Put {{{name}}} into the path, or give it a default."


def _explain_lacking(handler: Handler, name: str, own: Iterable[str], where: object) -> str:
    """Return the message for a path parameter that the handler lacks."""
    similar = find_similar(name, own, cutoff=0.4)
    hint = (
        f"Did you mean {name!r} where it takes {similar!r}?"
        if similar
        else f"Add a parameter {name!r}, or **path_params."
    )
    return f"The path gives {name!r}, but the handler {handler} does not take it.\n{where}\n{hint}"
