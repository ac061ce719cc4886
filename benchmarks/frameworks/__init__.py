"""This package is one module per framework: a function per row, which makes an app.

The apps are written as the framework's own docs teach it. Each module also names its
``DISTRIBUTIONS``, whose versions are printed, and says in ``MISSING`` why it has no app for a row.
"""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

from messages import App
from row import Row

NAMES = (
    "yaat",
    "starlette",
    "fastapi",
    "litestar",
    "blacksheep",
    "falcon",
    "quart",
    "sanic",
    "muffin",
)


#: The rows whose raw app has a module of its own.
RAW_MODULES = {
    "json_model": "raw_json_model",
    "static": "raw_static",
    "template": "raw_template",
}


class Skipped(Exception):
    """There is no app for this row; the message says why."""


def make_raw_app(row: Row) -> App:
    """Return the raw app that *row* is measured against.

    Raises:
        Skipped: A package it needs is not installed.
    """
    name = row.baseline or row.name
    app: App = getattr(import_module(RAW_MODULES.get(name, "raw")), name)
    return app


def make_app(framework: str, row: Row) -> App:
    """Return the app of *framework* for *row*.

    Raises:
        Skipped: The framework has no such feature, or a package it needs is not installed.
    """
    module = import_module(f"frameworks.{framework}_app")
    if row.name in module.MISSING:
        raise Skipped(module.MISSING[row.name])
    try:
        app: App = getattr(module, row.name)()
    except ModuleNotFoundError as error:
        raise Skipped(f"the package {error.name} is not installed") from error
    return app


def import_module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise Skipped(f"the package {error.name} is not installed") from error


def find_versions(framework: str) -> dict[str, str]:
    """Return the versions of what *framework* is made of."""
    module = importlib.import_module(f"frameworks.{framework}_app")
    return {name: find_version(name) for name in module.DISTRIBUTIONS}


def find_version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed as a distribution"
