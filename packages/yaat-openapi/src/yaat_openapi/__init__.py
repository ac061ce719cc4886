"""OpenAPI documents for Yaat: what an app answers, written down from its routes when it is built."""

from .command import export_document
from .options import OpenAPIOptions
from .plugin import OpenAPIPlugin
from .publication import Publication

#: The short name, for `Yaat(plugins=[OpenAPI(title="Shop")])`.
OpenAPI = OpenAPIPlugin

__all__ = ["OpenAPI", "OpenAPIOptions", "OpenAPIPlugin", "Publication", "export_document"]
