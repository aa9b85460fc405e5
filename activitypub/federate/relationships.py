"""What local accounts do with accounts elsewhere: follow, accept, reject, block, and take it back."""

from __future__ import annotations

from typing import Any

from activitypub.builders.accept import accept
from activitypub.builders.block import block as build_block
from activitypub.builders.follow import follow as build_follow
from activitypub.builders.reject import reject
from activitypub.builders.undo import undo
from activitypub.federate import queries
from activitypub.federate.types import Told
from activitypub.federation import Federation
from fedcoop import ids
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate


async def follow(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Follow, to the account."""
    target = await _target(tx, job)
    if target is None:
        return None
    row = await tx.one(queries.FOLLOW_URI, account_id=account.id, target_id=target.id)
    if row is None:
        return None  # taken back before it was told
    identity = row["uri"] or job.uri or f"{account.uri}#follows/{row['id']}"
    return _to(target, build_follow(identity, account.uri, target.uri))


async def unfollow(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Undo of a Follow, to the account."""
    target = await _target(tx, job)
    if target is None:
        return None
    identity = job.uri or f"{account.uri}#follows/{target.id}"
    return _to(target, undo(build_follow(identity, account.uri, target.uri)))


async def accept_follow(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Accept of a Follow, to the follower."""
    follower = await _target(tx, job)
    if follower is None:
        return None
    identity = f"{account.uri}#accepts/{ids.new_id()}"
    return _to(follower, accept(identity, account.uri, follower.uri, job.uri))


async def reject_follow(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Reject of a Follow, at once or later, to the follower."""
    follower = await _target(tx, job)
    if follower is None:
        return None
    identity = f"{account.uri}#rejects/{ids.new_id()}"
    return _to(follower, reject(identity, account.uri, follower.uri, job.uri))


async def block(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Block, to the account, so that its server keeps the two apart as well."""
    target = await _target(tx, job)
    if target is None:
        return None
    row = await tx.one(queries.BLOCK_URI, account_id=account.id, target_id=target.id)
    if row is None:
        return None
    identity = row["uri"] or job.uri or f"{account.uri}#blocks/{row['id']}"
    return _to(target, build_block(identity, account.uri, target.uri))


async def unblock(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Undo of a Block, to the account."""
    target = await _target(tx, job)
    if target is None:
        return None
    identity = job.uri or f"{account.uri}#blocks/{target.id}"
    return _to(target, undo(build_block(identity, account.uri, target.uri)))


async def _target(tx: Tx, job: Federate) -> Account | None:
    """The account it was done to, if it is elsewhere."""
    found = await tx.one(account_queries.BY_ID, id=job.object_id)
    return None if found is None or found.local else found


def _to(account: Account, document: dict[str, Any]) -> Told:
    return Told([document], [account.inbox])
