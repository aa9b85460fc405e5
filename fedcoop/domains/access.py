"""Asking whether a server is restricted, and what a restriction would do."""

from __future__ import annotations

import msgspec

from fedcoop import clock
from fedcoop.db import Row, Tx
from fedcoop.domains import queries
from fedcoop.domains.names import names_within
from fedcoop.domains.types import DomainBlock, Impact, Restriction, SeveredFollow, SeveredHandle
from fedcoop.errors import NotFound
from fedcoop.paging import Page
from fedcoop.text.domains import canonical, parents


async def gate(tx: Tx, domain: str) -> Restriction | None:
    """The restriction that holds for this server, its own or that of a domain above it; of several the strictest,
    with whatever else any of them refuses. Raises `Invalid` for what is no domain."""
    found = await tx.all(queries.GATE, domains=parents(canonical(domain)))
    if len(found) < 2:
        return found[0] if found else None
    return msgspec.structs.replace(
        found[0],
        reject_media=any(each.reject_media for each in found),
        reject_reports=any(each.reject_reports for each in found),
    )


async def all_restrictions(tx: Tx) -> list[Restriction]:
    """All of them, by name; exceptions are in `allowed`."""
    return await tx.all(queries.ALL)


async def allowed(tx: Tx) -> list[Restriction]:
    """Servers that are excepted from what holds above them, by name."""
    return await tx.all(queries.ALLOWED)


async def page(tx: Tx, page: Page, *, allowed: bool) -> list[Restriction]:
    """Restrictions or exceptions from them, the newest first."""
    return await (queries.EXCEPTING if allowed else queries.RESTRICTING).all(tx, page)


async def by_id(tx: Tx, id_: int) -> Restriction:
    """A restriction, or an exception. Raises `NotFound`."""
    found = await tx.one(queries.BY_ID, id=id_)
    if found is None:
        raise NotFound
    return found


async def find(tx: Tx, domain: str) -> Restriction | None:
    """What was decided about exactly this domain. Raises `Invalid` for what is none."""
    return await tx.one(queries.FIND, domain=canonical(domain))


async def impact(tx: Tx, domain: str) -> Impact:
    """What suspending this server would cut. Reads many rows."""
    row = await tx.one(queries.IMPACT, **names_within(canonical(domain)), now=clock.now())
    if row is None:
        raise LookupError("a count has a row")
    return Impact(*row)


async def severed(tx: Tx, account_id: int, page: Page) -> list[SeveredFollow]:
    """The follows that a member lost to restrictions, newest first."""
    return await queries.SEVERED.all(tx, page, account_id=account_id)


async def severed_by_domain(tx: Tx, account_id: int) -> list[Row]:
    """What a member lost to each restriction: domain, following, followers, since."""
    return await tx.all(queries.SEVERED_DOMAINS, account_id=account_id)


async def severed_handles(tx: Tx, account_id: int) -> list[SeveredHandle]:
    """All that a member lost, by handle, for a file to keep."""
    return [
        SeveredHandle(f"{username}@{host}", direction, domain)
        for username, host, direction, domain in await tx.all(queries.SEVERED_OF, account_id=account_id)
    ]


def domain_block(restriction: Restriction) -> DomainBlock:
    """A restriction as Mastodon's API shows it."""
    return DomainBlock(
        domain=restriction.shown_domain,
        digest=restriction.digest,
        severity="suspend" if restriction.suspended else "silence",
        comment=restriction.public_comment or None,
    )
