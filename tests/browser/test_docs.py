"""The page that documents an app, as people use it."""

from .watching import WatchedPage


def open_operation(page: WatchedPage, origin: str, path: str) -> None:
    """Go to the page, and unfold the operation at *path*."""
    page.open(f"{origin}/docs")
    page.driver.locator(".opblock-summary", has_text=path).first.click()


def try_out(page: WatchedPage, **values: str) -> None:
    """Send the request of the operation that is unfolded, with *values* for its parameters."""
    page.driver.get_by_role("button", name="Try it out").click()
    for name, value in values.items():
        page.driver.locator(f"tr[data-param-name={name}] input").fill(value)
    page.driver.get_by_role("button", name="Execute").click()
    page.driver.locator(".live-responses-table .response").wait_for()


def test_request_is_tried_out_on_the_page(page: WatchedPage, pages: str) -> None:
    """A request is sent from the page, and the answer is shown with its status."""
    open_operation(page, pages, "/hello/{name}")
    try_out(page, name="Ada")
    shown = page.driver.locator(".live-responses-table .response").inner_text()
    assert "200" in shown
    assert "Hello Ada" in shown
    assert (200, f"{pages}/hello/Ada") in page.responses


def test_page_loads_nothing_from_elsewhere(page: WatchedPage, pages: str) -> None:
    """All that is loaded is from the app itself, and it is all there: the page works without a network."""
    open_operation(page, pages, "/hello/{name}")
    try_out(page, name="Ada")
    assert [url for _, url in page.responses if not url.startswith(f"{pages}/")] == []
    assert {status for status, _ in page.responses} <= {200, 304}


def test_page_keeps_to_its_content_policy(page: WatchedPage, pages: str) -> None:
    """Nothing that Swagger UI does is blocked, though no script and no style may stand in the page."""
    page.driver.add_init_script(
        "window.blocked = []; document.addEventListener('securitypolicyviolation', e => blocked.push(e.blockedURI));"
    )
    open_operation(page, pages, "/hello/{name}")
    try_out(page, name="Ada")
    assert page.run("() => window.blocked") == []


def test_page_may_fetch_nothing_from_elsewhere(page: WatchedPage, pages: str) -> None:
    """Were there a request to another host, the browser would not send it."""
    page.open(f"{pages}/docs")
    with page.expect_complaint("Content Security Policy"):
        page.run(
            "([url]) => { document.body.append(Object.assign(new Image(), {src: url})); }", "http://127.0.0.1:1/x.png"
        )


def test_title_stays_text(page: WatchedPage, pages: str) -> None:
    """What the app calls its API is shown as it is written, in the page and in its tab."""
    page.open(f"{pages}/docs")
    page.driver.locator("h1, h2", has_text="Browser <tests>").first.wait_for()
    assert page.driver.title() == "Browser <tests>"
