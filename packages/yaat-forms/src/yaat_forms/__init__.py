"""Forms for Yaat: fields and uploaded files, whole or as they arrive, within limits."""

from .exceptions import InvalidForm, PartTooLarge, TooManyParts
from .form import Form
from .limits import FormLimits
from .parts import Part, Parts
from .plugin import FormsPlugin
from .reader import FormReader
from .upload import UploadFile

#: The short name, for `Yaat(plugins=[Forms(max_files=3)])`.
Forms = FormsPlugin

__all__ = [
    "Form",
    "FormLimits",
    "FormReader",
    "Forms",
    "FormsPlugin",
    "InvalidForm",
    "Part",
    "PartTooLarge",
    "Parts",
    "TooManyParts",
    "UploadFile",
]
