"""This file is calling one hook implementation: what goes wrong in it, or comes out wrong, bears the plugin's name."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..provenance import Owner, find_source
from ..record import frozen, has_field
from .problem import BrokenPlugin, PluginErrors, find_raise_site

#: A class, or several of which any will do; none at all for a hook that gives nothing.
Expected = type[Any] | tuple[type[Any], ...]


@frozen
class Call:
    """One implementation of a hook, ready to be called.

    Attributes:
        owner: The plugin it is of.
        hook: The name of the hook.
        function: The function, bound to its plugin.
        parameters: The names of what it takes. One with a default may be an argument that only newer cores pass.
    """

    owner: Owner
    hook: str
    function: Callable[..., Any]
    parameters: tuple[str, ...]

    def run(self, arguments: Mapping[str, Any]) -> Any:
        """Return what the function returns for those of *arguments* that it takes.

        Raises:
            BrokenPlugin: It raised.
            PluginErrors: It called further hooks, and those did.
        """
        try:
            result = self.function(**{name: arguments[name] for name in self.parameters if name in arguments})
            # PERF: hooks that are called for each route mostly give None; the test of a class costs more than the call.
            return result if result is None or not isinstance(result, Iterator) else tuple(result)
        except PluginErrors:
            raise
        except (Exception, SystemExit) as error:
            raise BrokenPlugin(
                self.owner,
                f"raised {type(error).__name__} in its hook {self.hook!r}: {error}",
                where=find_raise_site(error) or find_source(self.function),
                fix="The traceback of that error is printed with this one.",
            ) from error

    def read_records(self, arguments: Mapping[str, Any], expected: Expected) -> list[Any] | None:
        """Return the records that the function gives as a list, or `None`.

        Raises:
            BrokenPlugin: It raised, or gave anything but a record, an iterable of records, or `None`.
        """
        result = self.run(arguments)
        if result is None:
            return None
        if isinstance(result, expected):
            return [result]
        if not isinstance(result, Iterable) or isinstance(result, str | bytes | Mapping):
            raise self._refuse(result, expected)
        records = list(result)
        for record in records:
            if not isinstance(record, expected):
                raise self._refuse(record, expected)
        return records

    def read_answer(self, arguments: Mapping[str, Any], expected: Expected) -> Any:
        """Return the one thing that the function gives, or `None`.

        Raises:
            BrokenPlugin: It raised, or gave anything but what is expected.
        """
        result = self.run(arguments)
        if result is not None and not isinstance(result, expected):
            raise self._refuse(result, expected)
        return result

    def _refuse(self, result: object, expected: Expected) -> BrokenPlugin:
        """Return the error for a result that is not what the hook asks for."""
        if inspect.iscoroutine(result):
            result.close()  # or Python warns, later and elsewhere, that nobody awaited it
        classes = expected if isinstance(expected, tuple) else (expected,)
        names = " or ".join(each.__name__ for each in classes)
        return BrokenPlugin(
            self.owner,
            f"gave {result!r:.100} from its hook {self.hook!r}",
            where=find_source(self.function),
            fix=f"Return {names}, or None." if names else "Return nothing.",
        )


def stamp(record: Any, owner: Owner) -> Any:
    """Return *record* as given by *owner*: a copy, when it is a record that keeps an owner."""
    if not has_field(record, "owner"):
        return record
    from copy import copy  # noqa: PLC0415  # PERF: an app without plugins does without it (figure "import, CPU")

    # Not `replace`: it calls the constructor, and that of `Middleware` takes no fields.
    stamped = copy(record)
    object.__setattr__(stamped, "owner", owner)
    return stamped
