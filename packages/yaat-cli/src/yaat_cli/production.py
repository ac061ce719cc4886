"""This file is what servers import for `yaat run`: the app, with debug off whatever it says of itself."""

from typing import Any

from .finding import find_target
from .loading import load_app


def make_app() -> Any:
    """Return the app that the environment names."""
    return turn_debug_off(load_app(find_target()))


def turn_debug_off(app: Any) -> Any:
    """Return *app*, which shows nobody its source."""
    if getattr(app, "debug", False):
        app.debug = False
    return app
