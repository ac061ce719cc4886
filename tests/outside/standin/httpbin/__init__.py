"""What httpbin's own tests import as `httpbin`: the example in its place, as the WSGI app that they take it for."""

from .core import app

__all__ = ["app"]
