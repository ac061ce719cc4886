"""This file is values that are held to the type that a handler declares: nothing else is left of them."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, get_args, get_origin, is_typeddict

import msgspec

from yaat.exceptions import ResponseError
from yaat.handler import Handler

from .annotation import describe_type, find_model, list_fields
from .completion import complete, find_completer
from .likeness import make_likeness


def make_filter(handler: Handler, declared: Any) -> Callable[[Any], Any]:
    """Return what makes a value one of the declared type, without anything that is not declared.

    Objects of other classes are read by their attributes. What is of the declared class, or of a wider one, is not made
    again.

    Args:
        handler: For messages.
        declared: The type.
    """
    models = tuple(_list_models(declared, ()))
    is_settled = _is_flat(declared, ()) and not any(hasattr(each, "__post_init__") for each in models)
    is_struct = find_completer(declared) is None
    like = None if is_settled else make_likeness(declared)
    convert = msgspec.convert

    def restrict(value: Any) -> Any:
        try:
            if is_settled:
                made = convert(value, declared, from_attributes=True, str_keys=True)
                return made if is_struct else complete(made)
            if not _is_made(value, models):
                value = convert(value, declared, from_attributes=True, str_keys=True)
            # What is of a declared class may hold what is of a wider one.
            return convert(msgspec.to_builtins(value), like, str_keys=True)
        except (msgspec.ValidationError, TypeError, ValueError) as error:
            raise ResponseError(
                f"The handler {handler} returned {value!r:.200}, which is no {declared!r}: {error}."
            ) from error

    return restrict


def _is_made(value: Any, models: tuple[type, ...]) -> bool:
    """Return whether a value is one of *models*, or an array of such."""
    if value.__class__ in (list, tuple, set, frozenset):
        return all(isinstance(each, models) for each in value)
    return isinstance(value, models)


def _list_models(kind: Any, inside: tuple[Any, ...]) -> Iterator[type]:
    """Yield the classes of the models that values of a type hold, but for those of dicts."""
    if any(kind is each for each in inside):
        return
    plain, fields = get_origin(kind) or kind, list_fields(kind)
    if fields and not is_typeddict(plain):
        yield plain
    for part in (*get_args(kind), *fields.values()):
        yield from _list_models(part, (*inside, kind))


def find_exact(declared: Any) -> Any:
    """Return the class whose instances are sent as they are, or `None`: a model that holds no other models."""
    model = find_model(describe_type(declared))
    if model is None or declared is not model.cls or is_typeddict(declared) or not _is_flat(declared, ()):
        return None
    return declared


def _is_flat(kind: Any, inside: tuple[Any, ...]) -> bool:
    """Return whether no model lies in a model in values of a type."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _is_flat(get_args(kind)[0], inside)
    fields = list_fields(kind)
    if fields:
        return not inside and all(_is_flat(each, (kind,)) for each in fields.values())
    return all(_is_flat(each, inside) for each in get_args(kind) if each is not Ellipsis and origin is not Literal)
