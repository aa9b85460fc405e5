"""Actors: people, groups and programs as they describe themselves."""

from typing import Any

from activitypub.errors import Ignored
from activitypub.parse.fields import address, identifier, identifiers, items, moment, text, types, yes
from activitypub.parse.posts import read_consent
from activitypub.parse.tags import read_emojis, read_hashtags
from activitypub.vocabulary import Actor, Field, PublicKey

LONGEST_SUMMARY = 20_000
MOST_FIELDS = 50
MOST_KEYS = 10
MOST_ALIASES = 256
LONGEST_KEY = 10_000
MOST_IMPLEMENTED = 50


def read_actor(document: dict[str, Any], kind: str) -> Actor:
    """The actor; `username` is empty in a stub that only carries a key. Raises `Ignored` without an id."""
    identity = identifier(document)
    if not identity:
        raise Ignored(f"{kind} without an id")
    username = text(document.get("preferredUsername"), 2_049)
    if len(username) > 2_048:
        raise Ignored("preferredUsername longer than 2048 characters")
    endpoints = document.get("endpoints")
    icon, image = document.get("icon"), document.get("image")
    return Actor(
        id=identity,
        type=kind,
        username=username,
        name=text(document.get("name")),
        summary=text(document.get("summary"), LONGEST_SUMMARY),
        url=address(document.get("url"), identity) or identity,
        inbox=address(document.get("inbox")) or identifier(document.get("inbox")),
        shared_inbox=address(endpoints.get("sharedInbox")) if isinstance(endpoints, dict) else "",
        outbox=identifier(document.get("outbox")),
        followers=identifier(document.get("followers")),
        following=identifier(document.get("following")),
        featured=identifier(document.get("featured")),
        featured_tags=identifier(document.get("featuredTags")),
        featured_collections=identifier(document.get("featuredCollections")),
        can_feature=read_consent(document, "canFeature"),
        webfinger=text(document.get("webfinger"), 400).removeprefix("acct:").lstrip("@"),
        keys=_keys(document, identity),
        implements=_implemented(document),
        icon=address(icon),
        icon_description=_described(icon),
        image=address(image),
        image_description=_described(image),
        fields=_fields(document.get("attachment")),
        emojis=read_emojis(document.get("tag")),
        hashtags=tuple(tag.name for tag in read_hashtags(document.get("tag"))),
        manually_approves=yes(document.get("manuallyApprovesFollowers")),
        discoverable=yes(document.get("discoverable")),
        indexable=yes(document.get("indexable")),
        memorial=yes(document.get("memorial")),
        suspended=yes(document.get("suspended")),
        show_media=document.get("showMedia") is not False,
        show_media_replies=document.get("showRepliesInMedia") is not False,
        show_featured=document.get("showFeatured") is not False,
        moved_to=identifier(document.get("movedTo")),
        also_known_as=identifiers(document.get("alsoKnownAs"), MOST_ALIASES),
        attribution_domains=_strings(document.get("attributionDomains"), MOST_ALIASES),
        published=moment(document.get("published")),
        updated=moment(document.get("updated")),
    )


def _keys(document: dict[str, Any], owner: str) -> tuple[PublicKey, ...]:
    found = []
    for one in items(document.get("publicKey"))[:MOST_KEYS]:
        if isinstance(one, dict) and identifier(one):
            pem = text(one.get("publicKeyPem"), LONGEST_KEY)
            stated = identifier(one.get("owner")) or identifier(one.get("controller")) or owner
            if pem:
                found.append(PublicKey(id=identifier(one), owner=stated, pem=pem))
    for one in items(document.get("assertionMethod"))[:MOST_KEYS]:
        if isinstance(one, dict) and "Multikey" in types(one.get("type")) and identifier(one):
            multibase = text(one.get("publicKeyMultibase"), LONGEST_KEY)
            stated = identifier(one.get("controller")) or owner
            found.append(PublicKey(id=identifier(one), owner=stated, multibase=multibase))
    return tuple(found)


def _implemented(document: dict[str, Any]) -> tuple[str, ...]:
    """The addresses of what the server understands: said by its own actor, or of the `generator` of others."""
    found: list[str] = []
    for one in (document, *items(document.get("generator"))):
        if isinstance(one, dict):
            found += [address(each) for each in items(one.get("implements"))[:MOST_IMPLEMENTED]]
    return tuple(one for one in found if one)


def _fields(value: Any) -> tuple[Field, ...]:
    found = [
        Field(text(one.get("name"), 2_047), text(one.get("value"), 2_047))
        for one in items(value)[:MOST_FIELDS]
        if isinstance(one, dict) and "PropertyValue" in types(one.get("type"))
    ]
    return tuple(field for field in found if field.name or field.value)


def _described(value: Any) -> str:
    for one in items(value):
        if isinstance(one, dict):
            return text(one.get("summary"), 10_000) or text(one.get("name"), 10_000)
    return ""


def _strings(value: Any, limit: int) -> tuple[str, ...]:
    return tuple(one[:300] for one in items(value)[:limit] if isinstance(one, str))
