"""What local accounts do with statuses: post, edit, delete, reblog, favourite, vote, pin."""

from __future__ import annotations

from typing import Any

from activitypub import loading
from activitypub import queries as protocol_queries
from activitypub.builders.add import pin as build_pin
from activitypub.builders.announce import announce, announce_id
from activitypub.builders.audience import addressed
from activitypub.builders.create import create
from activitypub.builders.delete import delete_status
from activitypub.builders.like import like
from activitypub.builders.undo import undo
from activitypub.builders.update import update_status
from activitypub.builders.vote import vote as build_vote
from activitypub.federate import queries, recipients
from activitypub.federate.types import Told
from activitypub.federation import Federation
from fedcoop import ids
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent import access as consent
from fedcoop.statuses.types import Status


async def post(tx: Tx, fed: Federation, account: Account, job: Federate) -> Told | None:
    """Create, to the followers (unless direct), to those mentioned and to whom it answers."""
    found = await tx.one(status_queries.BY_ID, id=job.object_id)
    if found is None or found.held:
        return None
    written = await loading.written(tx, fed.config, found)
    return Told([create(written)], await _audience(tx, account, found))


async def edit(tx: Tx, fed: Federation, account: Account, job: Federate) -> Told | None:
    """Update, also to those who have a copy because they reblogged, favourited or voted."""
    found = await _status_of(tx, job)
    if found is None or found.held:
        return None
    written = await loading.written(tx, fed.config, found)
    inboxes = await _audience(tx, account, found)
    inboxes += await recipients.people(tx, await tx.scalars(status_queries.REMOTE_HOLDERS, id=found.id))
    if found.poll_id:
        inboxes += await tx.scalars(queries.VOTER_INBOXES, poll_id=found.poll_id)
    return Told([update_status(written)], inboxes)


async def delete(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Delete, to all who may have a copy."""
    visibility = str(job.detail.get("visibility", "public"))
    holders = [int(one) for one in job.detail.get("account_ids", [])]
    inboxes = await recipients.people(tx, holders)
    if visibility != "direct":
        inboxes += await recipients.followers(tx, account)
    uris = [row.uri for row in await tx.all(account_queries.BY_IDS, ids=holders) if not row.local]
    return Told([delete_status(account, job.uri, visibility, uris)], inboxes)


async def reblog(tx: Tx, fed: Federation, account: Account, job: Federate) -> Told | None:
    """Announce, to the followers and to the author."""
    found = await tx.one(status_queries.BY_ID, id=job.object_id)
    if found is None or found.reblog_of_id is None or found.held:
        return None
    written = await loading.written(tx, fed.config, found)
    inboxes = await recipients.followers(tx, account) + await _author(tx, found.reblog_of_id)
    return Told([announce(written)], inboxes)


async def unreblog(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Undo of an Announce, to whom it went: of one that waited for consent, to the author alone."""
    uri, author = await _address(tx, job.object_id)
    visibility = str(job.detail.get("visibility", "public"))
    to, cc = addressed(
        visibility, account.followers_uri or f"{account.uri}/followers", [author] * bool(author)
    )
    undone: dict[str, Any] = {
        "id": announce_id(job.uri),
        "type": "Announce",
        "actor": account.uri,
        "object": uri,
        "to": to,
        "cc": cc,
    }
    inboxes = await _author(tx, job.object_id)
    if visibility != "direct":
        inboxes += await recipients.followers(tx, account)
    return Told([undo(undone)], inboxes)


async def favourite(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Like, to the author."""
    uri, author = await _address(tx, job.object_id)
    row = await tx.one(queries.FAVOURITE_URI, account_id=account.id, status_id=job.object_id)
    if not uri or row is None:
        return None
    identity = job.uri or row["uri"] or f"{account.uri}#likes/{row['id']}"
    asked = await consent.by_uri(tx, identity)
    stamp = asked.stamp_uri if asked is not None else ""
    return Told([like(identity, account.uri, uri, author, stamp)], await _author(tx, job.object_id))


async def unfavourite(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Undo of a Like, to the author."""
    uri, author = await _address(tx, job.object_id)
    if not uri:
        return None
    identity = job.uri or f"{account.uri}#likes/{job.object_id}"
    return Told([undo(like(identity, account.uri, uri, author))], await _author(tx, job.object_id))


async def vote(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """One Create for each choice, to the author of the poll alone."""
    found = await tx.one(status_queries.POLLS, ids=[job.object_id])
    if found is None:
        return None
    uri, author = await _address(tx, found.status_id)
    titles = found.titles()
    chosen = [int(one) for one in job.detail.get("choices", []) if 0 <= int(one) < len(titles)]
    documents = [
        build_vote(f"{account.uri}#votes/{ids.new_id()}", account.uri, uri, author, titles[choice])
        for choice in chosen
    ]
    return Told(documents, await _author(tx, found.status_id)) if documents else None


async def pin(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Add to the featured collection, or Remove from it, to the followers."""
    uri, _ = await _address(tx, job.object_id)
    if not uri:
        return None
    identity = f"{account.uri}#pins/{ids.new_id()}"
    document = build_pin(account, identity, uri, remove=job.activity == "unpin")
    return Told([document], await recipients.followers(tx, account))


async def _status_of(tx: Tx, job: Federate) -> Status | None:
    """The status that an edit means; for new totals the job names the poll or its status."""
    if job.activity == "poll":
        poll = await tx.one(status_queries.POLLS, ids=[job.object_id])
        if poll is not None:
            return await tx.one(status_queries.BY_ID, id=poll.status_id)
    return await tx.one(status_queries.BY_ID, id=job.object_id)


async def _audience(tx: Tx, account: Account, status: Status) -> list[str]:
    concerned = set(await tx.scalars(status_queries.MENTIONED_IDS, id=status.id))
    if status.in_reply_to_account_id and status.visibility != "direct":
        concerned.add(status.in_reply_to_account_id)
    if status.public:
        concerned |= {row["id"] for row in await tx.all(protocol_queries.GROUPS, ids=[status.id])}
    inboxes = await recipients.people(tx, concerned)
    if status.visibility != "direct":
        inboxes += await recipients.followers(tx, account)
    return inboxes


async def _address(tx: Tx, status_id: int) -> tuple[str, str]:
    """The addresses of a status and of its author; empty where it is gone."""
    row = await tx.one(protocol_queries.WITH_AUTHORS, ids=[status_id])
    return (row["uri"], row["author"]) if row is not None else ("", "")


async def _author(tx: Tx, status_id: int) -> list[str]:
    found = await tx.one(status_queries.BY_ID, id=status_id)
    return await recipients.people(tx, [found.account_id]) if found is not None else []
