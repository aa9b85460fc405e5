"""Keys of other servers: in memory, else in the database, else fetched. Our own are in the domain.

A key belongs to the actor whose document names it, and key, document and actor share an origin (FEP-fe34,
docs/security.md A5, A7, B12). A verification that fails is worth one new fetch per key in ten minutes (B13).
"""

from __future__ import annotations

from typing import Any

from activitypub import newcomers, queries, webfinger
from activitypub.errors import BadSignature, FetchError, Ignored
from activitypub.federation import Federation, KnownKey
from activitypub.origins import authority, same_origin
from activitypub.parse import decode, normalise_aside, read_normal
from activitypub.parse.fields import identifier
from activitypub.signatures import Claim, load_public, proofs
from activitypub.vocabulary import Actor, PublicKey
from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import Invalid

REFETCH_SECONDS = 600


async def signer_of(fed: Federation, claim: Claim, *, may_fetch: bool = True) -> str | None:
    """The id of the actor whose key proves the claim; None where the key is unknown and may not be fetched.

    Raises `BadSignature` where no key proves it, `FetchError` where the key cannot be had just now.
    """
    known = await _known(fed, claim.key_id)
    if known is None:
        if not may_fetch:
            return None
        known = await _fetch(fed, claim.key_id)
        if claim.proven_by(load_public(known.public)):
            return known.owner
        raise BadSignature("the signature was not made with the key that it names")
    if claim.proven_by(load_public(known.public)):
        return known.owner
    refetching = f"refetch {claim.key_id}"
    if may_fetch and not fed.failed_lately(refetching):
        fed.remember_failure(refetching, REFETCH_SECONDS)
        known = await _fetch(fed, claim.key_id)
        if claim.proven_by(load_public(known.public)):
            return known.owner
    raise BadSignature("the signature was not made with the key that it names")


async def prover_of(fed: Federation, document: dict[str, Any]) -> str | None:
    """The id of the actor whose proof stands in the document (FEP-8b32); None where there is none that we
    check. Key and owner are of one origin.

    Raises `BadSignature` where the proof does not hold, or its key cannot be had.
    """
    method = proofs.method_of(document)
    if not method:
        return None
    known = await _known(fed, method) or await _fetch(fed, method)
    proofs.check(document, load_public(known.public), clock.now())
    if not same_origin(known.owner, method):
        raise BadSignature("the proof's key is of another origin than its owner")
    return known.owner


async def save(tx: Tx, actor: Actor) -> None:
    """Store the keys of an actor; those it no longer names are forgotten."""
    own = [key for key in actor.keys if key.owner == actor.id and same_origin(key.id, actor.id)]
    for key_id in await tx.scalars(queries.KEYS_OF, account_uri=actor.id):
        if all(key.id != key_id for key in own):
            await tx.execute(queries.DROP_KEY, key_id=key_id)
    for key in own:
        await tx.execute(
            queries.SAVE_KEY,
            key_id=key.id,
            account_uri=actor.id,
            public_pem=key.pem or key.multibase,
            fetched_at=clock.now(),
        )


def remember(fed: Federation, actor: Actor) -> None:
    """Have the keys of an actor at hand, and what its server says of the signatures that it checks."""
    fed.client.dialects.told(authority(actor.id), actor.implements)
    for key in actor.keys:
        if key.owner == actor.id and same_origin(key.id, actor.id):
            fed.keys.put(key.id, KnownKey(actor.id, key.pem or key.multibase))


def forget(fed: Federation, actor_uri: str, key_id: str) -> None:
    """Have a key at hand no longer: its owner is gone."""
    fed.keys.drop(key_id)
    fed.actors.drop(actor_uri)


async def _known(fed: Federation, key_id: str) -> KnownKey | None:
    found = fed.keys.get(key_id)
    if found is None:
        async with fed.db.read() as tx:
            row = await tx.one(queries.KEY, key_id=key_id)
        if row is not None:
            found = KnownKey(row["account_uri"], row["public_pem"])
            fed.keys.put(key_id, found)
    return found


async def _fetch(fed: Federation, key_id: str) -> KnownKey:
    if fed.failed_lately(key_id):
        raise BadSignature("the key could not be fetched a short while ago")
    try:
        await newcomers.admit(fed, key_id)
        actor, key = await _fetch_key(fed, key_id)
    except (FetchError, Ignored, Invalid) as error:
        fed.remember_failure(key_id)
        raise BadSignature(f"the key {key_id[:200]} cannot be had: {error}") from None
    load_public(key.pem or key.multibase)
    found = KnownKey(actor.id, key.pem or key.multibase)
    fed.keys.put(key_id, found)
    fed.actors.put(actor.id, actor)
    async with fed.db.write() as tx:
        await tx.execute(
            queries.SAVE_KEY,
            key_id=key_id,
            account_uri=actor.id,
            public_pem=found.public,
            fetched_at=clock.now(),
        )
    return found


async def _fetch_key(fed: Federation, key_id: str) -> tuple[Actor, PublicKey]:
    """The actor and its key of this id. Raises `FetchError`, `Ignored`, `Invalid`, `BadSignature`."""
    if key_id.startswith("acct:"):
        username, domain = webfinger.split_handle(key_id)
        finger = await webfinger.lookup(fed.client, username, domain)
        actor = _actor(await _document(fed, finger.actor))
        named = [key for key in actor.keys if key.pem and key.owner == actor.id]
        if not named:
            raise BadSignature("the actor has no key")
        return actor, named[0]
    document = await _document(fed, key_id)
    if identifier(document.get("owner")) and document.get("publicKeyPem"):
        if identifier(document) != key_id:
            raise BadSignature("the key document has another id")
        document = await _document(fed, identifier(document["owner"]))
    actor = _actor(document)
    if not same_origin(actor.id, key_id):
        raise BadSignature("key and owner are of different origins")
    for key in actor.keys:
        if key.id == key_id and key.owner == actor.id:
            return actor, key
    raise BadSignature("the actor does not name this key")


async def _document(fed: Federation, url: str) -> dict[str, Any]:
    """A document that lives where it says it does. Raises `FetchError`, `Ignored`, `BadSignature`."""
    fetched = await fed.client.document(url.partition("#")[0])
    document = await normalise_aside(decode(fetched.body))
    if not same_origin(identifier(document), fetched.url, url):
        raise BadSignature("a document of another origin than its id")
    return document


def _actor(document: dict[str, Any]) -> Actor:
    found = read_normal(document)
    if not isinstance(found, Actor):
        raise BadSignature("the owner of the key is no actor")
    return found
