"""Tiles: their names, their contents, and proofs computed from them alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.ledger import merkle, tiles
from moderation.ledger.tiles import Tile

LEAVES = [merkle.leaf_hash(str(index).encode()) for index in range(256 * 3 + 17)]


def from_memory(leaves: list[bytes]) -> tiles.HashesOf:
    def hashes_of(tile: Tile) -> list[bytes]:
        assert tile.level is not None
        step = 256**tile.level
        start = tile.start * step
        return [merkle.root(leaves[at : at + step]) for at in range(start, start + tile.width * step, step)]

    return hashes_of


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 5, 17), "tile/0/005.p/17"),
        (Tile(1, 1234067), "tile/1/x001/x234/067"),
        (Tile(0, 999_999), "tile/0/x999/999"),
        (Tile(2, 1000, 1), "tile/2/x001/000.p/1"),
        (Tile(None, 273, 112), "tile/entries/273.p/112"),
    ],
)
def test_paths_are_those_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tiles.read_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/x000/001",
        "tile/64/000",
        "tile/00/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000/",
        "tile/x/000",
        "tile/0/../000",
        "tile/entries/000.p/300",
        "tile/0/000\n",
    ],
)
def test_any_other_spelling_names_no_tile(path: str) -> None:
    with pytest.raises(ValueError, match="names no tile"):
        tiles.read_path(path)


@given(st.integers(0, 2**40), st.integers(0, 63), st.integers(1, 256))
def test_a_path_reads_back(index: int, level: int, width: int) -> None:
    assert tiles.read_path(Tile(level, index, width).path) == Tile(level, index, width)


def test_the_tiles_of_a_tree_cover_it() -> None:
    assert [tile.path for tile in tiles.tiles_of(256 * 3 + 17)] == [
        "tile/0/000", "tile/0/001", "tile/0/002", "tile/0/003.p/17", "tile/1/000.p/3",
    ]  # fmt: skip
    assert [tile.path for tile in tiles.tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert [tile.path for tile in tiles.bundles_of(257)] == ["tile/entries/000", "tile/entries/001.p/1"]
    assert tiles.tiles_of(0) == tiles.bundles_of(0) == []


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 600, len(LEAVES)])
def test_roots_and_proofs_come_out_of_tiles_as_out_of_the_whole_tree(size: int) -> None:
    subtree = tiles.subtree_in(size, from_memory(LEAVES[:size]))
    whole = merkle.subtree_of(LEAVES[:size])
    assert subtree(0, size) == merkle.root(LEAVES[:size])
    for index in {0, size // 3, size - 1}:
        assert merkle.inclusion(index, size, subtree) == merkle.inclusion(index, size, whole)
    for old in {1, size // 2 or 1, size}:
        assert merkle.consistency(old, size, subtree) == merkle.consistency(old, size, whole)


def test_each_tile_is_read_once_for_a_proof() -> None:
    asked: list[Tile] = []
    memory = from_memory(LEAVES)

    def hashes_of(tile: Tile) -> list[bytes]:
        asked.append(tile)
        return memory(tile)

    merkle.inclusion(300, len(LEAVES), tiles.subtree_in(len(LEAVES), hashes_of))
    assert sorted(tile.path for tile in asked) == ["tile/0/001", "tile/0/003.p/17", "tile/1/000.p/3"]


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert tiles.unpack(tiles.pack(entries)) == entries


def test_a_bundle_has_two_bytes_of_length_before_each_entry() -> None:
    assert tiles.pack([b"ab", b"", b"x" * 258]) == b"\x00\x02ab" + b"\x00\x00" + b"\x01\x02" + b"x" * 258
    with pytest.raises(ValueError, match="65,535"):
        tiles.pack([b"x" * 65_536])


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_bundle_that_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(ValueError, match="middle of an entry"):
        tiles.unpack(tiles.pack([b"abc"])[:-cut])
