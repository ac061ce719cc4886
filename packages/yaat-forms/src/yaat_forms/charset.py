"""This file turns the bytes of a field into text.

The law here: a name of a charset that came from outside is never given to `codecs.lookup`. That would import modules,
keep every unknown name for ever, and offer codecs that are no charsets, some of them with quadratic time.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .exceptions import InvalidForm

#: Charsets that forms are sent in (https://encoding.spec.whatwg.org/#names-and-labels), by what Python calls them.
CHARSETS: Mapping[str, str] = MappingProxyType(
    {
        "utf-8": "utf-8",
        "utf8": "utf-8",
        "ascii": "ascii",
        "us-ascii": "ascii",
        "utf-16": "utf-16",
        "utf-16le": "utf-16-le",
        "utf-16be": "utf-16-be",
        "latin1": "iso8859-1",
        **{f"iso-8859-{part}": f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)},
        **{f"windows-{page}": f"cp{page}" for page in (874, *range(1250, 1259))},
        "koi8-r": "koi8-r",
        "koi8-u": "koi8-u",
        "big5": "big5",
        "euc-jp": "euc-jp",
        "euc-kr": "euc-kr",
        "gb18030": "gb18030",
        "gb2312": "gb18030",
        "gbk": "gbk",
        "iso-2022-jp": "iso2022-jp",
        "shift_jis": "cp932",
    }
)


def find_codec(charset: str) -> str:
    """Return what Python calls a charset.

    Raises:
        InvalidForm: It is none that forms are read in here.
    """
    codec = CHARSETS.get(charset.strip().lower())
    if codec is None:
        raise InvalidForm(f"The form has text in the charset {charset[:40]!r}, which is not read here. Send UTF-8.")
    return codec


def decode_text(content: bytes | bytearray, codec: str, name: str) -> str:
    """Return the text of a field.

    Args:
        content: Its bytes.
        codec: As `find_codec` gives it.
        name: Of the field, for the message.

    Raises:
        InvalidForm: It is no text in that charset.
    """
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise InvalidForm(
            f"The field {name[:100]!r} is no text in {codec.upper()}: at byte {error.start}, {error.reason}. "
            "Send what is no text as a file, with a filename."
        ) from None
