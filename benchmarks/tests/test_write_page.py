"""The page about speed has the figures of the last measurement between its markers."""

from __future__ import annotations

from typing import Any

import pytest

from write_page import PAGE, PARTS, replace, write_requests, write_server


def figures(median: float) -> dict[str, Any]:
    return {"median": median, "low": median * 0.98, "high": median * 1.02, "raw_nanoseconds": 410}


def about(**rows: dict[str, Any]) -> dict[str, Any]:
    return {"python": "3.11.7", "loop": "asyncio", "versions": {"yaat-core": "0.2.0"}, "rows": rows}


def cell(cpu: float) -> dict[str, Any]:
    waits = {"median_milliseconds": 1.0, "slowest_milliseconds": 2.0}
    ratio = {"low": cpu, "median": cpu, "high": cpu}
    return {"cpu": ratio, "rate": 1 / cpu, "cpu_microseconds": 20 * cpu, "requests_per_second": 40_000.0, **waits}


@pytest.mark.parametrize("name", PARTS)
def test_the_page_has_a_place_for_each_part(name: str) -> None:
    """Each part can be replaced, and nothing else changes."""
    page = PAGE.read_text()
    changed = replace(page, name, "| new |")
    assert f"<!-- {name} -->\n\n| new |\n\n<!-- end of {name} -->" in changed
    assert changed.partition(f"<!-- {name} -->")[0] == page.partition(f"<!-- {name} -->")[0]
    assert changed.partition(f"<!-- end of {name} -->")[2] == page.partition(f"<!-- end of {name} -->")[2]


def test_a_page_without_the_markers_is_refused() -> None:
    """Figures are not lost without a word."""
    with pytest.raises(ValueError, match="the page has 0 parts between '<!-- server -->' and '<!-- end of server -->'"):
        replace("# Speed\n", "server", "| new |")


def test_requests_are_told_with_the_goals_that_are_not_reached() -> None:
    """A row over its limit is told with its cost, one above its aim by its title."""
    text = write_requests({"yaat": about(plaintext=figures(2.9), json_get=figures(1.1), cookies=figures(2.0))})
    assert text.splitlines()[-3:] == [
        "Dearer than Yaat may be: plaintext costs 2.90 × raw, not 2.8 at most.",
        "",
        "Within the limit, and not yet what is aimed at: JSON GET, codec of the standard library.",
    ]


def test_goals_that_are_reached_are_told_too() -> None:
    """Where nothing is to be told, the page says so."""
    text = write_requests({"yaat": about(plaintext=figures(2.0))})
    assert "Dearer than Yaat may be: nothing." in text


def test_servers_are_told_with_the_peers_that_are_cheaper() -> None:
    """Whoever takes less CPU time than Yaat is named with both figures."""
    cells = {"raw": cell(1), "yaat": cell(1.2), "falcon": cell(1.15), "starlette": cell(1.4), "sanic": {"wrong": "x"}}
    results = {"python": "3.11.7", "connections": 32, "versions": {}, "servers": {"uvicorn": {"plaintext": cells}}}
    assert write_server(results).splitlines()[-3:] == [
        "Dearer than 1.10 × raw: uvicorn: plaintext takes 1.200 × raw's CPU, not 1.1 at most.",
        "",
        "Cheaper than Yaat: uvicorn: plaintext takes falcon 1.150 × raw's CPU, Yaat 1.200.",
    ]
