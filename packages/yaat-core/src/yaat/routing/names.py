"""This file is reverse routing: from the name of a route and its parameters to a path."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from ..exceptions import RouteConflict, UnknownRoute
from ..records import PathConverter
from ..url import URL, encode_path
from .placement import PlacedRoute
from .template import Parameter

Converters = Mapping[str, PathConverter]


class NameTable:
    """The routes of an app by name.

    Args:
        routes: All of them.
        converters_of: The path converters of the app that a route belongs to.

    Raises:
        RouteConflict: Two routes at different paths were given the same name.
    """

    def __init__(self, routes: Iterable[PlacedRoute], converters_of: Callable[[PlacedRoute], Converters]) -> None:
        self._routes: dict[str, list[PlacedRoute]] = {}
        self._converters_of = converters_of
        for placed in routes:
            same = self._routes.setdefault(placed.name, [])
            for other in same:
                if other.template != placed.template and other.route.name and placed.route.name:
                    raise RouteConflict(
                        f"Two routes are called {placed.name!r}, so url_for cannot tell them apart.\n"
                        f"    {other.template} added at {other.route.source} by {other.route.owner}\n"
                        f"    {placed.template} added at {placed.route.source} by {placed.route.owner}\n"
                        "Give one another name=, or name= the mount it is in."
                    )
            same.append(placed)

    def url_for(self, name: str, /, **parameters: Any) -> URL:
        """Return the path of the route called *name*; parameters that its path does not have become the query.

        Raises:
            UnknownRoute: No route has that name, parameters are missing or have the wrong form, or several routes fit.
        """
        routes = self._routes.get(name)
        if not routes:
            similar = get_close_matches(name, self._routes, n=1)
            hint = (
                f"Did you mean {similar[0]!r}?"
                if similar
                else f"Known names: {', '.join(sorted(self._routes)[:20]) or 'none'}."
            )
            raise UnknownRoute(f"No route is called {name!r}. {hint}")
        fitting = {str(r.template): r for r in routes if all(p.name in parameters for p in r.template.parameters)}
        if not fitting:
            wanted = " or ".join(", ".join(p.name for p in r.template.parameters) for r in routes)
            raise UnknownRoute(
                f"The route {name!r} at {routes[0].template} needs {wanted}; "
                f"given: {', '.join(parameters) or 'nothing'}."
            )
        most = max(len(list(r.template.parameters)) for r in fitting.values())
        best = [r for r in fitting.values() if len(list(r.template.parameters)) == most]
        if len(best) > 1:
            raise UnknownRoute(
                f"Several routes are called {name!r}: {', '.join(fitting)}. Give them different names with name=."
            )
        return self._build(best[0], parameters)

    def _build(self, placed: PlacedRoute, parameters: Mapping[str, Any]) -> URL:
        """Return the URL of *placed*."""
        converters = self._converters_of(placed)
        segments = (
            "".join(
                _format(piece, parameters[piece.name], converters, placed)
                if isinstance(piece, Parameter)
                else encode_path(piece)
                for piece in segment
            )
            for segment in placed.template.segments
        )
        names = {parameter.name for parameter in placed.template.parameters}
        host, host_names = _fill_host(placed.host, parameters)
        rest = {key: value for key, value in parameters.items() if key not in names | host_names}
        url = URL(path="/" + "/".join(segments), host=host)
        return url.with_query(**rest) if rest else url


def _format(parameter: Parameter, value: Any, converters: Converters, placed: PlacedRoute) -> str:
    """Return *value* as it stands in the path, having checked that the route would read it back."""
    converter = converters[parameter.converter or "str"]
    text = converter.format(value)
    try:
        if not text and converter.name != "path":
            raise ValueError(text)
        converter.parse(text)
    except ValueError:
        raise UnknownRoute(
            f"{parameter.name}={value!r} does not fit {parameter} of the route {placed.name!r} at {placed.template}."
        ) from None
    return encode_path(text, safe="/" if converter.name == "path" else "")


def _fill_host(host: str | None, parameters: Mapping[str, Any]) -> tuple[str, set[str]]:
    """Return the host with its parameters filled in, and their names."""
    if host is None:
        return "", set()
    labels = host.split(".")
    names = {label[1:-1] for label in labels if label.startswith("{")}
    filled = [str(parameters.get(label[1:-1], label)) if label.startswith("{") else label for label in labels]
    return ".".join(filled), names
