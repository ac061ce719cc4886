"""This file is annotations that name what is not there: nothing can be read or written as they say."""

from typing import Annotated, Any, ForwardRef, Literal, get_args, get_origin

from yaat.exceptions import HandlerError


def find_unresolved(annotation: Any) -> str | None:
    """Return the text in a type that nothing was found for, or `None` if there is none."""
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, ForwardRef):
        return annotation.__forward_arg__
    parts = () if get_origin(annotation) is Literal else get_args(annotation)
    found = map(find_unresolved, parts[:1] if get_origin(annotation) is Annotated else parts)
    return next((each for each in found if each is not None), None)


def refuse_unresolved(annotation: Any, what: str) -> None:
    """Raise for a type that only a type checker can tell.

    Args:
        annotation: It.
        what: Whose it is, for the message.

    Raises:
        HandlerError: It names what is not there.
    """
    text = find_unresolved(annotation)
    if text is not None:
        raise HandlerError(
            f"{what} {text!r} names what its module does not have. Define or import that at the top level, "
            "outside of functions and of 'if TYPE_CHECKING'."
        )
