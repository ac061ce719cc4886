"""The one helper that httpbin's tests call by themselves."""

from importlib import import_module
from typing import Any

parse_multi_value_header: Any = import_module("yaatbin.caching").read_etags
