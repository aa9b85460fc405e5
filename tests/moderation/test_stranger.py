"""A log written to files, checked by Go's golang.org/x/mod/sumdb instead of our code."""

from pathlib import Path

import pytest

from moderation.ledger import merkle, tiles
from moderation.ledger.notes import Checkpoint, Signer
from tests.moderation import stranger

SIGNER = Signer("coop.example/ledger", bytes(range(1, 33)))


def write(directory: Path, entries: list[bytes]) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    subtree = merkle.subtree_of(leaves)
    for tile in tiles.tiles_of(len(entries)):
        assert tile.level is not None
        step = 256**tile.level
        starts = range(tile.start * step, (tile.start + tile.width) * step, step)
        path = directory / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(subtree(start, start + step) for start in starts))
    checkpoint = Checkpoint(SIGNER.name, len(entries), merkle.root(leaves))
    (directory / "checkpoint").write_text(SIGNER.sign(checkpoint.text), encoding="utf-8")


@pytest.mark.parametrize(("size", "index"), [(1, 0), (5, 4), (256, 0), (700, 300), (70_000, 65_537)])
def test_a_stranger_with_gos_library_finds_our_entries(
    program: Path, tmp_path: Path, size: int, index: int
) -> None:
    entries = [f'{{"entry":{number}}}'.encode() for number in range(size)]
    write(tmp_path, entries)
    (tmp_path / "entry").write_bytes(entries[index])
    believed, said = stranger.check(program, tmp_path, SIGNER.verifier.vkey, index)
    assert believed, said
    (tmp_path / "entry").write_bytes(b"another")
    believed, _ = stranger.check(program, tmp_path, SIGNER.verifier.vkey, index)
    assert not believed
