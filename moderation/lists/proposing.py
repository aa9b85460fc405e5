"""What becomes of a shared list that was read: servers that are new in it are proposed by the assembly, with what
the list says of them, and those that it has taken back are proposed to be lifted. Nothing is restricted
without a vote."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from fedcoop import clock, domains
from fedcoop.accounts import access as accounts
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.text.domains import canonical
from moderation.acts.types import LiftDomain, LimitDomain, SuspendDomain, to_data
from moderation.ledger.entries import SYSTEM
from moderation.proposals import actions as proposals
from moderation.proposals.types import MOST_ACTS, ProposalDraft

from . import queries
from .reading import read
from .types import Listed, SharedList, StoredEntry

MOST_AT_ONCE = 3
"""Proposals from one reading; what is left waits for the next."""
ACTS_EACH = min(MOST_ACTS, 20)
Entry = TypeVar("Entry", Listed, StoredEntry)
STRENGTH = {"": 0, "limit": 1, "suspend": 2}


async def take_in(tx: Tx, url: str, text: str, *, config: Config) -> None:
    """Compare a list with what stands in it here, keep it, and propose what changed. A list that is no longer
    read changes nothing. Raises Invalid for a text that is no list."""
    known = await tx.one(queries.ONE, url=url)
    if known is None:
        return
    now = {entry.domain: entry for entry in read(text) if entry.domain != canonical(config.domain)}
    stored = {entry.domain: entry for entry in await tx.all(queries.ENTRIES, url=url)}
    await tx.many(
        queries.PUT_ENTRY,
        [{"url": url, "proposed": "", **msgspec.structs.asdict(entry)} for entry in now.values()],
    )
    live = {each.domain: each.severity for each in await domains.all_restrictions(tx)}
    excepted = {each.domain for each in await domains.allowed(tx)}
    wanted = [
        entry
        for entry in now.values()
        if entry.domain not in excepted
        and STRENGTH[entry.severity] > STRENGTH[live.get(entry.domain, "")]
        and (entry.domain not in stored or stored[entry.domain].proposed != entry.severity)
    ]
    gone = [entry for domain, entry in stored.items() if domain not in now]
    retracted = [entry for entry in gone if entry.proposed and entry.domain in live]
    proposed = await _propose(tx, known, wanted, config)
    for entry in proposed:
        await tx.execute(queries.PROPOSED, of_list=url, of_domain=entry.domain, now_proposed=entry.severity)
    done = await _retract(tx, known, retracted[: ACTS_EACH * MOST_AT_ONCE], config)
    waiting = {entry.domain for entry in retracted} - done
    await tx.execute(
        queries.FORGET, url=url, domains=[entry.domain for entry in gone if entry.domain not in waiting]
    )
    await tx.execute(queries.READ, of_list=url, at=clock.now())


def restricting(entry: Listed) -> SuspendDomain | LimitDomain:
    """The act that does what a list asks for."""
    act = SuspendDomain if entry.severity == "suspend" else LimitDomain
    return act(
        domain=entry.domain,
        reject_media=entry.reject_media,
        reject_reports=entry.reject_reports,
        obfuscate=entry.obfuscate,
        public_comment=entry.comment,
    )


async def _propose(tx: Tx, known: SharedList, wanted: list[Listed], config: Config) -> list[Listed]:
    proposed: list[Listed] = []
    for batch in _batches(wanted):
        acts = [restricting(entry) for entry in batch]
        names = batch[0].domain if len(batch) == 1 else f"{len(batch)} servers"
        body = (
            f"The shared list {_linked(known)} names "
            f"{'this server' if len(batch) == 1 else 'these servers'}. What it says:\n\n"
            + "\n".join(f"- **{each.domain}**: {each.comment or 'no reason is given'}" for each in batch)
            + f"\n\nRead on {clock.day(clock.now())}. Nothing is restricted unless this passes."
        )
        acts_data = [to_data(act) for act in acts]
        await _put(tx, f"Restrict {names}, as {known.name} does", body, acts_data, config)
        proposed += batch
    return proposed


async def _retract(tx: Tx, known: SharedList, retracted: list[StoredEntry], config: Config) -> set[str]:
    done: set[str] = set()
    for batch in _batches(retracted):
        names = batch[0].domain if len(batch) == 1 else f"{len(batch)} servers"
        body = (
            f"The shared list {_linked(known)}, because of which the restriction was proposed, no longer names "
            + ", ".join(f"**{each.domain}**" for each in batch)
            + f". Read on {clock.day(clock.now())}."
        )
        acts = [to_data(LiftDomain(each.domain)) for each in batch]
        await _put(tx, f"Lift the restrictions on {names}: {known.name} has", body, acts, config)
        done |= {each.domain for each in batch}
    return done


def _batches(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    parts = [entries[at : at + ACTS_EACH] for at in range(0, len(entries), ACTS_EACH)]
    return parts[:MOST_AT_ONCE]


async def _put(tx: Tx, title: str, body: str, acts: list[dict[str, Any]], config: Config) -> None:
    voice = await accounts.assembly(tx)
    draft = ProposalDraft(title=title[:200], body=body, kind="federation", acts=acts)
    await proposals.put_forward(tx, voice, draft, actor=SYSTEM, config=config)


def _linked(known: SharedList) -> str:
    return f"[{known.name}]({known.url})"
