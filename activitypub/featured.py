"""Reading what accounts elsewhere have pinned: their featured collection. Ours is served by `documents`."""

from __future__ import annotations

import logging

from activitypub import resolve
from activitypub.errors import FetchError, Ignored
from activitypub.federation import Federation
from activitypub.origins import same_origin
from activitypub.vocabulary import Collection
from fedcoop.accounts import access as account_access
from fedcoop.accounts.types import Account
from fedcoop.errors import Problem
from fedcoop.jobs.types import FetchFeatured
from fedcoop.pins import actions as pins
from fedcoop.statuses.types import Status

log = logging.getLogger(__name__)


async def fetch(fed: Federation, job: FetchFeatured) -> None:
    """Job: have the pinned statuses of an account, as many as are kept. What cannot be had is left out."""
    async with fed.db.read() as tx:
        account = await account_access.find(tx, job.account_id)
    if account.local or account.suspended_at is not None or not account.featured_uri:
        return
    try:
        uris = await _items(fed, account)
    except (FetchError, Ignored, Problem) as problem:
        log.info("%s was not read: %s", account.featured_uri, problem)
        return
    pinned = [await own_status(fed, account, uri) for uri in uris[: pins.MOST_REMOTE_PINS]]
    async with fed.db.write() as tx:
        await pins.replace(tx, account, [status.id for status in pinned if status is not None])


async def own_status(fed: Federation, account: Account, uri: str) -> Status | None:
    """The account's status with this address, fetched if need be; None for what is not its own, or not to be
    had."""
    if not same_origin(uri, account.uri):
        return None
    try:
        status = await resolve.status(fed, uri)
    except (FetchError, Ignored, Problem):
        return None
    return status if status is not None and status.account_id == account.id else None


async def _items(fed: Federation, account: Account) -> tuple[str, ...]:
    """The ids in the collection, or on its first page. Raises `FetchError`, `Ignored`, `Problem`."""
    found, _ = await resolve.fetch(fed, account.featured_uri)
    if not isinstance(found, Collection):
        raise Ignored("no collection")
    page = found.first_page
    if not found.items and page is None and found.first and same_origin(found.first, account.uri):
        first, _ = await resolve.fetch(fed, found.first)
        page = first if isinstance(first, Collection) else None
    return found.items or (page.items if page is not None else ())
