"""This file is reverse routing: from the name of a route and its parameters to a path."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..exceptions import RouteConflict, UnknownRoute
from ..provenance import format_origin
from ..query import format_query
from ..records import PathConverter
from ..similar import find_similar
from ..url import URL, encode_path
from .hosts import parse_host_template
from .placement import PlacedRoute
from .template import Parameter, Segment

Converters = Mapping[str, PathConverter]


class NameTable:
    """The routes of an app by name.

    Args:
        routes: All of them.
        converters_of: The path converters of the app that a route belongs to.
    """

    def __init__(self, routes: Iterable[PlacedRoute], converters_of: Callable[[PlacedRoute], Converters]) -> None:
        #: By name, and then by form: routes of one form differ in their methods alone, so the first stands for all.
        self._routes: dict[str, dict[str, PlacedRoute]] = {}
        self._converters_of = converters_of
        for placed in routes:
            self._routes.setdefault(placed.name, {}).setdefault(_format_form(placed), placed)

    def url_for(self, name: str, /, **parameters: Any) -> URL:
        """Return the path of the route called *name*; parameters that its path does not have become the query.

        Raises:
            UnknownRoute: No route has that name, parameters are missing or have the wrong form, or several routes fit.
        """
        routes = self._routes.get(name)
        if not routes:
            raise UnknownRoute(self._explain_unknown(name))
        forms = {form: (placed, _list_names(placed)) for form, placed in routes.items()}
        fitting = {form: item for form, item in forms.items() if all(n in parameters for n in item[1])}
        if not fitting:
            wanted = " or ".join(", ".join(names) for _, names in forms.values())
            given = ", ".join(parameters) or "nothing"
            raise UnknownRoute(f"The route {name!r} at {' or '.join(forms)} needs {wanted}; given: {given}.")
        most = max(len(names) for _, names in fitting.values())
        best = [placed for placed, names in fitting.values() if len(names) == most]
        if len(best) > 1:
            raise UnknownRoute(
                f"Several routes are called {name!r}: {', '.join(fitting)}. Give them different names with name=."
            )
        return self._build(best[0], parameters)

    def _build(self, placed: PlacedRoute, parameters: Mapping[str, Any]) -> URL:
        """Return the URL of *placed*."""
        converters = self._converters_of(placed)
        segments = [_format_segment(segment, parameters, converters, placed) for segment in placed.template.segments]
        names = _list_names(placed)
        rest = {key: value for key, value in parameters.items() if key not in names}
        return URL(path="/" + "/".join(segments), host=_format_host(placed, parameters), query=format_query(rest))

    def _explain_unknown(self, name: str) -> str:
        """Return the message for a name that no route has."""
        similar = find_similar(name, self._routes)
        known = ", ".join(sorted(self._routes)[:20]) or "none"
        hint = f"Did you mean {similar!r}?" if similar else f"Known names: {known}."
        return f"No route is called {name!r}. {hint}"


def check_names(routes: Iterable[PlacedRoute]) -> None:
    """Refuse what `url_for` could not tell apart.

    Raises:
        RouteConflict: Two routes at different paths were given the same name.
    """
    named: dict[str, PlacedRoute] = {}
    for placed in routes:
        other = named.setdefault(placed.name, placed) if placed.route.name else placed
        if other is not placed and _format_form(other) != _format_form(placed):
            raise RouteConflict(_explain_double(other, placed), (other.route.owner, placed.route.owner))


def _list_names(placed: PlacedRoute) -> list[str]:
    """Return the names of the parameters that the host and the path of a route have."""
    host = parse_host_template(placed.host).parameters if placed.host else []
    return [*host, *(parameter.name for parameter in placed.template.parameters)]


def _format_form(placed: PlacedRoute) -> str:
    """Return where a route is, whatever its converters."""
    return f"{placed.host or ''}{placed.template.change_parameters(lambda p: Parameter(p.name))}"


def _format_segment(
    segment: Segment, parameters: Mapping[str, Any], converters: Converters, placed: PlacedRoute
) -> str:
    """Return *segment* with the values of its parameters."""
    texts: list[str] = []
    for index, piece in enumerate(segment):
        if isinstance(piece, str):
            texts.append(encode_path(piece))
            continue
        # A value ends where the literal after it first occurs, unless that literal is the last of the segment.
        end = segment[index + 1] if index + 2 < len(segment) else ""
        texts.append(_format_value(piece, parameters[piece.name], str(end), converters, placed))
    return "".join(texts)


def _format_value(parameter: Parameter, value: Any, end: str, converters: Converters, placed: PlacedRoute) -> str:
    """Return *value* as it stands in the path, having checked that the route would read it back.

    Args:
        end: The literal that comes next and ends the value.
    """
    converter = converters[parameter.converter or "str"]
    is_path = converter.name == "path"
    try:
        text = converter.format(value)
        converter.parse(text)
        if not (text or is_path) or (end and (text + end).find(end) < len(text)):
            raise ValueError(text)
    except (ValueError, TypeError, AttributeError) as error:
        raise UnknownRoute(
            f"{parameter.name}={value!r} does not fit {parameter} of the route {placed.name!r} at {placed.template}."
        ) from error
    return encode_path(text, safe="/" if is_path else "")


def _format_host(placed: PlacedRoute, parameters: Mapping[str, Any]) -> str:
    """Return the host of a route with the values of its parameters, or an empty text for any host."""
    if placed.host is None:
        return ""
    template = parse_host_template(placed.host)
    try:
        return template.format(parameters)
    except ValueError as error:
        values = ", ".join(f"{name}={parameters[name]!r}" for name in template.parameters)
        raise UnknownRoute(f"{values} cannot be part of the host {placed.host!r} of {placed.name!r}.") from error


def _explain_double(first: PlacedRoute, second: PlacedRoute) -> str:
    """Return the message for a name that two routes were given."""
    lines = [f"Two routes are called {first.name!r}, so url_for cannot tell them apart."]
    lines += [f"    {one.template} {format_origin(one.route.owner, one.route.source)}" for one in (first, second)]
    return "\n".join([*lines, "Give one another name=, or name= the mount it is in."])
