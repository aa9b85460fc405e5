"""Reading what accounts elsewhere show on their profiles: pinned statuses, hashtags, collections of accounts. Ours
are served by `documents`."""

from __future__ import annotations

import logging

from activitypub import resolve
from activitypub.errors import FetchError, Ignored
from activitypub.federation import Federation
from activitypub.origins import same_origin
from activitypub.vocabulary import Collection
from fedcoop import jobs
from fedcoop.accounts import access as account_access
from fedcoop.accounts.types import Account
from fedcoop.collections import remote as collections
from fedcoop.collections.types import MOST_COLLECTIONS
from fedcoop.errors import Problem
from fedcoop.jobs.types import FetchCollection, FetchFeatured
from fedcoop.pins import actions as pins
from fedcoop.statuses.types import Status
from fedcoop.tags import actions as tags

log = logging.getLogger(__name__)


async def fetch(fed: Federation, job: FetchFeatured) -> None:
    """Job: have the pinned statuses, hashtags and collections of an account, as many as are kept. What cannot be
    had is left as it was."""
    async with fed.db.read() as tx:
        account = await account_access.find(tx, job.account_id)
    if account.local or account.suspended_at is not None:
        return
    if (found := await _list(fed, account, account.featured_uri)) is not None:
        pinned = [await own_status(fed, account, uri) for uri in found.items[: pins.MOST_REMOTE_PINS]]
        async with fed.db.write() as tx:
            await pins.replace(tx, account, [status.id for status in pinned if status is not None])
    if (found := await _list(fed, account, account.featured_tags_uri)) is not None:
        async with fed.db.write() as tx:
            await tags.replace(tx, account, found.hashtags)
    if (found := await _list(fed, account, account.collections_uri)) is not None:
        uris = [uri for uri in found.items if same_origin(uri, account.uri)][:MOST_COLLECTIONS]
        async with fed.db.write() as tx:
            await collections.keep_only(tx, account, uris)
            await jobs.add_all(tx, [FetchCollection(account_id=account.id, uri=uri) for uri in uris])


async def own_status(fed: Federation, account: Account, uri: str) -> Status | None:
    """The account's status with this address, fetched if need be; None for what is not its own, or not to be
    had. What a group has pinned is mostly of others."""
    others = account.kind == "group"
    if not others and not same_origin(uri, account.uri):
        return None
    try:
        status = await resolve.status(fed, uri)
    except (FetchError, Ignored, Problem):
        return None
    return status if status is not None and (others or status.account_id == account.id) else None


async def _list(fed: Federation, account: Account, uri: str) -> Collection | None:
    """What lies at an address of the account's, or on its first page; None where there is nothing to be had."""
    if not uri:
        return None
    try:
        found, _ = await resolve.fetch(fed, uri)
        if not isinstance(found, Collection):
            raise Ignored("no collection")
        page = found.first_page
        if not found.items and page is None and found.first and same_origin(found.first, account.uri):
            first, _ = await resolve.fetch(fed, found.first)
            page = first if isinstance(first, Collection) else None
    except (FetchError, Ignored, Problem) as problem:
        log.info("%s was not read: %s", uri, problem)
        return None
    return page if page is not None and not found.items and not found.hashtags else found
