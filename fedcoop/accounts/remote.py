"""Accounts of other servers: kept as those servers describe them, moved, and gone. Local ones are in `actions`."""

from __future__ import annotations

from typing import Any

import msgspec

from fedcoop import clock, ids
from fedcoop.accounts import consent, finding, queries
from fedcoop.accounts.leaving.actions import forget
from fedcoop.accounts.types import LONGEST_FIELD, Account, RemoteAccount, StoredField
from fedcoop.db import Tx
from fedcoop.ids import AccountId
from fedcoop.text import fit, plain, sanitize
from fedcoop.text.domains import parents
from fedcoop.text.safe import is_link

LONGEST_NAME = 200
LONGEST_NOTE = 20_000
MOST_FIELDS = 20
MOST_EMOJIS = 50
LARGEST_COUNT = 100_000_000


async def save_remote(tx: Tx, remote: RemoteAccount) -> Account:
    """Insert or update the account with this `uri`, whose domain is canonical. The `uri` is who it is: another
    account that has the handle loses it. On a restricted domain the account is restricted from the start."""
    known = await tx.one(queries.BY_URI, uri=remote.uri)
    decided = _decided(remote, known)
    taken = await tx.one(queries.BY_HANDLE, handle=decided["handle"])
    if taken is not None and taken.uri != remote.uri:
        await tx.execute(queries.RENAME_HANDLE, account_id=taken.id, new_handle=f"invalid:{taken.id}")
    now = clock.now()
    if known is None:
        account = await _new(tx, remote, decided, now)
        if await tx.execute(queries.INSERT, **msgspec.structs.asdict(account)):
            await finding.index(tx, [account])
            return account
        # Somebody else has just stored it.
        known = await tx.one(queries.BY_URI, uri=remote.uri)
        if known is None:
            raise LookupError(f"{remote.uri} could neither be stored nor found")
    if all(getattr(known, name) == value for name, value in decided.items()):
        await tx.execute(queries.TOUCH, account_id=known.id, at=now)
        return msgspec.structs.replace(known, fetched_at=now)
    await tx.execute(
        queries.SAVE_REMOTE,
        account_id=known.id,
        at=now,
        **{f"new_{name}": value for name, value in decided.items()},
    )
    changed = msgspec.structs.replace(
        known, **decided, updated_at=now, fetched_at=now, revision=known.revision + 1
    )
    await finding.index_changed(tx, known, changed)
    return changed


async def mark_moved(tx: Tx, account: Account, target: Account) -> None:
    """The account says that it is `target` from now on. Who may say so has been checked."""
    await tx.execute(queries.MOVE, account_id=account.id, to=target.id)


async def delete_remote(tx: Tx, account: Account) -> None:
    """Forget an account that its server has deleted: what it wrote, marked and followed. The row stays, empty,
    so that nothing late brings it back half."""
    await forget(tx, account.id)


def _decided(remote: RemoteAccount, known: Account | None) -> dict[str, Any]:
    """The columns that the other server decides, made safe and cut to size."""
    fields = [
        StoredField(plain(name)[:LONGEST_FIELD], sanitize(value[: 8 * LONGEST_FIELD]))
        for name, value in remote.fields[:MOST_FIELDS]
    ]
    username = fit(remote.username)[:LONGEST_NAME]

    def count(name: str) -> int:
        said: int | None = getattr(remote, name)
        if said is None:
            return 0 if known is None else int(getattr(known, name))
        return min(max(said, 0), LARGEST_COUNT)

    return {
        "username": username,
        "domain": remote.domain,
        "handle": f"{username}@{remote.domain}".lower(),
        "url": remote.url if is_link(remote.url) else "",
        "kind": remote.kind,
        "display_name": " ".join(fit(remote.display_name).split())[:LONGEST_NAME],
        "note": sanitize(remote.note[:LONGEST_NOTE]),
        "fields": msgspec.json.encode(fields).decode(),
        "emojis": msgspec.json.encode(remote.emojis[:MOST_EMOJIS]).decode(),
        "avatar": remote.avatar if is_link(remote.avatar) else "",
        "avatar_description": fit(remote.avatar_description)[:LONGEST_NAME],
        "header": remote.header if is_link(remote.header) else "",
        "header_description": fit(remote.header_description)[:LONGEST_NAME],
        "locked": remote.locked,
        "discoverable": remote.discoverable,
        "indexable": remote.indexable,
        "hide_collections": remote.hide_collections,
        "memorial": remote.memorial,
        "show_media": remote.show_media,
        "show_media_replies": remote.show_media_replies,
        "show_featured": remote.show_featured,
        "also_known_as": msgspec.json.encode(remote.also_known_as[:20]).decode(),
        "inbox": remote.inbox,
        "shared_inbox": remote.shared_inbox,
        "outbox": remote.outbox,
        "followers_uri": remote.followers_uri,
        "following_uri": remote.following_uri,
        "featured_uri": remote.featured_uri,
        "featured_tags_uri": remote.featured_tags_uri,
        "collections_uri": remote.collections_uri,
        "feature_policy": consent.written(remote.feature_policy),
        "public_key_id": remote.public_key_id,
        "public_key": remote.public_key,
        "followers_count": count("followers_count"),
        "following_count": count("following_count"),
        "statuses_count": count("statuses_count"),
        "deleted_at": None,
    }


async def _new(tx: Tx, remote: RemoteAccount, decided: dict[str, Any], now: int) -> Account:
    # The marks carry the restriction's own time, so that lifting it finds them.
    restrictions = dict(map(tuple, await tx.all(queries.RESTRICTIONS, domains=parents(remote.domain))))
    created_at = now if remote.created_at is None else min(max(remote.created_at, 0), now)
    return Account(
        id=AccountId(ids.new_id()),
        uri=remote.uri,
        note_source="",
        avatar_static="",
        header_static="",
        moved_to_id=None,
        last_status_at=None,
        created_at=created_at,
        updated_at=now,
        fetched_at=now,
        sensitized_at=None,
        limited_at=restrictions.get("limit"),
        suspended_at=restrictions.get("suspend"),
        revision=1,
        **decided,
    )
