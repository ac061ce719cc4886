"""The example that has httpbin's API, with a document of it."""

from importlib import import_module

from yaat import Yaat
from yaat_openapi import OpenAPI

app = Yaat(autoload=False, plugins=[OpenAPI(title="httpbin")])
app.mount("/", import_module("app").app)
