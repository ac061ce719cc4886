"""Serves the guest book on http://127.0.0.1:8000, or tries every page of it: `python serve.py [--check]`."""

import argparse
import asyncio
import logging
import sys

import uvicorn
from app import app
from check import check_showcase


def main() -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(description="Serve the guest book.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--check", action="store_true", help="serve on a free port, try every page, and end")
    arguments = parser.parse_args()
    logging.basicConfig(format="%(name)s: %(message)s")
    logging.getLogger("guestbook_stats").setLevel(logging.INFO)
    if arguments.check:
        return asyncio.run(check_showcase(app))
    uvicorn.run(app, host="127.0.0.1", port=arguments.port, lifespan="on")
    return 0


if __name__ == "__main__":
    sys.exit(main())
