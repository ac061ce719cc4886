"""Cross-origin requests for Yaat: who may use an app, a router or a route from a page of another origin."""

from .decision import Preflight, Verdict, decide, decide_preflight
from .middleware import CORS
from .plugin import CORSPlugin
from .policy import Policy

#: Its name in Yaat 0.1.
CORSMiddleware = CORS

__all__ = [
    "CORS",
    "CORSMiddleware",
    "CORSPlugin",
    "Policy",
    "Preflight",
    "Verdict",
    "decide",
    "decide_preflight",
]
