"""Text in HTML."""

import html

from hypothesis import given
from hypothesis import strategies as st

from yaat.markup import escape


@given(st.text())
def test_markup_is_escaped(text: str) -> None:
    """As the standard library does it; so nothing is read as a tag, and nothing ends an attribute."""
    assert escape(text) == html.escape(text)


def test_quotes_are_escaped() -> None:
    """Both kinds, for attributes."""
    assert escape("""<a href='b' title="c&d">""") == "&lt;a href=&#x27;b&#x27; title=&quot;c&amp;d&quot;&gt;"
