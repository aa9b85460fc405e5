"""What this server does as a witness of others (C2SP tlog-witness): it signs a checkpoint when it continues
the one it signed before, and keeps the evidence when it does not. Being witnessed is in `asking`."""

from __future__ import annotations

import base64
import binascii
import logging
from typing import NamedTuple

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import Conflict, NotFound
from fedcoop.vault import WITNESS
from moderation.ledger.cosignatures import Witness, cosign, witness_of
from moderation.ledger.merkle import EMPTY_ROOT, HASH, consistent
from moderation.ledger.notes import (
    Checkpoint,
    NoteError,
    new_seed,
    open_checkpoint,
    read_vkey,
    signature_lines,
)

from . import queries
from .types import Asked, WitnessedLog

log = logging.getLogger("fedcoop.witness")

LARGEST_REQUEST = 16_384
LONGEST_PROOF = 63


class Refusal(Exception):
    """Why a checkpoint is not signed: `status` is the protocol's, `words` the body of the answer. `size` is
    that of the checkpoint this witness has, where the asker's idea of it is wrong."""

    def __init__(self, status: int, words: str, size: int | None = None) -> None:
        super().__init__(words)
        self.status, self.words, self.size = status, words, size


class Request(NamedTuple):
    """What a log asks: to sign `note`, shown by `proof` to continue its checkpoint of `old` entries."""

    old: int
    proof: list[bytes]
    note: str


def read_request(body: bytes) -> Request:
    """The body of `add-checkpoint`. Raises Refusal (400) when it is none."""
    try:
        head, blank, note = body.decode().partition("\n\n")
        first, *hashes = head.split("\n")
        word, _, size = first.partition(" ")
        number = size.isascii() and size.isdigit() and (size == "0" or size[0] != "0") and len(size) < 17
        proof = [base64.b64decode(line, validate=True) for line in hashes]
    except (UnicodeDecodeError, binascii.Error):
        raise Refusal(400, "The request cannot be read.\n") from None
    if word != "old" or not number or not blank:
        raise Refusal(400, "The request does not begin with the size of the old checkpoint.\n")
    if len(proof) > LONGEST_PROOF or any(len(each) != HASH for each in proof):
        raise Refusal(400, "The proof has something in it that is no hash, or too many.\n")
    return Request(int(size), proof, note)


def write_request(request: Request) -> bytes:
    """The body that `read_request` reads."""
    lines = [f"old {request.old}", *(base64.b64encode(each).decode() for each in request.proof)]
    return ("\n".join(lines) + "\n\n" + request.note).encode()


async def identity(tx: Tx, domain: str) -> Witness:
    """Who this server is as a witness. Needs a transaction that may write. Raises NotFound without a
    ledger."""
    return witness_of(name_at(domain), await _seed(tx))


def name_at(domain: str) -> str:
    """What a server is called as a witness."""
    return f"{domain}/witness"


async def watch(tx: Tx, vkey: str) -> WitnessedLog:
    """Begin to witness the log with this key. Raises NoteError for no key, Conflict when it is known
    already."""
    verifier = read_vkey(vkey)
    if await tx.one(queries.LOG, origin=verifier.name):
        raise Conflict(f"{verifier.name} is witnessed already.")
    found = WitnessedLog(verifier.name, verifier.vkey, 0, EMPTY_ROOT, "", None, "", clock.now())
    await tx.execute(
        queries.ADD_LOG,
        origin=found.origin,
        vkey=found.vkey,
        size=0,
        root=found.root,
        note="",
        seen_at=None,
        fork="",
        added_at=found.added_at,
    )
    return found


async def unwatch(tx: Tx, origin: str) -> None:
    """Witness a log no more. Raises NotFound."""
    if not await tx.execute(queries.REMOVE_LOG, origin=origin):
        raise NotFound(f"{origin} is not witnessed.")


async def add_checkpoint(tx: Tx, request: Request, domain: str) -> str:
    """The cosignature of a checkpoint, once it is stored as the latest. Raises Refusal; the evidence of a
    fork stays even then, so the caller commits."""
    origin = request.note.partition("\n")[0]
    known = await tx.one(queries.LOG, origin=origin)
    if known is None:
        raise Refusal(404, "This log is not witnessed here.\n")
    try:
        checkpoint = open_checkpoint(request.note, read_vkey(known.vkey))
    except NoteError as wrong:
        raise Refusal(403, f"{wrong}\n") from None
    if request.old > checkpoint.size:
        raise Refusal(400, "The old checkpoint is larger than the new one.\n")
    if request.old != known.size:
        raise Refusal(409, f"{known.size}\n", size=known.size)
    await _check_continues(tx, known, checkpoint, request)
    kept = await tx.execute(
        queries.SEEN,
        of_origin=origin,
        old_size=known.size,
        new_size=checkpoint.size,
        new_root=checkpoint.root,
        new_note=request.note,
        at=clock.now(),
    )
    if not kept:
        raise Refusal(409, f"{known.size}\n", size=known.size)
    return cosign(name_at(domain), await _seed(tx), signature_lines(request.note)[0], clock.now() // 1000)


def policy(log: str, url: str, asked: list[Asked], quorum: int) -> str:
    """A C2SP tlog-policy: the log's key and address, its witnesses, and how many of them have to have
    signed."""
    lines = [f"log {log} {url}"]
    names = [f"w{number}" for number in range(1, len(asked) + 1)]
    lines += [f"witness {name} {each.vkey} {each.url}" for name, each in zip(names, asked, strict=True)]
    if asked:
        lines += [f"group witnesses {needed(quorum, len(asked))} {' '.join(names)}"]
    return "\n".join([*lines, "quorum witnesses" if asked else "quorum none"]) + "\n"


def needed(quorum: int, count: int) -> int:
    """How many of `count` witnesses have to have signed: `quorum` of them, and where that is 0 more than
    half."""
    return min(quorum or count // 2 + 1, count)


async def _check_continues(tx: Tx, known: WitnessedLog, new: Checkpoint, request: Request) -> None:
    if known.size == new.size and known.size:
        if known.root != new.root:
            log.error("%s has signed two histories of %d entries", known.origin, known.size)
            await tx.execute(queries.FORKED, of_origin=known.origin, evidence=request.note)
            raise Refusal(409, f"{known.size}\n", size=known.size)
        if request.proof:
            raise Refusal(422, "Nothing was added, so there is nothing to prove.\n")
    elif known.size == 0:
        if request.proof:
            raise Refusal(422, "The first checkpoint continues nothing, so there is nothing to prove.\n")
    elif not consistent(known.size, new.size, known.root, new.root, request.proof):
        raise Refusal(422, f"The proof does not lead from the {known.size} entries seen earlier to these.\n")


async def _seed(tx: Tx) -> bytes:
    kept = await tx.scalar(queries.WITNESS_SEED)
    if kept is None:
        await tx.execute(queries.KEEP_WITNESS_SEED, seed=tx.vault.lock(new_seed(), WITNESS))
        kept = await tx.scalar(queries.WITNESS_SEED)
    if kept is None:
        raise NotFound("This server has no ledger yet.")
    return tx.vault.unlock(bytes(kept), WITNESS)
