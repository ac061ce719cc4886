"""Watching which packages are called."""

import json
import sys
import threading
from graphlib import TopologicalSorter

from yaat_testclient.frame_watch import watch_calls


def test_calls_of_a_package_are_seen() -> None:
    """By module and function."""
    with watch_calls("json") as seen:
        json.loads("1")
    assert {"json.loads", "json.decoder.decode"} <= seen


def test_calls_of_others_are_not_seen() -> None:
    """Not even of those whose names begin alike."""
    with watch_calls("js", "graph") as seen:
        json.loads("1")
        TopologicalSorter({}).prepare()
    assert not seen


def test_calls_in_threads_of_the_block_are_seen() -> None:
    """The loop of a client is in one."""
    with watch_calls("json") as seen:
        thread = threading.Thread(target=json.loads, args=("1",))
        thread.start()
        thread.join()
    assert "json.loads" in seen


def test_nothing_is_watched_after_the_block() -> None:
    """Whoever profiled before goes on."""
    before = sys.getprofile(), threading.getprofile()
    with watch_calls("json") as seen:
        pass
    json.loads("1")
    assert (sys.getprofile(), threading.getprofile()) == before
    assert not seen
