"""C2SP tlog-tiles: how a Merkle tree is cut into files of 256 hashes, and its entries into bundles of 256.
The hashes are `merkle`'s; serving the files from the database is in `serve`."""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from .merkle import HASH, Subtree, node_hash, root, split

WIDTH = 256
HEIGHT = 8
LARGEST_ENTRY = 65_535
_PATH = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)

HashesOf = Callable[["Tile"], list[bytes]]


@dataclass(frozen=True, slots=True)
class Tile:
    """One file: `level` 0 holds entry hashes, each level above one hash per full tile below; `level` None
    is the bundle of the entries themselves. `width` is how many it holds."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The path below the log's address: `tile/0/x001/x234/067.p/12`."""
        digits = f"{self.index % 1000:03d}"
        rest = self.index // 1000
        while rest:
            digits = f"x{rest % 1000:03d}/{digits}"
            rest //= 1000
        level = "entries" if self.level is None else self.level
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{digits}{partial}"

    @property
    def start(self) -> int:
        """The number, on its own level, of the first thing in it."""
        return self.index * WIDTH


def read_path(path: str) -> Tile:
    """Which tile a path names. Raises ValueError for anything but the one right spelling."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise ValueError(f"{path!r} names no tile")
    level = None if found[1] == "entries" else int(found[1])
    tile = Tile(level, int(found[2].replace("x", "").replace("/", "")), int(found[3] or WIDTH))
    if tile.path != path or tile.width > WIDTH:
        raise ValueError(f"{path!r} names no tile")
    return tile


def tile_at(level: int | None, index: int, size: int) -> Tile | None:
    """The tile as it is in a tree of `size` entries: full, partial, or None when it is not there yet."""
    there = (size if not level else size >> (HEIGHT * level)) - index * WIDTH
    return Tile(level, index, min(there, WIDTH)) if there > 0 else None


def tiles_of(size: int) -> list[Tile]:
    """Every tile of hashes in a tree of `size` entries, from the bottom up."""
    tiles: list[Tile] = []
    level = 0
    while size >> (HEIGHT * level):
        count = size >> (HEIGHT * level)
        tiles += [
            Tile(level, index, min(WIDTH, count - index * WIDTH)) for index in range(-(-count // WIDTH))
        ]
        level += 1
    return tiles


def bundles_of(size: int) -> list[Tile]:
    """Every bundle of entries in a tree of `size` entries."""
    return [Tile(None, index, min(WIDTH, size - index * WIDTH)) for index in range(-(-size // WIDTH))]


def pack(entries: list[bytes]) -> bytes:
    """A bundle: each entry after its length in two bytes, big end first. Raises ValueError when one is too
    long."""
    if any(len(entry) > LARGEST_ENTRY for entry in entries):
        raise ValueError("an entry in a bundle has at most 65,535 bytes")
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unpack(bundle: bytes) -> list[bytes]:
    """The entries of a bundle. Raises ValueError when it is cut off."""
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise ValueError("the bundle ends in the middle of an entry")
        entries.append(bundle[at + 2 : end])
        at = end
    return entries


def hashes_in(content: bytes) -> list[bytes]:
    """The hashes of a tile. Raises ValueError when it is no whole number of them."""
    if len(content) % HASH:
        raise ValueError("a tile of hashes has a length divisible by 32")
    return [content[at : at + HASH] for at in range(0, len(content), HASH)]


def subtree_in(size: int, hashes_of: HashesOf) -> Subtree:
    """Subtrees of a tree of `size` entries, computed from its tiles; each tile is asked for once."""
    seen: dict[Tile, list[bytes]] = {}

    def whole(level: int, index: int) -> bytes:
        """The complete subtree of 2**level entries, the `index`-th of its kind."""
        tile_level, above = divmod(level, HEIGHT)
        start = index << above
        if above == 0 or (start + (1 << above)) <= size >> (HEIGHT * tile_level):
            tile = tile_at(tile_level, start // WIDTH, size)
            if tile is None:
                raise ValueError(f"there is no tile for node {index} of level {level}")
            if tile not in seen:
                seen[tile] = hashes_of(tile)
            at = start % WIDTH
            return root(seen[tile][at : at + (1 << above)])
        raise ValueError(f"node {index} of level {level} is not complete")

    def subtree(start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1) == 0 and start % count == 0:
            return whole(count.bit_length() - 1, start // count)
        middle = start + split(count)
        return node_hash(subtree(start, middle), subtree(middle, end))

    return subtree
