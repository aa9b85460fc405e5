"""Restricting servers and lifting it again, when members have decided so."""

from __future__ import annotations

import logging

import msgspec

from fedcoop import clock, jobs
from fedcoop.accounts import queries as accounts
from fedcoop.db import Tx
from fedcoop.domains import queries
from fedcoop.domains.names import names_within
from fedcoop.domains.types import Restriction, Severity
from fedcoop.errors import Problem
from fedcoop.ids import new_id
from fedcoop.jobs.types import RestoreFollows
from fedcoop.notifications import notices
from fedcoop.relationships import actions as relationships
from fedcoop.text.domains import canonical, parents

FOLLOWS_AT_ONCE = 100

log = logging.getLogger(__name__)


async def restrict(
    tx: Tx,
    domain: str,
    *,
    severity: Severity,
    reject_media: bool = False,
    reject_reports: bool = False,
    obfuscate: bool = False,
    public_comment: str = "",
    because: str = "",
) -> Restriction:
    """Restrict a server and those below it from now on, in place of what held before.

    `limit` hides its accounts from everybody who does not follow them. `suspend` ends every follow both ways,
    keeps a list of them for their owners, tells these, and hides all its accounts. `allow` excepts it from
    what holds for a domain above it. Doing what is already so changes only the words. Raises `Invalid` for what
    is no domain.
    """
    domain = canonical(domain)
    before = await tx.one(queries.FIND, domain=domain)
    same = before is not None and before.severity == severity
    restriction = Restriction(
        domain=domain,
        id=new_id() if before is None else before.id,
        severity=severity,
        reject_media=reject_media,
        reject_reports=reject_reports,
        obfuscate=obfuscate,
        public_comment=public_comment,
        because=because,
        created_at=before.created_at if before is not None and same else await _moment(tx),
    )
    await tx.execute(queries.PUT, **msgspec.structs.asdict(restriction))
    if before is not None and not same and before.severity != "allow":
        await _unmark(tx, before)
    await mark_again(tx, domain)
    if severity == "suspend":
        await _sever(tx, restriction)
    elif (before is not None and before.suspended) or severity == "allow":
        await jobs.add(tx, RestoreFollows(domain=domain))
    log.info("%s: %s because of %s", domain, severity, because or "the operator")
    return restriction


async def lift(tx: Tx, domain: str, *, because: str) -> None:
    """Restrict a server no longer, or except it no longer. Its accounts are as they were, but for those
    restricted for their own sake or by another restriction; a job brings back the follows that were cut."""
    domain = canonical(domain)
    before = await tx.one(queries.FIND, domain=domain)
    if before is None:
        return
    await tx.execute(queries.REMOVE, domain=domain)
    if before.severity != "allow":
        await _unmark(tx, before)
    await mark_again(tx, domain)
    if before.severity == "suspend":
        await jobs.add(tx, RestoreFollows(domain=domain))
    log.info("%s: lifted because of %s", domain, because or "the operator")


async def restore_follows(tx: Tx, domain: str) -> bool:
    """Bring back some of the follows that were cut from a server: members follow again, and those who followed
    them are taken for followers as their servers still do. What is not possible any more is dropped. False
    when nothing is left to do; a server that is suspended again keeps its list."""
    batch = await tx.all(queries.RESTORABLE, **names_within(domain), limit=FOLLOWS_AT_ONCE)
    found = await tx.all(
        accounts.BY_IDS, ids=[id_ for each in batch for id_ in (each.account_id, each.remote_id)]
    )
    people = {account.id: account for account in found}
    done = []
    for each in batch:
        member, other = people.get(each.account_id), people.get(each.remote_id)
        if other is not None and other.suspended_at is not None and other.deleted_at is None:
            continue
        done.append(each.id)
        if member is None or other is None or member.suspended_at is not None:
            continue
        try:
            if each.direction == "following":
                await relationships.follow(tx, member, other)
            else:
                await relationships.follow_again(tx, other, member)
        except Problem:
            continue
    await tx.execute(queries.FORGET_SEVERED, ids=done)
    return len(batch) == FOLLOWS_AT_ONCE and bool(done)


async def _unmark(tx: Tx, restriction: Restriction) -> None:
    statement = queries.UNSUSPEND if restriction.suspended else queries.UNLIMIT
    await tx.execute(statement, **names_within(restriction.domain), at=restriction.created_at)


async def mark_again(tx: Tx, domain: str) -> None:
    """Put the marks of every restriction that concerns accounts within this domain: its own, those above it
    (whose marks reach further, but are there already), and those below; an exception takes away what comes
    from above it."""
    above = await tx.one(queries.GATE, domains=parents(domain))
    below = await tx.all(queries.WITHIN, **names_within(domain))
    if above is not None:
        # Of two that reach the same account the marks are put once; any of them keeps it hidden.
        await _mark(tx, above, domain)
    marking = await tx.all(queries.ALL)
    for restriction in sorted(below, key=lambda each: each.domain.count(".")):
        if restriction.severity != "allow":
            await _mark(tx, restriction, restriction.domain)
            continue
        higher = parents(restriction.domain)
        for each in marking:
            if each.domain in higher and each.domain != restriction.domain:
                await _unmark(tx, msgspec.structs.replace(each, domain=restriction.domain))


async def _mark(tx: Tx, restriction: Restriction, within: str) -> None:
    statement = queries.SUSPEND if restriction.suspended else queries.LIMIT
    await tx.execute(statement, **names_within(within), at=restriction.created_at)


async def _sever(tx: Tx, restriction: Restriction) -> None:
    names = names_within(restriction.domain)
    now = clock.now()
    losses = await tx.all(queries.LOSSES, **names, now=now)
    for keep in queries.KEEP_SEVERED:
        await tx.execute(keep, **names, now=now)
    for statement in queries.SEVER:
        await tx.execute(statement, **names)
    await notices.severed(tx, "domain_block", restriction.domain, [tuple(loss) for loss in losses])


async def _moment(tx: Tx) -> int:
    """Now, or the next millisecond that no other restriction has: marks are told apart by it."""
    taken = {each.created_at for each in await tx.all(queries.ALL)}
    moment = clock.now()
    while moment in taken:
        moment += 1
    return moment
