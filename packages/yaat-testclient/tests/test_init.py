"""What users import."""

import subprocess
import sys

import pytest

import yaat_testclient
import yaat_testclient.httpx


def test_the_clients_are_those_of_httpx() -> None:
    """The others are chosen explicitly: yaat_testclient.httpx2."""
    assert yaat_testclient.TestClient is yaat_testclient.httpx.TestClient
    assert yaat_testclient.AsyncTestClient is yaat_testclient.httpx.AsyncTestClient


def test_every_public_name_is_there() -> None:
    """What is promised can be imported."""
    names: list[str] = vars(yaat_testclient)["__all__"]
    assert all(getattr(yaat_testclient, name) for name in names)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As in any module."""
    with pytest.raises(AttributeError, match="has no attribute 'Client'"):
        _ = yaat_testclient.Client  # type: ignore[attr-defined]  # it is not there: that is the test


def test_no_http_library_is_imported_before_a_client_is_asked_for() -> None:
    """The pytest plugin is loaded in every run, so it must be light."""
    code = (
        "import sys, yaat_testclient.pytest_plugin\n"
        "print({'httpx', 'httpx2', 'yaat'} & set(sys.modules))\n"
        "yaat_testclient.TestClient\n"
        "print({'httpx', 'httpx2', 'yaat'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["set()", "{'httpx'}"]
