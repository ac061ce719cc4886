"""This file is arguments that are files of a form, as the package that reads forms gives them."""

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_origin

from yaat.arguments import Argument

from .annotation import Annotation, strip_none
from .fields import INVALID, describe_input
from .mistakes import refuse
from .sources import SOURCES

_MISSING: Any = inspect.Parameter.empty


def is_upload(kind: Any) -> bool:
    """Return whether a type is, by its name, a class of uploaded files, or a list of these.

    Which package reads forms is the app's choice, so none is asked for by its name.
    """
    kind = strip_none(kind)
    if get_origin(kind) is list:
        kind = get_args(kind)[0]
    return isinstance(kind, type) and kind.__name__ == "UploadFile"


def make_file(parameter: inspect.Parameter, annotation: Annotation) -> Argument:
    """Return how a file, or a list of files, is taken from the form."""
    marker: Any = annotation.marker
    name = marker.name if marker is not None and marker.name else parameter.name
    default = None if parameter.default is _MISSING and annotation.is_optional else parameter.default
    is_list = get_origin(strip_none(annotation.type)) is list
    told = describe_input("file", name, annotation, parameter.default, media_types=("multipart/form-data",))
    read = _make_reader(name, default, is_list=is_list)
    return Argument(source=SOURCES["form"], read=read, inputs=(told,), outputs=(INVALID,))


def _make_reader(name: str, default: Any, *, is_list: bool) -> Callable[[Any], Any]:
    """Return what takes the files of a name from a form."""

    def read(form: Any) -> Any:
        # A file input that nobody used sends a file without a name, which counts as none.
        files = [file for file in form.get_all(name) if isinstance(file, str) or file]
        if not files and default is not _MISSING:
            return default
        if not files:
            raise refuse("file", name, "Required, but missing")
        if any(isinstance(file, str) for file in files):
            raise refuse("file", name, "Expected a file, got a text")
        return files if is_list else files[-1]

    return read
