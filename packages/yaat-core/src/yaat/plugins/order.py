"""This file is putting names in an order that respects who must come earlier, and is the same every time."""

from collections.abc import Collection, Mapping, Sequence
from heapq import heappop, heappush


class OrderCycle(ValueError):
    """No order is possible.

    Attributes:
        cycle: Names each of which must come before the next; the first is also the last.
    """

    def __init__(self, cycle: Sequence[str]) -> None:
        self.cycle = tuple(cycle)
        super().__init__(" → ".join(cycle))


def sort_names(names: Sequence[str], earlier: Mapping[str, Collection[str]]) -> list[str]:
    """Return *names* with each after those that must come earlier, and otherwise as they stand.

    Args:
        names: In the order that is kept where nothing else is said.
        earlier: By name, the names that must come before it. Names that are not in *names* do not count.

    Raises:
        OrderCycle: Some name would have to come before itself.
    """
    rank = {name: position for position, name in enumerate(names)}
    if all(rank.get(first, -1) < rank[name] for name in names for first in earlier.get(name, ())):
        return list(names)  # They stand right already.
    from graphlib import CycleError, TopologicalSorter  # noqa: PLC0415  # PERF: few apps need it (figure "import, CPU")

    sorter = TopologicalSorter(
        {name: sorted(rank.keys() & earlier.get(name, ()), key=rank.__getitem__) for name in names}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        raise OrderCycle(_turn(error.args[1][1:], rank)) from None
    ready: list[tuple[int, str]] = []
    ordered: list[str] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, (rank[name], name))
        _, name = heappop(ready)
        ordered.append(name)
        sorter.done(name)
    return ordered


def _turn(cycle: Sequence[str], rank: Mapping[str, int]) -> list[str]:
    """Return *cycle* begun at its foremost name, and closed by it."""
    start = cycle.index(min(cycle, key=rank.__getitem__))
    return [*cycle[start:], *cycle[: start + 1]]
