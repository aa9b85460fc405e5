"""Looking whether the pages that members call theirs link back to them (`fedcoop.accounts.links`)."""

from __future__ import annotations

import asyncio
import logging

from activitypub.errors import FetchError, Unreachable
from activitypub.federation import Federation
from fedcoop import clock, jobs
from fedcoop.accounts import links
from fedcoop.accounts import queries as account_queries
from fedcoop.jobs.types import Federate, VerifyLinks
from fedcoop.text.pages import KINDS

log = logging.getLogger(__name__)

LARGEST_PAGE = 1_000_000
"""Bytes: a page is cut there."""


async def verify_links(fed: Federation, job: VerifyLinks) -> None:
    """Job: mark which pages on a member's profile are theirs. What is verified stays so while its server does not
    answer; raises `Unreachable` then, for another try."""
    async with fed.db.read() as tx:
        account = await tx.one(account_queries.BY_ID, id=job.account_id)
    if account is None or not account.local or account.deleted_at is not None:
        return
    verified: dict[str, int | None] = {}
    silent: Unreachable | None = None
    for url in links.claimed(account):
        try:
            verified[url] = clock.now() if await _links_back(fed, url, (account.url, account.uri)) else None
        except Unreachable as problem:
            silent = problem
        except FetchError as problem:
            log.info("%s is not verified: %s", url, problem)
            verified[url] = None
    if verified:
        async with fed.db.write() as tx:
            if await links.save(tx, account.id, verified):
                await jobs.add(tx, Federate(activity="profile", account_id=account.id))
    if silent is not None:
        raise silent


async def _links_back(fed: Federation, url: str, addresses: tuple[str, ...]) -> bool:
    fetched = await fed.client.get(url, accept=", ".join(KINDS), limit=LARGEST_PAGE, cut=True)
    if fetched.content_type.partition(";")[0].strip() not in KINDS or not links.same_site(url, fetched.url):
        return False
    return await asyncio.to_thread(links.links_back, fetched.body, fetched.content_type, addresses)
