"""This file is what stands around routes: the middleware of their app, routers and mounts, found once."""

from collections.abc import Iterable, Sequence
from typing import Any

from .asgi import ASGIApp
from .endpoint import make_app, respond_from
from .middleware import Loop, Respond, sort_middleware
from .place import BuiltPlace
from .records import Middleware
from .routing.placement import Layer
from .step import Step, make_step


class Surroundings:
    """The middleware of one build.

    Args:
        root: The app whose raw ASGI middleware stays outside, around everything.
    """

    def __init__(self, root: Any) -> None:
        self._root = root
        self._steps: dict[int, Any] = {}
        self._sorted: dict[int, list[Middleware]] = {}
        own = self._sort(Layer(router=root))
        #: The raw ASGI middleware of the root app, outermost first.
        self.outside = tuple(record for record in own if self.is_raw(record))
        self._inside = [record for record in own if not self.is_raw(record)]

    def is_raw(self, record: Middleware) -> bool:
        """Return whether *record* wraps an ASGI app, rather than being a step of a loop."""
        return not isinstance(self._step_of(record), Step)

    def list_middleware(
        self, layers: Sequence[Layer], own: Iterable[Middleware] = (), protocol: str = "http"
    ) -> tuple[Middleware, ...]:
        """Return what stands around a route below *layers* and has *own* middleware, outermost first."""
        inside = self.list_inside(layers, own, protocol)
        return (*(record for record in self.outside if protocol in record.protocols), *inside)

    def list_inside(
        self, layers: Sequence[Layer], own: Iterable[Middleware] = (), protocol: str = "http"
    ) -> list[Middleware]:
        """Return the same without what stays outside. A route's own is for its protocol, whatever it says."""
        chain = [record for layer in layers for record in self._list_layer(layer)]
        return [*(record for record in chain if protocol in record.protocols), *own]

    def list_own(self, app: Any) -> list[Middleware]:
        """Return the middleware of *app* alone, outermost first."""
        inside = self._list_layer(Layer(router=app))
        return [*self.outside, *inside] if app is self._root else [*inside]

    def list_steps(self, chain: Iterable[Middleware]) -> list[Step]:
        """Return what of *chain* is of the flat kind."""
        return [step for record in chain if isinstance(step := self._step_of(record), Step)]

    def surround(
        self, respond: Respond, chain: Sequence[Middleware], place: BuiltPlace, handler: Any = None
    ) -> Respond:
        """Return *respond* with *chain* around it; neighbours of the flat kind become one loop.

        Args:
            handler: What *respond* calls, for messages.
        """
        steps: list[Step] = []
        for record in reversed(chain):
            step = self._step_of(record)
            if isinstance(step, Step):
                steps.insert(0, step)
                continue
            respond = _flatten(steps, respond, place, handler)
            respond = respond_from(step(make_app(respond, place, handler)))
            steps, handler = [], None
        return _flatten(steps, respond, place, handler)

    def wrap(self, app: ASGIApp, chain: Sequence[Middleware]) -> ASGIApp:
        """Return *app* inside the raw ASGI middleware of *chain*."""
        for record in reversed(chain):
            step = self._step_of(record)
            app = app if isinstance(step, Step) else step(app)
        return app

    def _list_layer(self, layer: Layer) -> Sequence[Middleware]:
        """Return the middleware of *layer*, without what stays outside."""
        return self._inside if layer.router is self._root else self._sort(layer)

    def _sort(self, layer: Layer) -> list[Middleware]:
        """Return the middleware of *layer* in order: of an app's plugins, then its own, by what they ask."""
        owner: Any = layer.router or layer.mount
        if id(owner) not in self._sorted:
            parts = getattr(owner, "parts", None)
            of_plugins = parts.middleware if parts is not None else ()
            self._sorted[id(owner)] = sort_middleware([*of_plugins, *owner.middleware])
        return self._sorted[id(owner)]

    def _step_of(self, record: Middleware) -> Any:
        """Return what *record* is, made once."""
        key = id(record)
        if key not in self._steps:
            self._steps[key] = make_step(record)
        return self._steps[key]


def _flatten(steps: Sequence[Step], respond: Respond, place: BuiltPlace, handler: Any) -> Respond:
    """Return *respond* with *steps* around it, or as it is when there are none."""
    return Loop(steps, respond, handler, place).respond if steps else respond
