"""Collections of recommended accounts: made, changed and removed; and consent to being in them."""

from __future__ import annotations

from activitypub.builders import featuring as build
from activitypub.builders.actor import featured_collections
from activitypub.builders.stamps import answer, revoked
from activitypub.federate import recipients
from activitypub.federate.types import Told
from activitypub.federation import Federation
from fedcoop import ids
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.collections import queries
from fedcoop.collections.types import Collection
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate

REQUESTS = "#feature_requests/"


def request_id(owner: Account, item_id: int) -> str:
    """The id of the FeatureRequest for an account in a member's collection."""
    return f"{owner.uri}{REQUESTS}{item_id}"


async def featured(tx: Tx, found: Collection) -> list[build.Featured]:
    """Everybody in a local collection who consents, as they are told to others."""
    rows = await tx.all(queries.FEATURED, collection_id=found.id, viewer=0)
    return [
        build.Featured(
            uri=f"{found.uri}/items/{row['id']}",
            account_uri=row["account_uri"],
            stamp_uri=row["stamp_uri"],
            created_at=row["created_at"],
        )
        for row in rows
    ]


async def add(tx: Tx, fed: Federation, account: Account, job: Federate) -> Told | None:
    """Add of a new collection to those of its owner, to the followers."""
    found = await tx.one(queries.BY_ID, id=job.object_id)
    if found is None:
        return None
    document = build.collection(account, found, await featured(tx, found), fed.config.base_url)
    added = build.changed(f"{found.uri}#add", "Add", account, document, featured_collections(account))
    return Told([added], await recipients.followers(tx, account))


async def update(tx: Tx, fed: Federation, account: Account, job: Federate) -> Told | None:
    """Update of a collection, to the followers and to those in it."""
    found = await tx.one(queries.BY_ID, id=job.object_id)
    if found is None:
        return None
    document = build.collection(account, found, await featured(tx, found), fed.config.base_url)
    updated = build.changed(f"{found.uri}#updates/{found.updated_at}", "Update", account, document)
    return Told([updated], await _concerned(tx, account, found.id))


async def remove(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Remove of a collection from those of its owner, to the followers."""
    removed = build.changed(f"{job.uri}#remove", "Remove", account, job.uri, featured_collections(account))
    return Told([removed], await recipients.followers(tx, account))


async def add_item(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Add of an entry to a collection, to the followers and to those in it."""
    found = await tx.one(queries.BY_ID, id=job.object_id)
    entries = await featured(tx, found) if found is not None else []
    entry = next((each for each in entries if each.uri == job.uri), None)
    if found is None or entry is None:
        return None
    added = build.changed(f"{job.uri}#add", "Add", account, build.item(entry), found.uri)
    return Told([added], await _concerned(tx, account, found.id))


async def remove_item(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Remove of an entry from a collection, to the followers, to those in it and to who was."""
    collection_uri = job.uri.rpartition("/items/")[0]
    removed = build.changed(f"{job.uri}#remove", "Remove", account, job.uri, collection_uri)
    inboxes = await _concerned(tx, account, job.object_id)
    return Told([removed], inboxes + await recipients.people(tx, [int(job.detail["account_id"])]))


async def ask(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """FeatureRequest, to the account that is to be recommended."""
    item = await tx.one(queries.ITEM, id=job.object_id)
    found = await tx.one(queries.BY_ID, id=item.collection_id) if item is not None else None
    asked = await tx.one(account_queries.BY_ID, id=item.account_id) if item is not None else None
    if item is None or found is None or asked is None or asked.local or item.state != "pending":
        return None
    document = build.request(request_id(account, item.id), account.uri, asked.uri, found.uri)
    return Told([document], [asked.inbox])


async def give(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Accept of a FeatureRequest, to whoever asked."""
    item = await tx.one(queries.ITEM, id=job.object_id)
    found = await tx.one(queries.BY_ID, id=item.collection_id) if item is not None else None
    asker = await tx.one(account_queries.BY_ID, id=found.account_id) if found is not None else None
    if item is None or found is None or asker is None or item.state != "accepted":
        return None
    asked = build.request(job.uri, asker.uri, account.uri, found.uri)
    return Told(
        [answer(f"{account.uri}#accepts/{ids.new_id()}", account.uri, asked, item.stamp_uri)], [asker.inbox]
    )


async def refuse(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Reject of a FeatureRequest, to whoever asked."""
    asker = await tx.one(account_queries.BY_ID, id=job.object_id)
    if asker is None:
        return None
    asked = build.request(job.uri, asker.uri, account.uri, str(job.detail["collection"]))
    return Told([answer(f"{account.uri}#rejects/{ids.new_id()}", account.uri, asked)], [asker.inbox])


async def take_back(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Delete of a stamp, to whoever recommends and to the followers, who may have seen it."""
    owner = await tx.one(account_queries.BY_ID, id=job.object_id)
    inboxes = await recipients.followers(tx, account)
    if owner is not None:
        inboxes += await recipients.people(tx, [owner.id])
    to = [account.followers_uri or f"{account.uri}/followers"]
    return Told([revoked(account.uri, job.uri, [owner.uri, *to] if owner is not None else to)], inboxes)


async def _concerned(tx: Tx, account: Account, collection_id: int) -> list[str]:
    members = await tx.scalars(queries.MEMBER_IDS, collection_id=collection_id)
    return await recipients.followers(tx, account) + await recipients.people(tx, members)
