"""Typed handlers for Yaat: what a signature declares is what a handler gets, and what a client is answered."""

from .codec import decode, encode
from .injection import AppConnection, inject
from .markers import Body, Cookie, File, Form, FromState, Header, Path, Query, Use
from .plugin import Typed, TypedPlugin

__all__ = [
    "AppConnection",
    "Body",
    "Cookie",
    "File",
    "Form",
    "FromState",
    "Header",
    "Path",
    "Query",
    "Typed",
    "TypedPlugin",
    "Use",
    "decode",
    "encode",
    "inject",
]
__version__ = "0.2.0"
