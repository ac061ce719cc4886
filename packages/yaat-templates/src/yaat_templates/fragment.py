"""This file is how one block of a Jinja template is rendered without the rest of the page.

What stands at the top of the file before any output is run: `extends`, `import` and `set`. So a block may use what they
define, and call `super()`, as it does in the whole page.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import aclosing, closing
from typing import Any, cast

import jinja2
from jinja2.runtime import Context

from .exceptions import BlockMissing

# What Jinja makes of templates are generators, which can be closed; its annotations do not say so.
Pieces = Generator[str, None, None]
AsyncPieces = AsyncGenerator[str, None]


class HeldBlocks(dict[str, list[Any]]):
    """The blocks of a template while its top is run: each stands behind *stop*, so none of them is run by this.

    Args:
        blocks: Those of the template itself. Those of what it extends join them, by the code that Jinja generates.
        stop: Called in place of a block; gives an output.
    """

    def __init__(self, blocks: dict[str, list[Any]], stop: Any) -> None:
        super().__init__({name: [stop, *functions] for name, functions in blocks.items()})
        self._stop = stop

    def setdefault(self, name: str, default: Any = None) -> list[Any]:
        """Return the functions for a block, behind *stop*."""
        return super().setdefault(name, [self._stop])

    def release(self) -> dict[str, list[Any]]:
        """Return the blocks as they are without this."""
        return {name: functions[1:] for name, functions in self.items()}


def generate_block(template: jinja2.Template, context: dict[str, Any], block: str) -> Iterator[str]:
    """Yield the pieces of one block.

    Raises:
        BlockMissing: Neither the template nor one it extends has that block.
    """
    scope = template.new_context(context)
    scope.blocks = held = HeldBlocks(scope.blocks, _stop)
    try:
        with closing(cast(Pieces, template.root_render_func(scope))) as top:
            any(_is_output(piece) for piece in top)
        scope.blocks = held.release()
        yield from _find_block(scope, block)(scope)
    except Exception:
        template.environment.handle_exception()


async def generate_block_async(template: jinja2.Template, context: dict[str, Any], block: str) -> AsyncIterator[str]:
    """Yield the pieces of one block of a template that was compiled for asynchronous rendering.

    Raises:
        BlockMissing: Neither the template nor one it extends has that block.
    """
    scope = template.new_context(context)
    scope.blocks = held = HeldBlocks(scope.blocks, _stop_async)
    try:
        async with aclosing(cast(AsyncPieces, template.root_render_func(scope))) as top:
            async for piece in top:
                if _is_output(piece):
                    break
        scope.blocks = held.release()
        async with aclosing(cast(AsyncPieces, _find_block(scope, block)(scope))) as pieces:
            async for piece in pieces:
                yield piece
    except Exception:
        template.environment.handle_exception()


def _stop(scope: Context) -> Iterator[str]:
    """Yield an output."""
    yield "stop"


async def _stop_async(scope: Context) -> AsyncIterator[str]:
    """Yield an output."""
    yield "stop"


def _find_block(scope: Context, block: str) -> Any:
    """Return what renders a block, as the most special template has it."""
    found = scope.blocks.get(block)
    if not found:
        raise BlockMissing(block, scope.name, scope.blocks)
    return found[0]


def _is_output(piece: str) -> bool:
    """Whether a piece can be seen; line ends between statements cannot."""
    return bool(piece) and not piece.isspace()
