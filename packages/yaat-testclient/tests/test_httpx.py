"""The clients of each HTTP library."""

from typing import Any


def test_a_client_is_a_client_of_its_library(http: Any) -> None:
    """Everything that one does, this one does."""
    library = http.httpx if http.__name__.endswith("httpx") else http.httpx2
    assert issubclass(http.TestClient, library.Client)
    assert issubclass(http.AsyncTestClient, library.AsyncClient)


def test_what_is_raised_is_of_the_library(http: Any) -> None:
    """So tests and helpers that know the library's exceptions catch them."""
    library = http.httpx if http.__name__.endswith("httpx") else http.httpx2
    assert issubclass(http.LIBRARY.ReadTimeout, library.TimeoutException)
    assert issubclass(http.LIBRARY.RemoteProtocolError, library.TransportError)


def test_pytest_takes_no_client_for_a_class_of_tests(http: Any) -> None:
    """Although its name begins with Test."""
    assert not http.TestClient.__test__
    assert not http.AsyncTestClient.__test__
