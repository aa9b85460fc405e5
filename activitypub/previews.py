"""Fetching the pages that statuses link to, for their cards (`fedcoop.cards`): once, whoever links to them."""

from __future__ import annotations

import asyncio
import logging

from activitypub import resolve
from activitypub.errors import FetchError, Ignored
from activitypub.federation import Federation
from fedcoop.accounts import attribution
from fedcoop.accounts.types import Account
from fedcoop.cards import actions, reading
from fedcoop.cards.types import Page
from fedcoop.errors import Problem
from fedcoop.jobs.types import FetchCard
from fedcoop.search import actions as search
from fedcoop.text.links import host
from fedcoop.text.pages import KINDS

log = logging.getLogger(__name__)

LARGEST_PAGE = 1_000_000
"""Bytes: a page is cut there."""
LARGEST_OEMBED = 100_000


async def fetch_card(fed: Federation, job: FetchCard) -> None:
    """Job: what the page at this address says of itself. What cannot be had has no card."""
    page = await _page(fed, job.url)
    if page is None:
        return
    author = await _creator(fed, page)
    if author is not None:
        page.author_name, page.author_url = author.display_name or author.username, author.url or author.uri
    async with fed.db.write() as tx:
        changed = await actions.save(tx, job.url, page, author.id if author else None)
        if page.type == "video":
            await search.index(tx, changed)


async def _page(fed: Federation, url: str) -> Page | None:
    try:
        fetched = await fed.client.get(url, accept=", ".join(KINDS), limit=LARGEST_PAGE, cut=True)
    except FetchError as problem:
        log.info("%s has no card: %s", url, problem)
        return None
    if fetched.content_type.partition(";")[0].strip() not in KINDS:
        return None
    page = await asyncio.to_thread(reading.read, fetched.url, fetched.body, fetched.content_type)
    if page is not None and page.oembed:
        try:
            told = await fed.client.get(page.oembed, accept="application/json", limit=LARGEST_OEMBED)
            reading.add_oembed(page, told.body)
        except FetchError as problem:
            log.info("%s tells no more: %s", url, problem)
    return page


async def _creator(fed: Federation, page: Page) -> Account | None:
    """The account that the page names as its author, if that account lets the page's domain do so."""
    if not page.creator:
        return None
    try:
        account = await resolve.by_handle(fed, page.creator)
    except (FetchError, Ignored, Problem):
        return None
    async with fed.db.read() as tx:
        allowed = await attribution.allows(tx, account.id, host(page.url))
    return account if allowed else None
