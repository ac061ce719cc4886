"""The debug page: what others had to mend in theirs, asked of ours."""

import re

import pytest

from yaat import Request, Yaat

from .asking import ask

BROWSER = (b"accept", b"text/html")
CONSOLE = b"__debugger__=yes&cmd=__import__('os').getcwd()&frm=0&s=secret"


def make_app(*, debug: bool) -> Yaat:
    """Return an app that fails."""
    app = Yaat(autoload=False, debug=debug)

    @app.get("/{rest:path}")
    async def index(request: Request, rest: str) -> str:
        password = f"hunter2 {rest}"
        raise ValueError(len(password))

    return app


def test_debug_page_runs_nothing() -> None:
    """There is no console in it: no script, no form, and no request that means anything else."""
    page = ask(make_app(debug=True), "/a", headers=[BROWSER])
    assert (page.status, "ValueError" in page.text) == (500, True)
    assert not re.search(r"<(?:script|form|input|iframe|object|a)\b|javascript:|\son\w+=", page.text)
    asked = ask(make_app(debug=True), "/a", headers=[BROWSER], query_string=CONSOLE)
    assert (asked.status, asked.text) == (500, page.text)


@pytest.mark.parametrize("host", [b"evil.example", b"127.0.0.1", b"good.example"])
def test_page_of_another_host_learns_no_secret(host: bytes) -> None:
    """Where a name of somebody else leads to this machine, debug shows the lines of the app, and no value."""
    headers = [BROWSER, (b"host", host), (b"cookie", b"session=hunter3"), (b"authorization", b"hunter4")]
    assert not re.search(r"hunter[34]|hunter2 a", ask(make_app(debug=True), "/a", headers=headers).text)
    assert "ValueError" not in ask(make_app(debug=False), "/a", headers=headers).text


@pytest.mark.parametrize("debug", [True, False])
def test_markup_in_a_path_is_text(*, debug: bool) -> None:
    """Whatever a page shows of a request is escaped."""
    page = ask(make_app(debug=debug), '/<script>alert("1")</script>', headers=[BROWSER])
    assert (page.status, "<script" in page.text) == (500, False)
