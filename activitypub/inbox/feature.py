"""FeatureRequest, and the answers to our own; and what is told of collections elsewhere (FEP-7aa9)."""

from __future__ import annotations

from activitypub import featuring, stamps
from activitypub.errors import Ignored
from activitypub.federate.featuring import REQUESTS
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.origins import same_origin
from activitypub.vocabulary import (
    Accept,
    Activity,
    Add,
    FeaturedCollection,
    FeatureRequest,
    Reject,
    Remove,
    Update,
)
from fedcoop import jobs
from fedcoop.accounts import access as account_access
from fedcoop.accounts.types import Account
from fedcoop.collections import access, consenting, queries, remote
from fedcoop.collections.types import Collection, Item
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate, FetchCollection


async def on_feature_request(fed: Federation, actor: Account, request: FeatureRequest) -> None:
    """Yes where our member lets the actor recommend them, with a stamp that binds both; else no."""
    async with fed.db.read() as tx:
        account = await account_access.by_uri(tx, request.object_id)
        allowed = account is not None and await access.may_feature(tx, actor, account) == "automatic"
    if account is None or not account.local:
        raise Ignored("a request to recommend nobody of ours")
    instrument = request.instrument
    uri = instrument if isinstance(instrument, str) else instrument.id
    if not uri or not same_origin(uri, actor.uri):
        raise Ignored("a request for a collection of somebody else")
    collection = await _asking_collection(fed, actor, request) if allowed else None
    async with fed.db.write() as tx:
        await once(tx, request)
        item = await _consented(tx, collection, account) if collection is not None else None
        told = (
            Federate(activity="accept_feature", account_id=account.id, object_id=item.id, uri=request.id)
            if item is not None
            else Federate(
                activity="reject_feature",
                account_id=account.id,
                object_id=actor.id,
                uri=request.id,
                detail={"collection": uri},
            )
        )
        await jobs.add(tx, told)


async def _asking_collection(fed: Federation, actor: Account, request: FeatureRequest) -> Collection:
    """The actor's collection that asks: known, embedded, or fetched from where it lives. Raises `Ignored`."""
    found = request.instrument
    if isinstance(found, FeaturedCollection) and found.attributed_to == actor.uri:
        async with fed.db.write() as tx:
            return await remote.keep(tx, actor, featuring.described(found))
    uri = found if isinstance(found, str) else found.id
    async with fed.db.read() as tx:
        known = await tx.one(queries.BY_URI, uri=uri)
    if known is not None:
        if known.account_id != actor.id:
            raise Ignored("a request for a collection of somebody else")
        return known
    return await featuring.read(fed, actor, uri)


async def _consented(tx: Tx, collection: Collection, account: Account) -> Item | None:
    """The entry, with its stamp; None where the member was in it and left."""
    item = await tx.one(queries.ITEM_OF, collection_id=collection.id, account_id=account.id)
    if item is None:
        item = await consenting.begin(tx, collection, account)
    if item.state in ("rejected", "revoked"):
        return None
    return await consenting.accept(tx, collection, item, consenting.stamp_uri(account.uri, item.id))


def answers_feature(answer: Activity) -> bool:
    """Is this an answer to a FeatureRequest?"""
    return isinstance(answer.object, FeatureRequest) or REQUESTS in answer.object_id


async def on_accept(fed: Federation, actor: Account, accept: Accept) -> None:
    """Consent counts when the stamp that it names says so as well."""
    async with fed.db.read() as tx:
        collection, _ = await _asked_for(tx, fed, actor, accept)
    bound = await stamps.binds(
        fed,
        "FeatureAuthorization",
        accept.result,
        author=actor.uri,
        interacting=collection.uri,
        target=actor.uri,
    )
    if not bound:
        raise Ignored("consent to being recommended without a stamp that fits")
    async with fed.db.write() as tx:
        await once(tx, accept)
        collection, item = await _asked_for(tx, fed, actor, accept)
        await consenting.accept(tx, collection, item, accept.result)


async def on_reject(fed: Federation, actor: Account, reject: Reject) -> None:
    """No, or no longer."""
    async with fed.db.write() as tx:
        await once(tx, reject)
        collection, item = await _asked_for(tx, fed, actor, reject)
        await consenting.end(tx, collection, item, "revoked" if item.state == "accepted" else "rejected")


async def _asked_for(tx: Tx, fed: Federation, actor: Account, answer: Activity) -> tuple[Collection, Item]:
    """Our collection that is meant, and the actor's entry in it. Raises `Ignored`."""
    number = answer.object_id.rpartition(REQUESTS)[2]
    known = fed.is_local(answer.object_id) and number.isascii() and number.isdigit() and len(number) < 20
    item = await tx.one(queries.ITEM, id=int(number)) if known else None
    collection = await tx.one(queries.BY_ID, id=item.collection_id) if item is not None else None
    if item is None or collection is None or item.account_id != actor.id:
        raise Ignored("an answer to nothing that we asked")
    return collection, item


async def stamp_deleted(tx: Tx, actor: Account, uri: str) -> bool:
    """Consent is taken back by whoever gave it. False where nobody is recommended here by this stamp."""
    item = await consenting.by_stamp(tx, uri)
    collection = await tx.one(queries.BY_ID, id=item.collection_id) if item is not None else None
    if item is None or collection is None or item.account_id != actor.id:
        return False
    await consenting.end(tx, collection, item, "revoked")
    return True


async def told_of(fed: Federation, actor: Account, activity: Add | Remove | Update) -> bool:
    """Is this about a collection of the actor's? Then it is read anew where it lives, or forgotten: nobody need be
    believed. False for anything else."""
    found = activity.object
    uri = activity.object_id
    if isinstance(activity, Update):
        if not isinstance(found, FeaturedCollection):
            return False
    elif activity.target != actor.collections_uri or not actor.collections_uri:
        async with fed.db.read() as tx:
            known = await tx.one(queries.BY_URI, uri=activity.target)
        if known is None or known.account_id != actor.id:
            return False
        uri = known.uri
    if not uri or not same_origin(uri, actor.uri):
        raise Ignored("a collection of somebody else")
    async with fed.db.write() as tx:
        await once(tx, activity)
        if isinstance(activity, Remove) and activity.target == actor.collections_uri:
            await remote.forget(tx, actor, uri)
        else:
            await jobs.add(tx, FetchCollection(account_id=actor.id, uri=uri))
    return True
