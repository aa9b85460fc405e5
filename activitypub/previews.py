"""Fetching the pages that statuses link to, for their cards (`fedcoop.cards`): once, whoever links to them."""

from __future__ import annotations

import asyncio
import logging

from activitypub import resolve
from activitypub.errors import FetchError, Ignored
from activitypub.federation import Federation
from fedcoop.accounts import attribution
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
    claimed = await _creator(fed, page)
    async with fed.db.write() as tx:
        allowed = claimed is not None and await attribution.allows(tx, claimed, host(page.url))
        author = claimed if allowed else None
        changed = await actions.save(tx, job.url, page, claimed_id=claimed, author_id=author)
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


async def _creator(fed: Federation, page: Page) -> int | None:
    """The account that the page names as its author, whether it lets the page do so or not."""
    if not page.creator:
        return None
    try:
        return (await resolve.by_handle(fed, page.creator)).id
    except (FetchError, Ignored, Problem):
        return None
