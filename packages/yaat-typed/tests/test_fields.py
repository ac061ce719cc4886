"""Values of a query, of headers and of forms, and files."""

from typing import Annotated, Any

import msgspec
import pytest

from yaat import Plugin, Yaat, hookimpl
from yaat.multidict import MultiDict
from yaat.records import BodyParser
from yaat_typed import File, Form, TypedPlugin

SENT = [("content-type", "multipart/form-data; boundary=x")]


class UploadFile:
    """A file as packages that read forms give it."""

    def __init__(self, filename: str) -> None:
        self.filename = filename

    def __bool__(self) -> bool:
        return bool(self.filename)


class FormsPlugin(Plugin):
    """Reads lines such as `name=text` and `name<filename`."""

    name = "forms"

    @hookimpl
    def yaat_register_body_parsers(self) -> BodyParser:
        return BodyParser(media_type="multipart/form-data", parse=self.parse)

    async def parse(self, request: Any) -> MultiDict[Any]:
        pairs: list[tuple[str, Any]] = []
        for line in (await request.body()).decode().split():
            name, sign, value = line.partition("<")
            pairs.append((name, UploadFile(value)) if sign else line.split("=")[:2])
        return MultiDict(pairs)


@pytest.fixture
def forms() -> Yaat:
    return Yaat(autoload=False, plugins=[FormsPlugin(), TypedPlugin()])


@pytest.mark.parametrize(("count", "status"), [(1000, 200), (1001, 400)])
@pytest.mark.parametrize("field", ["", "a=%20"])
def test_a_query_has_a_limit(app: Yaat, fetch: Any, count: int, status: int, field: str) -> None:
    """A thousand parameters, empty ones included."""

    @app.get("/")
    async def handler(q: str = "") -> Any:
        return [q]

    assert fetch(app, "GET /?" + "&".join([field] * count)).status == status


def test_files_are_taken_from_a_form(forms: Yaat, fetch: Any) -> None:
    """What is annotated with a class of uploads needs no marker; fields and files stand beside each other."""

    @forms.post("/")
    async def handler(
        title: Annotated[str, Form()],
        cover: UploadFile,
        pages: list[UploadFile],
        extra: Annotated[Any, File("more")] = None,
    ) -> Any:
        return [title, cover.filename, [page.filename for page in pages], extra and extra.filename]

    sent = fetch(forms, "POST /", content=b"title=T cover<c.png pages<1.png pages<2.png", headers=SENT)
    assert sent.json == ["T", "c.png", ["1.png", "2.png"], None]
    sent = fetch(forms, "POST /", content=b"title=T cover<c.png pages<1.png more<m.png", headers=SENT)
    assert sent.json == ["T", "c.png", ["1.png"], "m.png"]


def test_files_that_are_missing_are_told(forms: Yaat, fetch: Any) -> None:
    """A file input that nobody used counts as missing; a text is no file, and a file no text."""

    @forms.post("/")
    async def handler(
        title: Annotated[str, Form()],
        tags: Annotated[list[str], Form()],
        number: Annotated[int, Form()],
        cover: UploadFile,
        page: UploadFile,
        back: UploadFile | None = None,
    ) -> Any: ...

    content = b"title<t.png tags=a tags<t.png number<n.png cover=x page< back<"
    assert fetch(forms, "POST /", content=content, headers=SENT).mistakes == [
        "form #/title Expected a text, got a file",
        "form #/tags Expected a text, got a file",
        "form #/number Expected a text, got a file",
        "file #/cover Expected a file, got a text",
        "file #/page Required, but missing",
    ]


class Profile(msgspec.Struct):
    name: str
    links: list[int] = []


def test_a_model_of_a_form_has_no_files(forms: Yaat, fetch: Any) -> None:
    """They are told like any other wrong value."""

    @forms.post("/")
    async def handler(profile: Annotated[Profile, Form()]) -> Any: ...

    assert fetch(forms, "POST /", content=b"name<n.png links=1 links=x", headers=SENT).mistakes == [
        "form #/links/1 Expected `int`, got 'x'",
        "form #/name Expected `str`, got `UploadFile`",
    ]


def test_files_are_told_to_documents(forms: Yaat) -> None:
    """With their media type."""

    @forms.post("/")
    async def handler(cover: UploadFile | None) -> Any: ...

    forms.build()
    binding = forms.report.routes[0].handlers["POST"].binding
    assert binding is not None
    [told] = binding.inputs
    assert (told.place, told.name, told.is_required, told.media_types) == (
        "file",
        "cover",
        False,
        ("multipart/form-data",),
    )
