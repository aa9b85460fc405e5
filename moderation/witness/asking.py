"""Having this server's checkpoints cosigned by its witnesses: what each is asked, and what becomes of its
answer. The request itself is sent by what wiring hands in; how a witness decides is in `cosigning`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from fedcoop import clock, jobs
from fedcoop.db import Database, Tx
from fedcoop.errors import Conflict, NotFound
from fedcoop.jobs.deciding import AskWitness
from moderation.ledger import queries as ledger
from moderation.ledger.cosignatures import read_witness
from moderation.ledger.merkle import consistency
from moderation.ledger.notes import NoteError
from moderation.ledger.tree import compute
from moderation.ledger.types import SignedCheckpoint

from . import queries
from .cosigning import Request, write_request
from .types import Asked

SOON = 10 * clock.SECOND
"""How long after a checkpoint witnesses are asked; entries that follow each other closely are seen
together."""


class Answer(NamedTuple):
    """What a witness answered: an HTTP status and the text of the body."""

    status: int
    body: str


Ask = Callable[[str, bytes], Awaitable[Answer]]
"""Posts a body to an address. May raise any `TroubleAsking`."""


class TroubleAsking(Exception):
    """The witness could not be asked, or does not answer as one; trying again later may help."""


async def add(tx: Tx, vkey: str, url: str) -> Asked:
    """Have a witness sign from now on. Raises NoteError for no witness's key, Conflict when it is there
    already."""
    witness = read_witness(vkey)
    if await tx.one(queries.WITNESS, name=witness.name):
        raise Conflict(f"{witness.name} is a witness already.")
    added = Asked(witness.name, witness.vkey, url.rstrip("/"), 0, None, None, "", clock.now())
    await tx.execute(
        queries.ADD_WITNESS,
        name=added.name,
        vkey=added.vkey,
        url=added.url,
        size=0,
        cosigned_at=None,
        failed_at=None,
        failure="",
        added_at=added.added_at,
    )
    await jobs.add(tx, AskWitness(name=witness.name))
    return added


async def remove(tx: Tx, name: str) -> None:
    """Ask a witness no more; what it signed stays. Raises NotFound."""
    if not await tx.execute(queries.REMOVE_WITNESS, name=name):
        raise NotFound(f"There is no witness {name}.")


async def ask_soon(tx: Tx, *, also_failing: bool = False) -> None:
    """Have the witnesses asked about the latest checkpoint. Those that do not answer are tried again by their
    earlier job, and once a day (`also_failing`)."""
    for witness in await tx.all(queries.WITNESSES):
        if also_failing or witness.failed_at is None:
            await jobs.add(tx, AskWitness(name=witness.name), run_at=clock.now() + SOON)


async def ask(db: Database, name: str, send: Ask) -> None:
    """Ask one witness to sign the latest checkpoint, unless it has. Raises `TroubleAsking` after noting
    why."""
    for _ in range(2):
        async with db.read() as tx:
            witness = await tx.one(queries.WITNESS, name=name)
            latest = await tx.one(ledger.CHECKPOINT)
            if witness is None or latest is None:
                return
            if await tx.scalar(queries.HAS_COSIGNED, size=latest.size, name=name):
                return
            request = await _request(tx, witness, latest)
        try:
            answer = await send(f"{witness.url}/add-checkpoint", write_request(request))
            async with db.write() as tx:
                if await _take(tx, witness, latest, answer):
                    return
        except (TroubleAsking, NoteError) as trouble:
            async with db.write() as tx:
                await tx.execute(queries.FAILED, of_name=name, at=clock.now(), why=str(trouble)[:500])
            raise TroubleAsking(str(trouble)) from None
    raise TroubleAsking(f"{name} and this server do not agree on what it has seen.")


async def _request(tx: Tx, witness: Asked, latest: SignedCheckpoint) -> Request:
    proof: list[bytes] = []
    if 0 < witness.size < latest.size:
        proof = await compute(
            tx, latest.size, lambda subtree: consistency(witness.size, latest.size, subtree)
        )
    return Request(witness.size, proof, latest.note)


async def _take(tx: Tx, witness: Asked, latest: SignedCheckpoint, answer: Answer) -> bool:
    """Keep a cosignature; False when the witness has to be asked again, from the size that it names. Raises
    `TroubleAsking` and NoteError."""
    if answer.status == 409 and answer.body.strip().isdigit() and len(answer.body) < 20:
        size = int(answer.body)
        if size == witness.size or size > latest.size:
            raise TroubleAsking(f"It has seen another history of this ledger, of {size} entries.")
        await tx.execute(queries.COSIGNED, of_name=witness.name, now_size=size, at=witness.cosigned_at)
        return False
    if answer.status != 200:
        raise TroubleAsking(f"It answers {answer.status}: {answer.body[:200].strip()}")
    line = next((each for each in answer.body.splitlines() if each.startswith(f"— {witness.name} ")), "")
    seen_at = read_witness(witness.vkey).seen_at(f"{latest.note}{line}\n") if line else None
    if seen_at is None:
        raise TroubleAsking("Its answer has no signature by its key.")
    if not await tx.scalar(queries.HAS_COSIGNED, size=latest.size, name=witness.name):
        await tx.execute(
            queries.ADD_COSIGNATURE,
            size=latest.size,
            name=witness.name,
            line=line + "\n",
            seen_at=seen_at * clock.SECOND,
        )
    await tx.execute(queries.COSIGNED, of_name=witness.name, now_size=latest.size, at=clock.now())
    return True
