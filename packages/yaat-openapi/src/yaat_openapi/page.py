"""This file is the page for people: Swagger UI, with one document.

The law here: everything is escaped; no script and no style stands in the page itself; and nothing is fetched from
anywhere but where the page is from.
"""

import json
from collections.abc import Mapping
from typing import Any

from yaat.markup import escape
from yaat.record import EMPTY, frozen

#: What a browser may do on the page. Swagger UI shows icons that stand in its style as `data:`.
POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" type="image/png" href="{icon}">
<link rel="stylesheet" href="{style}">
<link rel="stylesheet" href="{own_style}">
</head>
<body>
{documents}<noscript><p>This page needs JavaScript. The <a href="{url}">OpenAPI document</a> does not.</p></noscript>
<div id="swagger-ui" data-url="{url}" data-redirect="{redirect}" data-options="{options}"></div>
<script src="{bundle}"></script>
<script src="{own_script}"></script>
</body>
</html>
"""

_REDIRECT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Logged in</title></head>
<body><script src="{redirect_script}"></script></body>
</html>
"""


@frozen
class Page:
    """One page.

    Attributes:
        title: Of the document.
        url: Of the document, as a link from the page.
        redirect: Of the page that ends a log-in by OAuth 2, likewise.
        assets: Likewise, by what the page calls them.
        options: Of Swagger UI.
        documents: The pages of all documents of the app by name, likewise; one alone is not listed.
    """

    title: str
    url: str
    redirect: str
    assets: Mapping[str, str]
    options: Mapping[str, Any] = EMPTY
    documents: Mapping[str, str] = EMPTY

    def format(self) -> str:
        """Return the page."""
        values = {name: escape(link) for name, link in self.assets.items()}
        values |= {"title": escape(self.title), "url": escape(self.url), "redirect": escape(self.redirect)}
        return _PAGE.format(options=escape(json.dumps(dict(self.options))), documents=self._format_links(), **values)

    def _format_links(self) -> str:
        """Return the links to the pages of all documents."""
        if len(self.documents) < 2:
            return ""
        links = " ".join(f'<a href="{escape(link)}">{escape(name)}</a>' for name, link in self.documents.items())
        return f'<nav class="documents">{links}</nav>\n'


def format_redirect(assets: Mapping[str, str]) -> str:
    """Return the page to which a log-in by OAuth 2 leads back.

    Args:
        assets: As for `Page`, from where this page is.
    """
    return _REDIRECT.format(redirect_script=escape(assets["redirect_script"]))
