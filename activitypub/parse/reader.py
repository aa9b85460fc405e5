"""The common shape of a document to a typed object: the switchboard over actors, posts and collections."""

from typing import Any

from activitypub.errors import Ignored
from activitypub.parse.actors import read_actor
from activitypub.parse.collections import read_collection, read_featured
from activitypub.parse.fields import audience, identifier, items, moment, text, types
from activitypub.parse.posts import read_authorization, read_post, read_stamp
from activitypub.parse.tags import read_emojis
from activitypub.vocabulary import (
    ACTIVITIES,
    ACTORS,
    COLLECTIONS,
    POSTS,
    Activity,
    Actor,
    Authorization,
    Collection,
    FeaturedCollection,
    Object,
    Post,
    Tombstone,
    Unknown,
)

Thing = Actor | Post | Activity | Collection | FeaturedCollection | Tombstone | Authorization

MOST_OBJECTS = 100
"""Objects of one activity: a report names many posts, GoToSocial sends several votes in one Create."""
DEEPEST_ACTIVITY = 3
"""Announce of an Undo of a Follow; nobody nests further."""
_AUTHORIZATIONS = frozenset(
    {"QuoteAuthorization", "FeatureAuthorization"}
    | {f"{deed}{word}" for deed in ("Reply", "Like", "Announce") for word in ("Authorization", "Approval")}
)
_STAMPS = {"Like": "likeAuthorization", "Announce": "announceAuthorization"}


def read(document: dict[str, Any]) -> Thing:
    """The typed object that the document is. Raises `Ignored` where it is of no kind that we know."""
    found = _read(document, 0)
    if isinstance(found, Unknown):
        raise Ignored(f"nothing to do with a document of type {found.type or '(none)'}")
    return found


def _read(document: dict[str, Any], depth: int) -> Thing | Unknown:
    for kind in types(document.get("type")):
        if kind in ACTIVITIES:
            return _activity(document, kind, depth)
        if kind in POSTS:
            return read_post(document, kind)
        if kind in ACTORS:
            return read_actor(document, kind)
        if kind == "FeaturedCollection":
            return read_featured(document)
        if kind in COLLECTIONS:
            return read_collection(document, kind)
        if kind == "Tombstone":
            former = types(document.get("formerType"))
            return Tombstone(identifier(document), former[0] if former else "")
        if kind in _AUTHORIZATIONS:
            return read_authorization(document, kind)
    named = types(document.get("type"))
    return Unknown(identifier(document), named[0] if named else "")


def _activity(document: dict[str, Any], kind: str, depth: int) -> Activity:
    actor = identifier(document.get("actor"))
    if not actor:
        raise Ignored(f"{kind} without an actor")
    embedded = document.get("object")
    return ACTIVITIES[kind](
        id=identifier(document),
        type=kind,
        actor=actor,
        objects=tuple(_objects(document.get("object"), depth)),
        target=identifier(document.get("target")),
        to=audience(document.get("to")),
        cc=audience(document.get("cc")),
        published=moment(document.get("published")),
        content=text(document.get("content"), 5_000) or text(document.get("_misskey_reaction"), 300),
        instrument=next(iter(_objects(document.get("instrument"), depth)), ""),
        result=identifier(document.get("result")),
        authorization=read_stamp(document, _STAMPS[kind]) if kind in _STAMPS else "",
        emojis=read_emojis(document.get("tag")),
        secured=embedded if isinstance(embedded, dict) and "proof" in embedded else None,
    )


def _objects(value: Any, depth: int) -> list[Object]:
    found: list[Object] = []
    for one in items(value)[:MOST_OBJECTS]:
        read_one = _object(one, depth + 1)
        if read_one != "":
            found.append(read_one)
    return found


def _object(value: Any, depth: int) -> Object:
    if not isinstance(value, dict) or "type" not in value:
        return identifier(value)
    if depth > DEEPEST_ACTIVITY:
        raise Ignored("activities nested too deeply")
    try:
        found = _read(value, depth)
    except Ignored as ignored:
        # a broken embedded copy does no harm where the id is enough
        found = Unknown(identifier(value), ignored.reason)
    return Unknown(found.id, found.type) if isinstance(found, Collection) else found
