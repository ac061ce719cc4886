"""Templates: what others had to mend in theirs, asked of ours."""

from pathlib import Path
from typing import Any

import pytest

from yaat import Request, Yaat
from yaat_templates import TemplateResponse, Templates

from .asking import ask

NASTY = '"><script>alert(1)</script>'


def make_app(folder: Path, page: str, **options: Any) -> Yaat:
    """Return an app with one page."""
    (folder / "page.html").write_text(page)
    app = Yaat(autoload=False, plugins=[Templates(directory=folder)], **options)

    @app.get("/", name="page")
    async def index(request: Request) -> TemplateResponse:
        return TemplateResponse("page.html", {"nasty": NASTY})

    return app


@pytest.mark.parametrize(
    "text",
    [
        "{{ request.cookies.token }}",
        "{{ request.headers.get('x-token') }}",
        "{{ request.query_params.token }}",
        "{{ url_for('page').include_query(token=nasty) }}",
        "{{ nasty }}",
        "<script>let token = {{ nasty | tojson }}</script>",
    ],
)
def test_nothing_of_a_request_is_markup(tmp_path: Path, text: str) -> None:
    """No cookie, header, parameter or URL is excepted from escaping."""
    headers = [(b"cookie", b"token=" + NASTY.encode()), (b"x-token", NASTY.encode())]
    query = b"token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    page = ask(make_app(tmp_path, f'<p title="{text}">'), headers=headers, query_string=query)
    assert (page.status, "alert" in page.text) == (200, True)
    assert "<script>alert" not in page.text
    assert '""' not in page.text


@pytest.mark.parametrize("debug", [True, False])
def test_no_template_shows_its_whole_context(tmp_path: Path, caplog: pytest.LogCaptureFixture, *, debug: bool) -> None:
    """There is no `{% debug %}` unless an app adds Jinja's extension for it."""
    app = make_app(tmp_path, "{% debug %}", debug=debug)
    page = ask(app, headers=[(b"accept", b"text/html")])
    assert page.status == 500
    assert "<script>alert" not in page.text
    assert "unknown tag 'debug'" in caplog.text
