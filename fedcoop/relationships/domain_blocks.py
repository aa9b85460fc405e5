"""Servers that a member wants nothing from, and nothing of whose people. What the members decide together about
servers is `fedcoop.domains`."""

from __future__ import annotations

from fedcoop import ids, jobs
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.jobs.types import LeaveDomain
from fedcoop.notifications import notices
from fedcoop.relationships import actions, queries
from fedcoop.text.domains import canonical

AT_ONCE = 100
"""Ties that are ended in one transaction."""


async def block(tx: Tx, account: Account, domain: str, *, config: Config) -> None:
    """See and hear nothing of a server from here on; follows in both directions end soon, and the member is
    told how many. Nobody else is told why. Raises `Invalid` for what is no domain, or our own."""
    name = canonical(domain)
    if name in ("", config.domain):
        raise Invalid("Validation failed: Domain is not a valid domain name", "domain")
    added = await tx.execute(queries.BLOCK_DOMAIN, account_id=account.id, domain=name, id=ids.new_id())
    if added:
        await tx.execute(queries.FORGET_NOTIFICATIONS_FROM, account_id=account.id, domain=name)
        row = await tx.one(queries.FOLLOWS_OF_DOMAIN, account_id=account.id, domain=name)
        if row is not None and any(row):
            await notices.severed(tx, "user_domain_block", name, [(account.id, row[0], row[1])])
        await jobs.add(tx, LeaveDomain(account_id=account.id, domain=name))


async def unblock(tx: Tx, account: Account, domain: str) -> None:
    """Take that back, if it was so. Follows do not come back. Raises `Invalid` for what is no domain."""
    await tx.execute(queries.UNBLOCK_DOMAIN, account_id=account.id, domain=canonical(domain))


async def leave(tx: Tx, job: LeaveDomain) -> None:
    """Job: end some of the follows and requests between a member and a server, and come back for the rest."""
    account = await accounts.find(tx, job.account_id)
    tied = await tx.scalars(queries.TIED_TO_DOMAIN, account_id=account.id, domain=job.domain, most=AT_ONCE)
    for account_id in tied:
        other = await accounts.find(tx, account_id)
        await actions.unfollow(tx, account, other)
        await actions.remove_follower(tx, account, other)
    if len(tied) == AT_ONCE:
        await jobs.add(tx, job)
