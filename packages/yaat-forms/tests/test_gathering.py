"""The parts of a form, gathered until it is whole."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest

from yaat.threads import ThreadLimiter
from yaat_forms import FormLimits, InvalidForm, Parts, PartTooLarge, UploadFile
from yaat_forms.gathering import Gathering
from yaat_forms.spool import Spool

Build = Callable[..., bytes]


class Content:
    """A request that has content."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def stream(self) -> AsyncIterator[bytes]:
        yield self._content


async def gather(content: bytes, threads: ThreadLimiter, **limits: Any) -> Gathering:
    gathering = Gathering(FormLimits(**limits), partial(Spool, threads, max_memory_bytes=3))
    try:
        async for part in Parts(Content(content), "b", FormLimits(**limits), threads):
            await gathering.add(part)
    except BaseException:
        gathering.close()
        raise
    return gathering


async def test_fields_are_text_and_files_are_uploads(threads: ThreadLimiter, build: Build) -> None:
    """Each part is kept as what it is, under its name."""
    gathering = await gather(build(("name=a", "ü".encode()), ("name=f; filename=x", b"12345")), threads)
    [(first, text), (second, upload)] = gathering.pairs
    assert (first, text, second) == ("a", "ü", "f")
    assert isinstance(upload, UploadFile)
    assert await upload.read() == b"12345"
    gathering.close()
    with pytest.raises(ValueError, match="closed"):
        await upload.read()


async def test_fields_together_are_limited(threads: ThreadLimiter, build: Build) -> None:
    """Many fields, each within its limit, still may be too much for the memory; files do not count."""
    content = build(("name=a", b"123"), ("name=f; filename=x", b"12345"), ("name=c", b"456"))
    (await gather(content, threads, max_memory_bytes=6)).close()
    with pytest.raises(PartTooLarge, match="What the fields of the form hold together is over the limit of 5 bytes"):
        await gather(content, threads, max_memory_bytes=5)


async def test_form_may_say_the_charset_of_its_fields(threads: ThreadLimiter, build: Build) -> None:
    """The field `_charset_` holds for those behind it that say nothing themselves (RFC 7578 §4.6)."""
    utf8 = ("name=b", "ü".encode(), "Content-Type: text/plain; charset=utf-8")
    gathering = await gather(build(("name=_charset_", b"windows-1252"), ("name=a", b"\x80"), utf8), threads)
    assert gathering.pairs == [("_charset_", "windows-1252"), ("a", "€"), ("b", "ü")]


async def test_unknown_charset_is_refused(threads: ThreadLimiter, build: Build) -> None:
    """A charset that is none is no reason to guess."""
    with pytest.raises(InvalidForm, match="'utf-7', which is not read here"):
        await gather(build(("name=_charset_", b"utf-7")), threads)
