"""Making collections and choosing whom to recommend, by members. Consent is asked for, given, refused and taken
back in `consenting`; what other servers tell of theirs is kept by `remote`."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts.types import Account
from fedcoop.collections import access, consenting, queries
from fedcoop.collections.types import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    MOST_COLLECTIONS,
    MOST_ITEMS,
    Collection,
    Draft,
    Item,
)
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.ids import CollectionId
from fedcoop.jobs.types import Federate
from fedcoop.notifications.actions import notify
from fedcoop.text import compose, fit

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


async def create(tx: Tx, config: Config, owner: Account, draft: Draft) -> Collection:
    """A new collection with nobody in it. Raises `Invalid` for what it cannot be called, and for one too many."""
    if await tx.scalar(queries.COUNT, account_id=owner.id) >= MOST_COLLECTIONS:
        raise Invalid(f"Validation failed: You can have at most {MOST_COLLECTIONS} collections")
    checked, now = _checked(draft), clock.now()
    id_ = CollectionId(ids.new_id())
    made = Collection(
        id=id_,
        account_id=owner.id,
        uri=f"{owner.uri}/featured_collections/{id_}",
        url=f"{config.base_url}/collections/{id_}",
        created_at=now,
        updated_at=now,
        **msgspec.structs.asdict(checked),
    )
    await tx.execute(queries.INSERT, **msgspec.structs.asdict(made))
    await _tell(tx, "add_collection", made)
    return made


async def edit(tx: Tx, collection: Collection, draft: Draft) -> Collection:
    """Call it something else. Those in it are told. Raises `Invalid`."""
    checked = _checked(draft)
    changed = msgspec.structs.replace(collection, **msgspec.structs.asdict(checked), updated_at=clock.now())
    if msgspec.structs.replace(changed, updated_at=collection.updated_at) == collection:
        return collection
    await save(tx, changed)
    await tell_members(tx, changed)
    await _tell(tx, "update_collection", changed)
    return changed


async def save(tx: Tx, changed: Collection) -> None:
    """Store what may change of a collection."""
    names = ("url", "name", "description", "language", "tag", "sensitive", "discoverable", "updated_at")
    await tx.execute(
        queries.UPDATE, id=changed.id, **{f"new_{name}": getattr(changed, name) for name in names}
    )


async def tell_members(tx: Tx, collection: Collection) -> None:
    """Notify the members who are in a collection that it calls itself something else."""
    for account_id in await tx.scalars(queries.MEMBER_IDS, collection_id=collection.id):
        await notify(
            tx,
            "collection_update",
            account_id,
            collection.account_id,
            detail=consenting.reference(collection),
        )


async def delete(tx: Tx, collection: Collection) -> None:
    """Remove a collection, and tell others."""
    await _tell(tx, "remove_collection", collection)
    await tx.execute(queries.DELETE, id=collection.id)


async def add(tx: Tx, owner: Account, collection: Collection, account: Account) -> Item:
    """Put an account into one's own collection: at once where it consents, else when its server answers. Raises
    `Invalid` for one too many, and for somebody who does not want it or is in it."""
    if await tx.scalar(queries.COUNT_ITEMS, collection_id=collection.id) >= MOST_ITEMS:
        raise Invalid(f"Validation failed: A collection has at most {MOST_ITEMS} accounts")
    if await access.may_feature(tx, owner, account) in ("denied", "unknown"):
        raise Invalid(f"@{account.acct} does not let you add them to a collection")
    item = await consenting.begin(tx, collection, account)
    await tx.execute(queries.TOUCH, id=collection.id, new_updated_at=clock.now())
    if account.local:
        return await consenting.accept(tx, collection, item, consenting.stamp_uri(account.uri, item.id))
    await jobs.add(tx, Federate(activity="feature_request", account_id=owner.id, object_id=item.id))
    return item


async def remove(tx: Tx, collection: Collection, item_id: int) -> None:
    """Take an account out of one's own collection. Raises `NotFound` for whoever is not in it."""
    item = await tx.one(queries.ITEM, id=item_id)
    if item is None or item.collection_id != collection.id or item.state not in ("pending", "accepted"):
        raise NotFound
    await consenting.leave(tx, collection, item)
    await tx.execute(queries.DELETE_ITEM, id=item.id)


def _checked(draft: Draft) -> Draft:
    name, description = fit(draft.name).strip(), fit(draft.description).strip()
    tag = fit(draft.tag).strip().removeprefix("#")
    if not name:
        raise Invalid("Validation failed: Name can't be blank", "name", "ERR_BLANK")
    for field, text, most in (
        ("name", name, LONGEST_NAME),
        ("description", description, LONGEST_DESCRIPTION),
    ):
        if len(text) > most:
            raise Invalid(
                f"Validation failed: {field.title()} is too long (maximum is {most} characters)",
                field,
                "ERR_TOO_LONG",
            )
    if tag and compose.find_hashtags(f"#{tag}") != [tag]:
        raise Invalid("Validation failed: Tag is not a hashtag", "tag_name", "ERR_INVALID")
    language = draft.language or None
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise Invalid("Validation failed: Language is not included in the list", "language", "ERR_INCLUSION")
    return msgspec.structs.replace(draft, name=name, description=description, tag=tag, language=language)


async def _tell(tx: Tx, activity: Any, collection: Collection) -> None:
    await jobs.add(
        tx,
        Federate(
            activity=activity, account_id=collection.account_id, object_id=collection.id, uri=collection.uri
        ),
    )
