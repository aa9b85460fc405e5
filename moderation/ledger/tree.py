"""The tree's hashes as they stand in the database, for roots and proofs. The arithmetic is in `merkle` and
`tiles`."""

from collections.abc import Callable
from typing import TypeVar

from fedcoop.db import Tx

from . import queries
from .merkle import HASH, Subtree
from .tiles import Tile, subtree_in

T = TypeVar("T")


def tiles_needed(size: int, work: Callable[[Subtree], T]) -> list[Tile]:
    """Which tiles `work` reads from a tree of `size` entries, found by letting it run on empty ones."""
    asked: list[Tile] = []

    def empty(tile: Tile) -> list[bytes]:
        asked.append(tile)
        return [bytes(HASH)] * tile.width

    work(subtree_in(size, empty))
    return asked


async def compute(tx: Tx, size: int, work: Callable[[Subtree], T]) -> T:
    """Let `work` compute a root or proof over the first `size` entries; reads a few tiles for each
    level."""
    read: dict[Tile, list[bytes]] = {}
    for tile in tiles_needed(size, work):
        read[tile] = await hashes_of(tx, tile.level or 0, tile.start, tile.start + tile.width)
    return work(subtree_in(size, read.__getitem__))


async def hashes_of(tx: Tx, level: int, start: int, end: int) -> list[bytes]:
    """The hashes start ≤ i < end of a level of tiles."""
    if level == 0:
        return [bytes(leaf) for leaf in await tx.scalars(queries.LEAVES, start=start, end=end)]
    return [bytes(each) for each in await tx.scalars(queries.HASHES, level=level, start=start, end=end)]
