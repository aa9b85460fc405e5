"""Collections of recommended accounts (FEP-7aa9): as documents, changed, and asking for consent. Consent itself is
`stamps`."""

from collections.abc import Sequence
from typing import Any

import msgspec

from activitypub.builders.note import hashtag
from fedcoop import clock
from fedcoop.accounts.types import Account
from fedcoop.collections.types import Collection
from fedcoop.text import compose


class Featured(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a collection: whom it means, and where their consent is."""

    uri: str
    account_uri: str
    stamp_uri: str
    created_at: int


def item(featured: Featured) -> dict[str, Any]:
    """One entry."""
    return {
        "id": featured.uri,
        "type": "FeaturedItem",
        "featuredObject": featured.account_uri,
        "featuredObjectType": "Person",
        "featureAuthorization": featured.stamp_uri,
        "published": clock.iso(featured.created_at),
    }


def collection(owner: Account, found: Collection, items: Sequence[Featured], base_url: str) -> dict[str, Any]:
    """A collection with all in it who consent."""
    document: dict[str, Any] = {
        "id": found.uri,
        "type": "FeaturedCollection",
        "name": found.name,
        "summary": found.description,
        "attributedTo": owner.uri,
        "url": found.url,
        "sensitive": bool(found.sensitive),
        "discoverable": bool(found.discoverable),
        "published": clock.iso(found.created_at),
        "updated": clock.iso(found.updated_at),
        "totalItems": len(items),
        "orderedItems": [item(each) for each in items],
    }
    if found.language and found.description:
        document["summaryMap"] = {found.language: found.description}
    if found.tag:
        document["topic"] = hashtag(found.tag, compose.fold(found.tag), base_url)
    return document


def changed(identity: str, kind: str, owner: Account, thing: Any, target: str = "") -> dict[str, Any]:
    """Add, Remove or Update of a collection, or of an entry in one, to the followers."""
    document = {
        "id": identity,
        "type": kind,
        "actor": owner.uri,
        "object": thing,
        "to": [owner.followers_uri or f"{owner.uri}/followers"],
    }
    return document | ({"target": target} if target else {})


def request(identity: str, actor: str, account: str, instrument: str) -> dict[str, Any]:
    """Asks whether the collection `instrument` may recommend `account`."""
    return {
        "id": identity,
        "type": "FeatureRequest",
        "actor": actor,
        "object": account,
        "instrument": instrument,
        "to": [account],
    }
