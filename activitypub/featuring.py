"""Collections that accounts elsewhere have made: read, and shown with those alone who consent (FEP-7aa9). Ours are
served by `documents`; what is kept is `fedcoop.collections`."""

from __future__ import annotations

import logging

from activitypub import resolve, stamps
from activitypub.errors import Gone, Ignored, Refused
from activitypub.federation import Federation
from activitypub.origins import same_origin
from activitypub.vocabulary import FeaturedCollection
from fedcoop import jobs
from fedcoop.accounts import access as account_access
from fedcoop.accounts.types import Account
from fedcoop.collections import queries, remote
from fedcoop.collections.types import MOST_REMOTE_ITEMS, Collection, Draft, RemoteCollection
from fedcoop.errors import Problem
from fedcoop.jobs.types import FetchCollection, VerifyItem

log = logging.getLogger(__name__)


async def fetch_collection(fed: Federation, job: FetchCollection) -> None:
    """Job: read a collection of an account elsewhere. One that is gone is forgotten. Raises what is worth another
    try: a server not answering."""
    async with fed.db.read() as tx:
        owner = await account_access.find(tx, job.account_id)
    if owner.local or owner.suspended_at is not None:
        return
    try:
        await read(fed, owner, job.uri)
    except Gone:
        async with fed.db.write() as tx:
            await remote.forget(tx, owner, job.uri)
    except (Ignored, Problem, Refused) as problem:
        log.info("%s was not read: %s", job.uri, problem)


async def read(fed: Federation, owner: Account, uri: str) -> Collection:
    """Fetch a collection, store it, and have everybody in it looked at. Raises `FetchError`, `Problem`, `Ignored`
    for what is no collection of this owner's."""
    if not same_origin(uri, owner.uri):
        raise Ignored("a collection of another origin than its owner")
    found, identity = await resolve.fetch(fed, uri)
    if not isinstance(found, FeaturedCollection) or found.attributed_to != owner.uri:
        raise Ignored("no collection of this owner's")
    if not same_origin(identity, owner.uri):
        raise Ignored("a collection of another origin than its owner")
    items = {item.id: item for item in found.items[:MOST_REMOTE_ITEMS] if same_origin(item.id, identity)}
    async with fed.db.write() as tx:
        kept = await remote.keep(tx, owner, described(found))
        known = {item.uri: item for item in await remote.keep_items(tx, kept, items.keys())}
        looked_at = {uri_ for uri_, item in known.items() if item.state == "accepted"}
        await jobs.add_all(
            tx,
            [
                VerifyItem(
                    collection_id=kept.id,
                    account_uri=item.featured_object,
                    stamp=item.authorization,
                    uri=item.id,
                    position=number,
                )
                for number, item in enumerate(items.values(), 1)
                if item.id not in looked_at or known[item.id].stamp_uri != item.authorization
            ],
        )
    return kept


def described(found: FeaturedCollection) -> RemoteCollection:
    """A collection in the domain's words."""
    return RemoteCollection(
        uri=found.id,
        url=found.url,
        draft=Draft(
            name=found.name,
            description=found.summary,
            language=found.language or None,
            tag=found.topic,
            sensitive=found.sensitive,
            discoverable=found.discoverable,
        ),
        created_at=found.published,
    )


async def verify_item(fed: Federation, job: VerifyItem) -> None:
    """Job: show an account in a collection, if it consents. Raises what is worth another try."""
    async with fed.db.read() as tx:
        collection = await tx.one(queries.BY_ID, id=job.collection_id)
    if collection is None:
        return
    try:
        account = await resolve.account(fed, job.account_uri)
        consents = account.local or await stamps.binds(
            fed,
            "FeatureAuthorization",
            job.stamp,
            author=account.uri,
            interacting=collection.uri,
            target=account.uri,
        )
    except (Ignored, Problem, Gone, Refused) as problem:
        log.info("%s is not shown in %s: %s", job.account_uri, collection.uri, problem)
        return
    if not consents:
        return
    async with fed.db.write() as tx:
        if await tx.one(queries.BY_ID, id=collection.id) is not None:
            await remote.place(tx, collection, account, uri=job.uri, stamp=job.stamp, position=job.position)
