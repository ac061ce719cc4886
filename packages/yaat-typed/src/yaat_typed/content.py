"""This file is arguments that are the whole content: JSON of a declared type, or bytes as they are."""

import inspect
import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import msgspec

from yaat.arguments import Argument, InvalidInput, Output, Source
from yaat.exceptions import BadRequest, HandlerError, UnsupportedMediaType
from yaat.json_codec import MAX_DEPTH, InvalidJSON, decode_json
from yaat.media_type import is_json

from .annotation import Annotation, describe_type, holds
from .codec import is_shallow
from .completion import find_completer, refuse_computed
from .fields import INVALID, describe_input
from .mistakes import MAX_SEARCHED_BYTES, list_first, list_mistakes
from .objection import find_objection
from .whole import Mend, find_mender, leave

JSON = "application/json"
_PROBLEM = "application/problem+json"
MALFORMED = Output(status_code=400, type=dict[str, Any], description="The content is malformed", media_type=_PROBLEM)
WRONG_TYPE = Output(status_code=415, type=dict[str, Any], description="The content is not JSON", media_type=_PROBLEM)
#: Reads numbers with a fraction without loss, and writes them so.
_decode_exactly = msgspec.json.Decoder(float_hook=Decimal).decode
_encode_exactly = msgspec.json.Encoder(decimal_format="number").encode
_BOM = b"\xef\xbb\xbf"
#: What `Decimal` takes for infinite or no number at all, escaped or not.
_INFINITE = re.compile(rb"(?i)nan|inf|\\u")
_MISSING: Any = inspect.Parameter.empty


def make_body(parameter: inspect.Parameter, annotation: Annotation) -> Argument:
    """Return how *parameter* is read from the content.

    Raises:
        HandlerError: msgspec cannot read its type.
    """
    told = (describe_input("body", "", annotation, parameter.default, media_types=_list_types(annotation)),)
    if annotation.type is bytes:
        return Argument(source=BYTES, inputs=told)
    if describe_type(annotation.type) is None:
        why = find_objection(annotation.type) or " It is no type that msgspec knows."
        raise HandlerError(f"content cannot be read as a {annotation.type!r}.{why}")
    refuse_computed(annotation.type)
    get = make_reader(annotation.type, parameter.default)
    source = Source(get=get, is_async=True, phase="content")
    return Argument(source=source, inputs=told, outputs=(MALFORMED, WRONG_TYPE, INVALID))


def _list_types(annotation: Annotation) -> tuple[str, ...]:
    """Return the media types of the content."""
    return ("application/octet-stream",) if annotation.type is bytes else (JSON,)


async def read_bytes(request: Any) -> bytes:
    """Return the content as it is."""
    content: bytes = await request.body()
    return content


BYTES = Source(get=read_bytes, is_async=True, phase="content")


def make_reader(kind: Any, default: Any) -> Callable[[Any], Awaitable[Any]]:
    """Return what reads content as a *kind*.

    Args:
        kind: A type that msgspec knows.
        default: Stands in for content that is not there at all.
    """
    decode = msgspec.json.Decoder(kind).decode
    has_decimal = holds(kind, (Decimal,))
    mend = find_mender(kind) or leave
    again = _make_exact(decode, mend) if has_decimal else None
    complete = find_completer(kind)

    async def read(request: Any) -> Any:
        # PERF: one look at the headers, without an object for them (row "POST JSON into a typed model").
        for name, value in request.scope["headers"]:
            if name == b"content-type":
                if value != b"application/json":
                    check_type(value)
                break
        else:
            return await _read_untyped(request, default)
        content = await request.body()
        if not content and default is not _MISSING:
            return default
        try:
            # PERF: this settles most content without another call (row "POST JSON into a typed model").
            is_plain = content.isascii() and content.count(b"[") + content.count(b"{") <= MAX_DEPTH
            value = decode(content) if is_plain or _is_right(content) else explain(content, kind, mend, again)
        except (ValueError, RecursionError) as error:
            value = explain(content, kind, mend, again, error)
        if has_decimal and _INFINITE.search(content):
            _refuse_infinite(content, kind, mend)
        return value if complete is None else complete(value)

    return read


async def _read_untyped(request: Any, default: Any) -> Any:
    """Return the default for a request without content.

    Raises:
        UnsupportedMediaType: There is content, and it does not say what it is.
    """
    if default is not _MISSING and not await request.body():
        return default
    raise UnsupportedMediaType("The content must be JSON: send 'Content-Type: application/json'.")


def check_type(value: bytes) -> None:
    """Raise unless *value*, of a Content-Type, is one of JSON.

    Raises:
        UnsupportedMediaType: It is not (RFC 9110 §15.5.16).
    """
    text = value.decode("latin-1")
    if not is_json(text.partition(";")[0].strip().lower()):
        raise UnsupportedMediaType(f"The content must be JSON, but its Content-Type says {text[:100]!r}.")


def _is_right(content: bytes) -> bool:
    """Return whether *content* is UTF-8 and not nested too deeply: what msgspec does not look at by itself."""
    return is_shallow(content) and is_utf8(content)


def is_utf8(content: bytes) -> bool:
    """Return whether *content* is UTF-8, which msgspec looks at only where a value is used."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _make_exact(decode: Callable[[bytes], Any], mend: Mend) -> Callable[[bytes], Any]:
    """Return what reads content with numbers made whole, and loses no digit of the others."""
    return lambda content: decode(_encode_exactly(mend(_decode_exactly(content.removeprefix(_BOM)))))


def _refuse_infinite(content: bytes, kind: Any, mend: Mend) -> None:
    """Raise for decimals that are no numbers in content that is right otherwise.

    Raises:
        InvalidInput: There are some.
    """
    mistakes = list_mistakes(mend(_decode_exactly(content.removeprefix(_BOM))), kind, "body")
    if mistakes:
        raise InvalidInput(mistakes)


def explain(
    content: bytes,
    kind: Any,
    mend: Mend,
    again: Callable[[bytes], Any] | None = None,
    error: Exception | None = None,
) -> Any:
    """Return the value of content that needs a second look, or tell all that is wrong with it.

    Args:
        content: The whole.
        kind: The type that it should have.
        mend: Makes numbers whole where that type wants it.
        again: Reads content with these, if that must not be done with floats.
        error: What msgspec has raised.

    Raises:
        BadRequest: It is not JSON; the detail tells line and column.
        InvalidInput: It is JSON, but no *kind*.
    """
    if again is not None and _is_right(content):
        try:
            return again(content)
        except (ValueError, ArithmeticError, RecursionError):  # msgspec writes no number that is larger than it reads.
            pass
    try:
        value = mend(decode_json(content))
    except InvalidJSON as flaw:
        position = {"line": flaw.line, "column": flaw.column} if flaw.line else {}
        raise BadRequest(f"The content is not JSON: {flaw}.", **position) from flaw
    if len(content) > MAX_SEARCHED_BYTES and isinstance(error, msgspec.ValidationError):
        try:
            return msgspec.convert(value, kind, str_keys=True)
        except msgspec.ValidationError as first:
            raise InvalidInput(list_first(first, "body")) from error
    mistakes = list_mistakes(value, kind, "body")
    if mistakes:
        raise InvalidInput(mistakes) from error
    return msgspec.convert(value, kind, str_keys=True)
