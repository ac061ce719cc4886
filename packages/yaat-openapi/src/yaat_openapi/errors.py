"""This file is errors: which a route says that it raises, and whether they are answered as Yaat does."""

from collections.abc import Iterable
from typing import Any

from yaat.exceptions import ConfigurationError, HTTPException, find_phrase


def list_raised(raised: Iterable[Any], where: str) -> dict[int, str]:
    """Return the statuses of errors that a route names with `raises=`, each with a sentence.

    Args:
        raised: Classes of exceptions, or statuses.
        where: The route, for messages.

    Raises:
        ConfigurationError: One is neither, or does not tell its status.
    """
    found: dict[int, str] = {}
    for each in raised:
        status = each if isinstance(each, int) else find_status(each)
        if status is None or not 300 <= status <= 599:
            raise ConfigurationError(
                f"raises= of {where} names {each!r}, which does not tell its status. Use a subclass of HTTPException "
                "that needs no arguments or has a status_code, or the status itself."
            )
        is_own = not isinstance(each, int) and not each.__module__.startswith("yaat.")
        sentence = " ".join((each.__doc__ or "").strip().partition("\n\n")[0].split()) if is_own else ""
        found.setdefault(int(status), sentence or find_phrase(int(status)) or "An error")
    return found


def find_status(kind: Any) -> int | None:
    """Return the status that a class of exceptions stands for, or `None` if it does not tell."""
    if not (isinstance(kind, type) and issubclass(kind, HTTPException)):
        return None
    status = getattr(kind, "status_code", None)
    if isinstance(status, int):
        return status
    try:
        return int(kind().status_code)  # type: ignore[call-arg]  # those that need arguments are told from the others
    except TypeError:
        return None


def has_plain_error(route: Any, status_code: int) -> bool:
    """Return whether errors of a status are as Yaat makes them: the app has no handler of its own for them."""
    return not any(_answers(each.key, status_code) for each in route.exception_handlers)


def _answers(key: int | type[Exception], status_code: int) -> bool:
    """Return whether what is registered for *key* answers for errors of a status."""
    if isinstance(key, int):
        return key == status_code
    return issubclass(HTTPException, key) or find_status(key) == status_code
