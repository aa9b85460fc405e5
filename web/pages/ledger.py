"""The public record for people: its latest entries, one entry to the letter, and how to check all of it. The
files that programs check are served below `/ledger/`, by `web.coop`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from fedcoop import clock
from moderation.ledger import queries, serve
from moderation.ledger.merkle import leaf_hash
from moderation.ledger.say import proposal_of, sentence
from moderation.proposals import queries as proposals
from moderation.reconcile import drift_now
from moderation.witness import queries as witness_queries
from moderation.witness.cosigning import needed
from web import headers
from web.visit import Visit, pages

if TYPE_CHECKING:
    from fedcoop.db import Tx
    from moderation.ledger.serve import LogEntry
    from moderation.proposals.types import Proposal

ENTRIES = 30
ADDRESS = "/coop/ledger/{index:[0-9]{1,15}}"


class LedgerParams(msgspec.Struct):
    before: int | None = None


class EntryParams(msgspec.Struct):
    index: int


@pages.get("/coop/ledger")
async def overview(visit: Visit, params: LedgerParams) -> web.Response:
    async with visit.db.read() as tx:
        log = await tx.one(queries.LOG)
        size = log.size if log else 0
        before = size if params.before is None else min(params.before, size)
        entries = await serve.entries(tx, before=before, limit=ENTRIES)
        shown = await _shown(tx, entries)
        checkpoint = await _checkpoint(tx, visit.config.witness_quorum)
        watched = await tx.all(witness_queries.LOGS)
        drift = await drift_now(tx)
        verifier_key = log.signer(visit.db.vault).verifier.vkey if log else ""
    oldest = entries[-1].index if entries else 0
    newer = before + ENTRIES
    return await visit.page(
        "ledger.html",
        drift=drift,
        recent_title="Latest entries" if before >= size else f"Entries {oldest} to {before - 1}",
        entries=shown,
        newer_url=f"/coop/ledger?before={newer}" if before < size else "",
        older_url=f"/coop/ledger?before={oldest}" if oldest > 0 else "",
        checkpoint=checkpoint,
        watched=watched,
        forked=[each for each in watched if each.fork],
        verifier_key=verifier_key,
    )


@pages.get(ADDRESS)
async def entry(visit: Visit, params: EntryParams) -> web.Response:
    """One entry as it is stored, byte for byte."""
    async with visit.db.read() as tx:
        found = await serve.entry(tx, params.index)
        raw = await serve.raw(tx, params.index)
        shown = (await _shown(tx, [found]))[0]
        log = await tx.one(queries.LOG)
    signed = log is not None and params.index < log.signed_size
    last = log is None or params.index + 1 >= log.size
    return await visit.page(
        "entry.html",
        entry=shown,
        leaf_hash=leaf_hash(raw).hex(),
        raw=raw.decode(),
        committed=found.commit is not None,
        proof_url=f"/coop/ledger/{params.index}.tlog-proof" if signed else "",
        earlier_url=f"/coop/ledger/{params.index - 1}" if params.index else "",
        later_url="" if last else f"/coop/ledger/{params.index + 1}",
    )


@pages.get(f"{ADDRESS}.tlog-proof")
async def proof(visit: Visit, params: EntryParams) -> web.Response:
    """C2SP tlog-proof of one entry, as a file."""
    async with visit.db.read() as tx:
        found = await serve.proof(tx, params.index)
    response = web.Response(text=found.text, content_type="text/plain", charset="utf-8")
    response.headers.update(headers.SAFE)
    response.headers["Content-Disposition"] = f'attachment; filename="entry-{params.index}.tlog-proof"'
    return response


async def _shown(tx: Tx, entries: Iterable[LogEntry]) -> list[dict[str, Any]]:
    """Entries with their sentences and the numbers of the proposals they are about."""
    entries = list(entries)
    ids = {int(id_) for each in entries if (id_ := proposal_of(each))}
    found = await tx.all(proposals.BY_IDS, ids=list(ids)) if ids else []
    about = {str(proposal.id): proposal for proposal in found}
    return [_line(each, about.get(proposal_of(each) or "")) for each in entries]


def _line(entry: LogEntry, proposal: Proposal | None) -> dict[str, Any]:
    said = sentence(entry)
    # Of a draft only members know, and a title need not be said twice.
    titled = proposal is not None and proposal.state != "draft" and proposal.title not in said
    return {
        "index": entry.index,
        "type": entry.type,
        "sentence": said,
        "at": clock.parse(entry.time),
        "url": f"/coop/ledger/{entry.index}",
        "proposal_number": proposal.number if proposal else None,
        "proposal_title": proposal.title if proposal and titled else "",
        "proposal_url": f"/coop/{proposal.number}" if proposal else "",
    }


async def _checkpoint(tx: Tx, quorum: int) -> dict[str, Any] | None:
    """The latest checkpoint, and the latest that enough witnesses have signed: they follow within seconds."""
    signed = await tx.one(queries.CHECKPOINT)
    if signed is None:
        return None
    asked = await tx.all(witness_queries.WITNESSES)
    seen = await tx.one(witness_queries.LATEST_COSIGNED, least=needed(quorum, len(asked))) if asked else None
    signatures = await tx.all(witness_queries.COSIGNATURES, size=seen["size"]) if seen else []
    return {
        "size": signed.size,
        "signed_at": signed.signed_at,
        "witnessed_size": seen["size"] if seen else 0,
        "witnesses": signatures,
        "asked": len(asked),
        "text": await serve.note(tx, signed),
    }
