"""Restricting servers and lifting it again, when members have decided so."""

from __future__ import annotations

import logging

import msgspec

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.domains import queries
from fedcoop.domains.names import names_within
from fedcoop.domains.types import Restriction, Severity
from fedcoop.notifications import notices
from fedcoop.text.domains import canonical, parents

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
    keeps a list of them for their owners, tells these, and hides all its accounts. Doing what is already so
    changes only the words. Raises `Invalid` for what is no domain.
    """
    domain = canonical(domain)
    before = await tx.one(queries.FIND, domain=domain)
    same = before is not None and before.severity == severity
    restriction = Restriction(
        domain=domain,
        severity=severity,
        reject_media=reject_media,
        reject_reports=reject_reports,
        obfuscate=obfuscate,
        public_comment=public_comment,
        because=because,
        created_at=before.created_at if before is not None and same else await _moment(tx),
    )
    await tx.execute(queries.PUT, **msgspec.structs.asdict(restriction))
    if before is not None and not same:
        await _unmark(tx, before)
    await _mark_all(tx, domain)
    if severity == "suspend":
        await _sever(tx, restriction)
    log.info("%s: %s because of %s", domain, severity, because or "the operator")
    return restriction


async def lift(tx: Tx, domain: str, *, because: str) -> None:
    """Restrict a server no longer. Its accounts are as they were, but for those restricted for their own sake or
    by another restriction; follows that were cut stay listed and do not come back by themselves."""
    domain = canonical(domain)
    before = await tx.one(queries.FIND, domain=domain)
    if before is None:
        return
    await tx.execute(queries.REMOVE, domain=domain)
    await _unmark(tx, before)
    await _mark_all(tx, domain)
    log.info("%s: lifted because of %s", domain, because or "the operator")


async def _unmark(tx: Tx, restriction: Restriction) -> None:
    statement = queries.UNSUSPEND if restriction.suspended else queries.UNLIMIT
    await tx.execute(statement, **names_within(restriction.domain), at=restriction.created_at)


async def _mark_all(tx: Tx, domain: str) -> None:
    """Put the marks of every restriction that concerns accounts within this domain: its own, those above it
    (whose marks reach further, but are there already), and those below."""
    above = await tx.one(queries.GATE, domains=parents(domain))
    below = await tx.all(queries.WITHIN, **names_within(domain))
    for restriction in [above, *below] if above is not None else below:
        # Of two that reach the same account the marks are put once; any of them keeps it hidden.
        name = domain if restriction is above else restriction.domain
        statement = queries.SUSPEND if restriction.suspended else queries.LIMIT
        await tx.execute(statement, **names_within(name), at=restriction.created_at)


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
