"""Hanging a card on a status when it is stored, and keeping what its page says once that was fetched."""

from __future__ import annotations

import zlib
from collections.abc import Collection

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts import attribution
from fedcoop.cards import queries
from fedcoop.cards.types import Page
from fedcoop.db import Tx
from fedcoop.jobs.types import FetchCard
from fedcoop.text.links import host, links, normal

KEPT = 14 * clock.DAY
"""What was asked for earlier is asked for anew when the next status links to it."""
SPREAD = clock.MINUTE
"""Many servers learn of a link at the same moment: we ask for it at some moment within this time."""
MOST_REINDEXED = 500
MOST_CREDITED = 500


async def attach(
    tx: Tx,
    status_id: int,
    html: str,
    *,
    link: str = "",
    apart_from: Collection[str] = (),
    at_once: bool = False,
) -> bool:
    """Hang the card of the first link in this HTML on a status, or of `link`, if its author has attached one; says
    whether what is on the card is known already. `apart_from` are addresses of people it mentions. The page is
    asked for unless that was done lately."""
    found = [normal(link)] if link else links(html)
    url = next((each for each in found if each and each not in apart_from), None)
    if url is None:
        return False
    await tx.execute(queries.ATTACH, status_id=status_id, url=url)
    known = await tx.one(queries.ADDRESS, url=url)
    now = clock.now()
    if known is None or known["asked_at"] < now - KEPT:
        await tx.execute(queries.ASK, url=url, card_id=None, asked_at=now)
        delay = 0 if at_once else zlib.crc32(f"{status_id}{url}".encode()) % SPREAD
        await jobs.add(tx, FetchCard(url=url), run_at=now + delay)
    return known is not None and known["card_id"] is not None


async def detach(tx: Tx, status_id: int) -> None:
    """Take the card off, before an edit hangs another one on it."""
    await tx.execute(queries.DETACH, status_id=status_id)


async def save(tx: Tx, url: str, page: Page, *, claimed_id: int | None, author_id: int | None) -> list[int]:
    """Keep what the page at this address says of itself, for all statuses that lead to it; says which, as far as
    what they have has changed. What another page says of this one does not replace what it says itself."""
    known = await tx.one(queries.BY_URL, url=page.url)
    said = msgspec.structs.asdict(page)
    for aside in ("creator", "oembed"):
        del said[aside]
    fresh = said | {"claimed_id": claimed_id, "author_id": author_id}
    kept = {name: getattr(known, name) for name in fresh} if known else {}
    changed = kept != fresh
    if known is None or (changed and page.url == url):
        await tx.execute(queries.SAVE, id=ids.new_id(), fetched_at=clock.now(), **fresh)
    card = await tx.one(queries.BY_URL, url=page.url)
    address = await tx.one(queries.ADDRESS, url=url)
    if card is None or address is None:
        return []
    if address["card_id"] == card.id and not changed:
        return []
    await tx.execute(queries.LEAD, of_url=url, to=card.id)
    await tx.execute(queries.TOUCH, card_ids=[card.id])
    return await tx.scalars(queries.LINKING, card_id=card.id, limit=MOST_REINDEXED)


async def credit(tx: Tx, account_id: int) -> None:
    """An account lets other websites than before name it as their author: say so on the latest cards that do."""
    domains = set(await attribution.domains_of(tx, account_id))
    changed = []
    for id_, url, known in await tx.all(queries.CLAIMED, account_id=account_id, limit=MOST_CREDITED):
        author_id = account_id if domains.intersection(attribution.names_of(host(url))) else None
        if author_id != known:
            changed.append({"card_id": id_, "to": author_id})
    if changed:
        await tx.many(queries.CREDIT, changed)
        await tx.execute(queries.TOUCH, card_ids=[each["card_id"] for each in changed])


async def clean_up(tx: Tx) -> None:
    """Forget addresses that no status leads to any more."""
    await tx.execute(queries.FORGET, before=clock.now() - KEPT)
