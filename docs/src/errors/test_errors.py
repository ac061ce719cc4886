"""Each mistake has the message that reference/errors.md shows: what the sample raises stands in the file beside it.

`YAAT_WRITE=1 pytest docs/src/errors` writes these files anew.
"""

import os
import re
from pathlib import Path

import pytest

from yaat_testclient import LifespanError, TestClient

HERE = Path(__file__).parent
MISTAKES = sorted(path.stem for path in HERE.glob("*.py") if path.stem != Path(__file__).stem)


def find_message(load, name):
    """Return what is raised when the sample is imported, built, started or asked for its first page."""
    try:
        app = load(f"{name}.py").app
        app.build()
        with TestClient(app) as client:
            client.get("/")
    except LifespanError as error:
        return str(error).partition("\nTraceback")[0]
    except ExceptionGroup as group:
        return "\n".join(map(str, group.exceptions))
    except Exception as error:
        return str(error)
    pytest.fail(f"{name}.py raises nothing")


def make_alike(message):
    """Return *message* without what is different on each machine."""
    message = message.replace(str(HERE), "/home/ada/shop")
    message = re.sub(r"at 0x[0-9a-f]+", "at 0x7f…", message)
    message = re.sub(r"\((yaat-[\w-]+) [\d.]+\)", r"(\1 0.2.0)", message)
    return re.sub(r"/\S+/(yaat_\w+/\w+\.py):\d+", r"…/\1", message) + "\n"


@pytest.mark.parametrize("name", MISTAKES)
def test_the_page_shows_the_message(load, name):
    message = make_alike(find_message(load, name))
    path = HERE / f"{name}.txt"
    if os.environ.get("YAAT_WRITE"):
        path.write_text(message)
    assert message == path.read_text()
