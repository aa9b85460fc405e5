"""The ledger as the outside reads it: checkpoint, tiles, proofs, receipts, entries. Writing is in
`actions`."""

from typing import Any

import msgspec

from fedcoop.db import Tx
from fedcoop.errors import NotFound

from . import queries
from .entries import decode
from .merkle import inclusion
from .proofs import Proof
from .tiles import HEIGHT, Tile, pack, read_path
from .tree import compute, hashes_of
from .types import SignedCheckpoint

NOT_SIGNED_YET = "The entry is written, but no checkpoint covers it yet. Try again in a few seconds."


class LogEntry(msgspec.Struct, frozen=True):
    """An entry as the API shows it."""

    index: int
    type: str
    time: str
    actor: str
    refs: tuple[int, ...]
    body: dict[str, Any]
    commit: str | None


async def checkpoint(tx: Tx) -> SignedCheckpoint:
    """The latest signed checkpoint. Raises NotFound before the first."""
    latest = await tx.one(queries.CHECKPOINT)
    if latest is None:
        raise NotFound("The ledger has not been signed yet.")
    return latest


async def note(tx: Tx, signed: SignedCheckpoint) -> str:
    """A checkpoint as it is served: with the signatures of the witnesses that have seen it, below ours."""
    return signed.note + "".join(await tx.scalars(queries.COSIGNATURE_LINES, size=signed.size))


async def verifier_key(tx: Tx) -> str:
    """The public key as a vkey, for those who want to check signatures. Raises NotFound without a
    ledger."""
    log = await tx.one(queries.LOG)
    if log is None:
        raise NotFound("This server has no ledger yet.")
    return log.signer(tx.vault).verifier.vkey


async def tile(tx: Tx, path: str) -> bytes:
    """The file at `path` (below the ledger's address, for instance `tile/0/000.p/5`), as far as a
    checkpoint covers it. Raises NotFound for any other path. Full tiles never change again; partial ones do
    not either."""
    try:
        wanted = read_path(path)
    except ValueError:
        raise NotFound from None
    signed = await checkpoint(tx)
    if wanted.start + wanted.width > signed.size >> (HEIGHT * (wanted.level or 0)):
        raise NotFound
    return await _content(tx, wanted)


async def file(tx: Tx, path: str) -> bytes:
    """What stands at a path below the ledger's address: `checkpoint` or a tile. Raises NotFound."""
    if path == "checkpoint":
        return (await note(tx, await checkpoint(tx))).encode()
    return await tile(tx, path)


async def proof(tx: Tx, index: int, extra: bytes = b"") -> Proof:
    """That an entry is in the ledger, under the first checkpoint that covers it. Raises NotFound before
    that."""
    covering = await tx.one(queries.CHECKPOINT_WITH, index=index)
    if covering is None or index < 0:
        raise NotFound(NOT_SIGNED_YET)
    size = covering.size
    path = await compute(tx, size, lambda subtree: inclusion(index, size, subtree))
    return Proof(index, tuple(path), await note(tx, covering), extra)


async def entry(tx: Tx, index: int) -> LogEntry:
    """One entry. Raises NotFound."""
    return _shown(index, await raw(tx, index))


async def raw(tx: Tx, index: int) -> bytes:
    """The bytes of one entry, of which the tree holds the hash. Raises NotFound."""
    text = await tx.scalar(queries.ENTRY, position=index)
    if text is None:
        raise NotFound
    return bytes(text)


async def entries(
    tx: Tx, *, before: int | None = None, types: tuple[str, ...] = (), limit: int = 40
) -> list[LogEntry]:
    """The latest entries below the index `before`, newest first; only of some types where any are named."""
    end = 2**62 if before is None else before
    if types:
        rows = await tx.all(queries.PAGE_OF_TYPES, before=end, types=list(types), limit=limit)
    else:
        rows = await tx.all(queries.PAGE, before=end, limit=limit)
    return [_shown(row.position, bytes(row.entry)) for row in rows]


async def _content(tx: Tx, wanted: Tile) -> bytes:
    end = wanted.start + wanted.width
    if wanted.level is None:
        return pack([bytes(text) for text in await tx.scalars(queries.ENTRIES, start=wanted.start, end=end)])
    return b"".join(await hashes_of(tx, wanted.level, wanted.start, end))


def _shown(index: int, text: bytes) -> LogEntry:
    read = decode(text)
    return LogEntry(index, read.type, read.time, read.actor, read.refs, read.body, read.commit)
