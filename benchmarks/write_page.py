"""This file writes measured figures into ``docs/explanation/speed.md``, between the markers that are there.

``python benchmarks/write_page.py --requests FILE --server FILE --startup FILE`` takes what ``run.py``, ``server.py``
and ``startup.py`` wrote with ``--json``; the part of a file that is not given stays as it is.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import server_table
import startup
import table

PAGE = Path(__file__).parents[1] / "docs/explanation/speed.md"


def write_requests(results: table.Results) -> str:
    """Return the part about requests in process: the table, and which goals are not reached."""
    [*_, names] = [list(figures["rows"]) for figures in results.values()]
    rows = results.get("yaat", {"rows": {}})["rows"]
    return "\n\n".join(
        [
            table.format_report(results, names),
            tell("Dearer than Yaat may be", table.find_over_limit(rows)),
            tell("Within the limit, and not yet what is aimed at", table.find_above_aim(rows)),
        ]
    )


def write_server(results: server_table.Results) -> str:
    """Return the part about servers: the tables, and where Yaat is dearer than it may be, or than a peer."""
    return "\n\n".join(
        [
            server_table.format_report(results),
            tell(f"Dearer than {server_table.MOST:.2f} × raw", server_table.find_over_limit(results)),
            tell("Cheaper than Yaat", server_table.find_ahead(results)),
        ]
    )


def tell(title: str, found: list[str]) -> str:
    return f"{title}: {'; '.join(found) or 'nothing'}."


#: By name of the markers: what makes the part between them of the figures.
PARTS: dict[str, Callable[[Any], str]] = {
    "requests": write_requests,
    "server": write_server,
    "startup": startup.format_report,
}


def replace(page: str, name: str, part: str) -> str:
    """Return *page* with *part* between the markers called *name*.

    Raises:
        ValueError: It has no such markers, or has them twice.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    page, count = pattern.subn(lambda _: f"{begin}\n\n{part}\n\n{end}", page)
    if count != 1:
        raise ValueError(f"the page has {count} parts between {begin!r} and {end!r}, and must have one")
    return page


def main() -> None:
    parser = argparse.ArgumentParser(description="Write measured figures into the page about speed.")
    for name in PARTS:
        parser.add_argument(f"--{name}", type=Path, metavar="FILE")
    files = vars(parser.parse_args())
    page = PAGE.read_text()
    for name, path in files.items():
        if path is not None:
            page = replace(page, name, PARTS[name](json.loads(path.read_text())))
    PAGE.write_text(page)


if __name__ == "__main__":
    main()
