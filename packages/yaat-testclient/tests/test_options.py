"""The settings of a client."""

from dataclasses import replace
from typing import Any

import pytest

from yaat_testclient.options import Options

OPTIONS = Options(
    raise_server_exceptions=True,
    strict=True,
    wait_for_background=True,
    lifespan="auto",
    client=("testclient", 50000),
    root_path="",
    timeout_seconds=None,
)


@pytest.mark.parametrize("root_path", ["", "/api", "/api/v1"])
def test_a_root_path_is_empty_or_a_path(root_path: str) -> None:
    """An app is mounted nowhere, or at a path."""
    assert replace(OPTIONS, root_path=root_path).root_path == root_path


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"lifespan": "yes"}, "lifespan='yes' is none of 'auto', 'on', 'off'"),
        ({"root_path": "api"}, "root_path='api' must start with a slash and not end with one"),
        ({"root_path": "/"}, "root_path='/' must start with a slash and not end with one"),
        ({"timeout_seconds": 0}, "timeout_seconds=0 must be more than 0; None waits for ever"),
    ],
    ids=str,
)
def test_an_option_that_makes_no_sense_is_refused(change: dict[str, Any], problem: str) -> None:
    """The mistake is told when the client is made, with what would be right."""
    with pytest.raises(ValueError, match=problem):
        replace(OPTIONS, **change)
