"""The ledger in the database: dense indexes, tiles and checkpoints as a stranger reads them, and nothing
half written."""

import asyncio
from pathlib import Path

import pytest

from fedcoop import clock
from fedcoop.db import Database, Tx
from fedcoop.errors import Conflict, NotFound
from moderation.ledger import actions, merkle, queries, serve, tiles
from moderation.ledger.canonical import read_canonical
from moderation.ledger.entries import commitment, decode
from moderation.ledger.notes import NoteError, open_checkpoint, read_vkey
from moderation.ledger.proofs import check_proof
from tests.moderation import stranger


@pytest.fixture
async def ledger(db: Database) -> Database:
    async with db.write() as tx:
        await actions.open_log(tx, "coop.example")
    return db


async def grow(db: Database, number: int) -> None:
    async with db.write() as tx:
        for index in range(number):
            await actions.append(tx, "member", body={"member": f"member {index}"})
        await actions.sign(tx)


async def test_the_first_entry_names_the_key(ledger: Database) -> None:
    async with ledger.read() as tx:
        first = await serve.entry(tx, 0)
        assert first.type == "log_opened"
        assert first.body == {"origin": "coop.example/ledger", "key": await serve.verifier_key(tx)}


async def test_there_is_one_ledger(ledger: Database) -> None:
    async with ledger.write() as tx:
        with pytest.raises(Conflict):
            await actions.open_log(tx, "coop.example")


async def test_without_a_ledger_nothing_is_written(db: Database) -> None:
    async with db.write() as tx:
        with pytest.raises(NotFound, match="fedcoop init"):
            await actions.append(tx, "member", body={})


async def test_before_the_first_signature_nothing_is_served(ledger: Database) -> None:
    async with ledger.read() as tx:
        for path in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"):
            with pytest.raises(NotFound):
                await serve.file(tx, path)
        with pytest.raises(NotFound, match="no checkpoint covers it yet"):
            await serve.proof(tx, 0)


async def test_proofs_and_tiles_agree_with_the_checkpoint(ledger: Database) -> None:
    await grow(ledger, 600)
    async with ledger.read() as tx:
        verifier = read_vkey(await serve.verifier_key(tx))
        signed = open_checkpoint((await serve.file(tx, "checkpoint")).decode(), verifier)
        assert signed.size == 601
        entries: list[bytes] = []
        for bundle in tiles.bundles_of(signed.size):
            entries += tiles.unpack(await serve.file(tx, bundle.path))
        leaves = [merkle.leaf_hash(entry) for entry in entries]
        assert merkle.root(leaves) == signed.root
        for tile in tiles.tiles_of(signed.size):
            step = 256 ** (tile.level or 0)
            hashes = tiles.hashes_in(await serve.file(tx, tile.path))
            assert hashes == [
                merkle.root(leaves[at * step : (at + 1) * step])
                for at in range(tile.start, tile.start + tile.width)
            ]
        for index in (0, 255, 256, 599, 600):
            text = (await serve.proof(tx, index)).text
            assert check_proof(text, entries[index], verifier).size == 601
            with pytest.raises(NoteError):
                check_proof(text, b"another", verifier)
        for path in ("tile/0/002.p/90", "tile/0/003", "tile/1/000", "tile/2/000", "tile/../checkpoint", "x"):
            with pytest.raises(NotFound):
                await serve.file(tx, path)
        assert len(await serve.file(tx, "tile/0/002.p/88")) == 88 * 32, "older partial tiles stay"


async def test_a_proof_uses_the_first_checkpoint_that_covers_its_entry(ledger: Database) -> None:
    await grow(ledger, 3)
    await grow(ledger, 3)
    async with ledger.read() as tx:
        verifier = read_vkey(await serve.verifier_key(tx))
        for index, size in ((2, 4), (3, 4), (4, 7)):
            proof = await serve.proof(tx, index)
            assert open_checkpoint(proof.checkpoint, verifier).size == size


async def test_signing_twice_signs_once(ledger: Database) -> None:
    async with ledger.write() as tx:
        first = await actions.sign(tx)
        clock.advance(seconds=5)
        assert await actions.sign(tx) == first


async def test_what_is_rolled_back_leaves_no_gap(ledger: Database) -> None:
    class PowerCut(Exception):
        pass

    with pytest.raises(PowerCut):
        async with ledger.write() as tx:
            await actions.append(tx, "member", body={"member": "lost"})
            raise PowerCut
    async with ledger.write() as tx:
        assert (await actions.append(tx, "member", body={"member": "kept"})).index == 1


async def test_many_who_write_at_once_get_dense_indexes(ledger: Database) -> None:
    async def one(number: int) -> int:
        async with ledger.write() as tx:
            return (await actions.append(tx, "member", body={"member": str(number)})).index

    indexes = await asyncio.gather(*(one(number) for number in range(30)))
    assert sorted(indexes) == list(range(1, 31))


async def test_times_never_go_back_even_when_the_clock_does(ledger: Database) -> None:
    async with ledger.write() as tx:
        clock.advance(seconds=100)
        first = await actions.append(tx, "member", body={})
        clock.advance(seconds=-200)
        second = await actions.append(tx, "member", body={})
        assert second.time == first.time


async def test_personal_words_stay_beside_the_log_and_can_be_erased(ledger: Database) -> None:
    words = {"reason": "They know where I live."}
    async with ledger.write() as tx:
        logged = await actions.append(tx, "ballot", body={"choice": "block"}, words=words)
        kept = (await tx.all(queries.WORDS, positions=[logged.index]))[0]
        text = bytes(await tx.scalar(queries.ENTRY, position=logged.index))
        assert b"where I live" not in text
        assert kept.words is not None
        assert kept.salt is not None
        assert decode(text).commit == commitment(bytes(kept.salt), read_canonical(kept.words.encode()))
        await actions.erase_words(tx, logged.index, because="asked for")
        kept = (await tx.all(queries.WORDS, positions=[logged.index]))[0]
        assert kept.words is None
        assert kept.salt is None


async def test_an_entry_that_is_too_long_is_refused(ledger: Database) -> None:
    with pytest.raises(ValueError, match="at most 8192 bytes"):
        async with ledger.write() as tx:
            await actions.append(tx, "proposal", body={"title": "x" * 9000})


async def test_a_stranger_verifies_checkpoint_and_inclusion_from_our_files(
    ledger: Database, tmp_path: Path, program: Path
) -> None:
    await grow(ledger, 300)
    async with ledger.read() as tx:
        await _mirror(tx, tmp_path / "mirror", 301)
        entry = tiles.unpack(await serve.file(tx, "tile/entries/001.p/45"))[14]
        vkey = await serve.verifier_key(tx)
    (tmp_path / "mirror/entry").write_bytes(entry)
    believed, said = stranger.check(program, tmp_path / "mirror", vkey, 270)
    assert believed, said


async def _mirror(tx: Tx, directory: Path, size: int) -> None:
    for path in ["checkpoint", *(tile.path for tile in tiles.tiles_of(size))]:
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(await serve.file(tx, path))
