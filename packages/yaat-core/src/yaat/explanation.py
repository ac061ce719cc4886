"""This file is the explanation of one request: the route that answers it, and who gave each part of the way there."""

from collections.abc import Iterator, Mapping
from typing import Any

from .provenance import CORE, Owner, Source
from .record import EMPTY, frozen
from .route_report import HandlerReport, MountReport, RouteReport


@frozen
class Explanation:
    """What answers a request, and who gave each part of it; `str()` of it is for people.

    Attributes:
        method: As it was asked for, in upper case.
        path: As it was asked for.
        route: `None` when no route matches.
        mount: When no route matches: the mounted ASGI app that is asked then.
        handler: Of that route, for the method.
        parameters: The values that the path gives.
        methods: When no route matches: the methods that would have matched.
        nearest: When none would have: the routes with the most similar paths.
    """

    method: str
    path: str
    route: RouteReport | None = None
    mount: MountReport | None = None
    handler: HandlerReport | None = None
    parameters: Mapping[str, Any] = EMPTY
    methods: tuple[str, ...] = ()
    nearest: tuple[RouteReport, ...] = ()

    def __str__(self) -> str:
        asked = f"{self.method} {self.path}"
        if self.route is None or self.handler is None:
            return "\n".join([asked, *_describe_miss(self)])
        return "\n".join([asked, *_describe(self.route, self.handler, self.parameters)])


def _describe(route: RouteReport, handler: HandlerReport, parameters: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines for a route that matches, from the outside in."""
    yield f"  is answered by the route {_title(route)}, {_origin(route.owner, route.source)}"
    for number, each in enumerate(route.around, 1):
        if number == 1:
            yield "  Middleware, outermost first:"
        yield f"    {number}. {each.name}, {_origin(each.owner, each.source)}"
        yield f"       {each.reason}"
    for name, converter in handler.converters.items():
        value = f" = {parameters[name]!r}" if name in parameters else ""
        yield f"  Path parameter {name}{value}: the converter {converter.name!r}, {_origin(converter.owner, None)}"
    yield from _describe_binding(handler)
    for owner in route.wrapped_by:
        yield f"  Wrapped by {owner}, in its hook 'yaat_wrap_endpoint'"
    yield f"  Handler: {handler.handler}"
    for index, answer in enumerate(route.exception_handlers):
        if index == 0:
            yield "  Exception handlers, in the order in which they are asked:"
        key = answer.key if isinstance(answer.key, int) else answer.key.__qualname__
        yield f"    {key}: {answer.name}, for {answer.place}, {_origin(answer.owner, answer.source)}"


def _describe_binding(handler: HandlerReport) -> Iterator[str]:
    """Yield a line for each argument that a resolver gives, and for who converts what is returned."""
    binding = handler.binding
    for one in binding.parameters.values() if binding else ():
        if one.argument is not None and one.name not in handler.converters:
            yield f"  Parameter {one.name}: the resolver {one.resolver!r}, {_origin(one.owner, None)}"
    if binding is not None and binding.returns is not None:
        converter = binding.returns[0]
        yield f"  Return value: the return converter {converter.name!r}, {_origin(converter.owner, None)}"


def _describe_miss(explanation: Explanation) -> Iterator[str]:
    """Yield the lines for a request that no route matches, with what there is."""
    mount = explanation.mount
    if mount is not None:
        yield "  matches no route, and is passed on to the app that is mounted"
        yield f"  at {mount.path}, {_origin(mount.owner, mount.source)}: {mount.app!r:.100}"
        return
    if explanation.methods:
        yield f"  is answered with 405: this path is there for {', '.join(explanation.methods)}."
        return
    yield "  matches no route."
    if not explanation.nearest:
        yield "  There are no routes."
        return
    yield "  There are, for example:"
    for route in explanation.nearest:
        yield f"    {_title(route)}, {_origin(route.owner, route.source)}"


def _title(route: RouteReport) -> str:
    """Return what a route answers, and its name."""
    host = f" for the host {route.host}" if route.host else ""
    return f"{','.join(route.methods) or route.protocol} {route.path}{host} ({route.name})"


def _origin(owner: Owner, source: Source | None) -> str:
    """Return who gave something, and where if that is known."""
    who = "the core" if owner == CORE else str(owner)
    return f"of {who}, added at {source}" if source else f"of {who}"
