"""The document of a local account: Person, Service, Group (the assembly) or Application (the server
itself)."""

from collections.abc import Sequence
from mimetypes import guess_type
from typing import Any

import msgspec

from activitypub.dialects import ED25519, RFC9421
from activitypub.vocabulary import PUBLIC as EVERYBODY
from fedcoop import clock
from fedcoop.accounts.access import feature_policy as granted
from fedcoop.accounts.consent import FOLLOWERS, PUBLIC
from fedcoop.accounts.types import Account

IMPLEMENTED = [
    {"href": RFC9421, "name": "RFC-9421: HTTP Message Signatures"},
    {"href": ED25519, "name": "RFC-9421 signatures using the Ed25519 algorithm"},
]
"""What this server understands that others would have to try (FEP-844e)."""
_TYPES = {"person": "Person", "bot": "Service", "group": "Group", "application": "Application"}


def actor(
    account: Account, base_url: str, *, moved_to: str = "", multikey: str = "", domains: Sequence[str] = ()
) -> dict[str, Any]:
    """The actor, without context. `multikey` is the public half of the key that makes its proofs; pages of
    `domains` may name it as their author."""
    domain = base_url.partition("://")[2]
    document: dict[str, Any] = {
        "id": account.uri,
        "type": _TYPES.get(account.kind, "Person"),
        "preferredUsername": account.username,
        "name": account.display_name or account.username,
        "summary": account.note,
        "url": account.url or account.uri,
        "webfinger": f"{account.username}@{domain}",
        "inbox": account.inbox or f"{account.uri}/inbox",
        "outbox": account.outbox or f"{account.uri}/outbox",
        "followers": account.followers_uri or f"{account.uri}/followers",
        "following": account.following_uri or f"{account.uri}/following",
        "featured": account.featured_uri or f"{account.uri}/collections/featured",
        "featuredTags": f"{account.uri}/collections/tags",
        "featuredCollections": featured_collections(account),
        "interactionPolicy": {"canFeature": feature_policy(account)},
        "endpoints": {"sharedInbox": f"{base_url}/inbox"},
        "manuallyApprovesFollowers": account.locked,
        "discoverable": account.discoverable,
        "indexable": account.indexable,
        "showMedia": account.show_media,
        "showRepliesInMedia": account.show_media_replies,
        "showFeatured": account.show_featured,
        "published": clock.iso(account.created_at),
        "publicKey": {
            "id": key_id(account),
            "owner": account.uri,
            "publicKeyPem": account.public_key,
        },
        "attachment": fields(account.fields),
        "tag": emojis(account.emojis, base_url),
    }
    if account.kind == "application":
        document["implements"] = IMPLEMENTED
    else:
        document["generator"] = {"type": "Application", "implements": IMPLEMENTED}
    if multikey:
        document["assertionMethod"] = [
            {
                "id": proof_key_id(account),
                "type": "Multikey",
                "controller": account.uri,
                "publicKeyMultibase": multikey,
            }
        ]
    if account.avatar:
        document["icon"] = image(account.avatar, account.avatar_description, base_url)
    if account.header:
        document["image"] = image(account.header, account.header_description, base_url)
    aliases = msgspec.json.decode(account.also_known_as or "[]", type=list[str])
    if aliases:
        document["alsoKnownAs"] = aliases
    if domains:
        document["attributionDomains"] = list(domains)
    if moved_to:
        document["movedTo"] = moved_to
    if account.memorial:
        document["memorial"] = True
    if account.suspended_at is not None:
        document["suspended"] = True
    return document


def featured_collections(account: Account) -> str:
    """Where the collections are listed that a local account has made."""
    return f"{account.uri}/featured_collections"


def feature_policy(account: Account) -> dict[str, Any]:
    """Who may put a local account into a collection: at once, since members are not asked one by one."""
    addresses = {PUBLIC: EVERYBODY, FOLLOWERS: account.followers_uri or f"{account.uri}/followers"}
    allowed = granted(account)
    words = allowed.automatic if allowed else ()
    return {"automaticApproval": [addresses.get(word, word) for word in words] or [account.uri]}


def key_id(account: Account) -> str:
    """The id of the key that a local account signs with."""
    return account.public_key_id or f"{account.uri}#main-key"


def proof_key_id(account: Account) -> str:
    """The id of the key that a local account makes proofs with."""
    return f"{account.uri}#ed25519-key"


def absolute(url: str, base_url: str) -> str:
    """An address as others can ask it: our own are stored as paths or in full."""
    return f"{base_url}{url}" if url.startswith("/") else url


def image(url: str, description: str, base_url: str) -> dict[str, Any]:
    """A picture of a profile, with its alternative text."""
    found: dict[str, Any] = {"type": "Image", "url": absolute(url, base_url)}
    if kind := guess_type(url)[0]:
        found["mediaType"] = kind
    if description:
        found |= {"summary": description, "name": description}
    return found


def fields(encoded: str) -> list[dict[str, str]]:
    """The table of a profile as PropertyValues."""
    rows = msgspec.json.decode(encoded or "[]")
    return [
        {"type": "PropertyValue", "name": str(row.get("name", "")), "value": str(row.get("value", ""))}
        for row in rows
    ]


def emojis(encoded: str, base_url: str) -> list[dict[str, Any]]:
    """Custom emojis as tags (FEP-9098)."""
    rows = msgspec.json.decode(encoded or "[]")
    return [
        {"type": "Emoji", "name": f":{row['shortcode']}:", "icon": image(row["url"], "", base_url)}
        for row in rows
        if isinstance(row, dict) and row.get("url")
    ]
