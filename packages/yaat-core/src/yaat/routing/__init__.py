"""This package is routing: collecting routes, placing them under their mounts, and finding one for a request."""

from .route import Mount, Route
from .router import Router
from .template import PathTemplate

__all__ = ["Mount", "PathTemplate", "Route", "Router"]
