"""This file makes safe names of the filenames that clients send."""

import re
import unicodedata
from pathlib import PurePosixPath

#: The longest name that common file systems take (ext4, APFS, NTFS).
MAX_NAME_BYTES = 255
#: So much of a long name may be its ending; a longer one is no file type.
MAX_SUFFIX_BYTES = 32
#: The name of a file that has no usable one.
NAMELESS = "file"

#: What Windows refuses in names; the colon would open a stream beside the file (NTFS).
_RESERVED_CHARACTERS = re.compile(r'[<>:"|?*]')
#: Names that are devices on Windows, whatever their ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=[ ]*(?:\.|$))", re.IGNORECASE)
#: What Windows drops at the end of a name, what hides a file at its beginning, and blanks that look the same.
_EDGES = ". \t\u00a0\u3000"
#: What shows nothing, or changes how the rest is shown: controls, formats such as U+202E, surrogates, separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def make_safe_filename(filename: str | None) -> str:
    """Return a name that can be put behind a folder: it stays in it, and is a regular name on every system.

    It is the last component of *filename*, whatever kind of slash divides it, in composed Unicode, without what is
    invisible, without dots and blanks around it, and not too long. It is never empty. It need not be unique.

    Args:
        filename: As the client sent it; `None` or what leaves nothing gives `file`.
    """
    text = re.split(r"[/\\]", filename or "")[-1]
    text = "".join(character for character in text if unicodedata.category(character) not in _INVISIBLE)
    # Shortened before it is composed: that takes quadratic time for long runs of combining characters.
    text = unicodedata.normalize("NFC", _shorten(_RESERVED_CHARACTERS.sub("_", text)))
    text = _shorten(text.strip(_EDGES)).strip(_EDGES) or NAMELESS
    return _shorten(f"_{text}") if _DEVICE.match(text) else text


def _shorten(name: str) -> str:
    """Return *name* cut to `MAX_NAME_BYTES`, at the end of its stem rather than of its suffix."""
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    suffix = PurePosixPath(name).suffix
    if len(suffix.encode()) > MAX_SUFFIX_BYTES:
        suffix = ""
    stem = name.removesuffix(suffix).encode()[: MAX_NAME_BYTES - len(suffix.encode())]
    return stem.decode("utf-8", "ignore") + suffix
