"""Writing the ledger: opening it, appending to it, signing it. Reading it is in `serve`.

A privileged act and its entry are written in one transaction, the entry first. The tree's lock is held from
the first entry to the commit, so that indexes are dense and no entry appears before an earlier one."""

from typing import Any

import msgspec

from fedcoop import clock, jobs
from fedcoop.db import Tx
from fedcoop.errors import Conflict, NotFound
from fedcoop.jobs.deciding import SignCheckpoint
from fedcoop.vault import LEDGER, WITNESS

from . import queries
from .canonical import canonical
from .entries import SYSTEM, Entry, EntryType, commitment, encode, new_salt
from .merkle import leaf_hash, root
from .notes import Checkpoint, Signer, endorsing, new_seed
from .tiles import WIDTH
from .tree import compute, hashes_of
from .types import Log, Logged, SignedCheckpoint


async def open_log(tx: Tx, domain: str) -> Log:
    """Begin the ledger of a server, with a new key. Raises Conflict when it has one."""
    if await tx.one(queries.LOG):
        raise Conflict("This server has a ledger already.")
    log = Log(f"{domain}/ledger", tx.vault.lock(new_seed(), LEDGER), 0, 0, 0)
    await tx.execute(
        queries.ADD_LOG,
        id=1,
        origin=log.origin,
        seed=log.seed,
        size=0,
        signed_size=0,
        last_time=0,
        witness_seed=tx.vault.lock(new_seed(), WITNESS),
    )
    await append(tx, "log_opened", body={"origin": log.origin, "key": log.signer(tx.vault).verifier.vkey})
    return log


async def take(tx: Tx) -> Log:
    """Take the ledger's lock for the rest of the transaction, before reading what is about to be decided
    on. Raises NotFound when there is no ledger."""
    log = await tx.one(queries.TAKE)
    return _there(log)


def moment(log: Log) -> int:
    """What time it is for what is about to be written: now, or the latest entry's time when the clock was
    set back. Whoever decides by the time passes it to `append` as `at`, so that the entry bears the
    same."""
    return max(clock.now(), log.last_time)


async def append(
    tx: Tx,
    type: EntryType,
    *,
    body: dict[str, Any],
    actor: str = SYSTEM,
    refs: tuple[int, ...] = (),
    words: object = None,
    at: int | None = None,
) -> Logged:
    """Write an entry. `words` are kept beside the log, which only has a commitment to them. Raises NotFound
    when there is no ledger and ValueError when the entry is too long."""
    grown = await tx.one(queries.GROW, now=clock.now() if at is None else at)
    log = _there(grown)
    index = log.size - 1
    salt = None if words is None else new_salt()
    commit = None if salt is None else commitment(salt, words)
    text = encode(Entry(type, clock.iso(log.last_time), actor, refs, body, commit))
    leaf = leaf_hash(text)
    calls = [
        queries.ADD_ENTRY.bind(position=index, type=type, time=log.last_time, entry=text, leaf=leaf),
    ]
    if salt is not None:
        calls.append(queries.ADD_WORDS.bind(position=index, salt=salt, words=canonical(words).decode()))
    await tx.batch(*calls)
    if log.size % WIDTH == 0:
        await _close_tiles(tx, log.size)
    if log.signed_size == index:
        await jobs.add(tx, SignCheckpoint())
    return Logged(index, leaf, log.last_time)


async def sign(tx: Tx, *, also: Signer | None = None) -> SignedCheckpoint:
    """Sign the ledger as it is now; gives the latest checkpoint back when nothing was added since. `also`: a
    second key that signs it."""
    log = await take(tx)
    latest = await tx.one(queries.CHECKPOINT)
    if latest is not None and latest.size == log.size:
        return latest
    root_hash = await compute(tx, log.size, lambda subtree: subtree(0, log.size))
    text = Checkpoint(log.origin, log.size, root_hash).text
    note = log.signer(tx.vault).sign(text) + (also.line(text) if also else "")
    signed = SignedCheckpoint(log.size, root_hash, note, clock.now())
    await tx.execute(queries.ADD_CHECKPOINT, **msgspec.structs.asdict(signed), status_id=None)
    await tx.execute(queries.SIGNED, new_size=log.size)
    return signed


async def rotate_key(tx: Tx) -> Log:
    """Sign with a new key from now on. The old one endorses it in an entry, and both sign the checkpoint that
    has this entry; then the old one is gone. Raises NotFound without a ledger."""
    old = await take(tx)
    old_signer, new = old.signer(tx.vault), Signer(old.origin, new_seed())
    vkey = new.verifier.vkey
    endorsement = old_signer.sign(endorsing(old.origin, vkey))
    await append(tx, "key_changed", body={"key": vkey, "endorsement": endorsement})
    await tx.execute(queries.NEW_KEY, new_seed=tx.vault.lock(new.seed, LEDGER))
    await sign(tx, also=old_signer)
    return await take(tx)


async def erase_words(tx: Tx, index: int, *, because: str) -> Logged:
    """Forget the words behind an entry, and the salt: the commitment then says nothing, and the log stays
    whole. That it was done is an entry. Raises NotFound where there are no words, or not any more."""
    if not await tx.execute(queries.ERASE_WORDS, at_position=index):
        raise NotFound(f"Entry {index} has no words beside the log.")
    await tx.execute(queries.ERASE_VERSION, of_index=index)
    await tx.execute(queries.ERASE_PROPOSAL, of_index=index)
    return await append(tx, "words_erased", body={"because": because}, refs=(index,))


async def _close_tiles(tx: Tx, size: int) -> None:
    """When a tile is full its root becomes a hash one level up, where it may fill the next."""
    level, count = 0, size
    while count and count % WIDTH == 0:
        hashes = await hashes_of(tx, level, count - WIDTH, count)
        level, count = level + 1, count // WIDTH
        await tx.execute(queries.ADD_HASH, level=level, position=count - 1, hash=root(hashes))


def _there(log: Log | None) -> Log:
    if log is None:
        raise NotFound("This server has no ledger yet; `fedcoop init` begins one.")
    return log
