"""Answers, favourites and boosts that need consent: asking for it, giving it, refusing it, and taking it back."""

from __future__ import annotations

from typing import Any

import msgspec

from activitypub import loading
from activitypub.builders.announce import announce
from activitypub.builders.interaction import impolite, request_type
from activitypub.builders.like import like
from activitypub.builders.note import note
from activitypub.builders.stamps import answer, request, revoked
from activitypub.federate import recipients
from activitypub.federate.types import Told
from activitypub.federation import Federation
from fedcoop import ids
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent import access
from fedcoop.statuses.consent.types import Interaction
from fedcoop.statuses.types import Status

REQUESTS = "#interaction_requests/"
"""In the id of our requests, before that of the interaction."""


async def ask(tx: Tx, fed: Federation, account: Account, job: Federate) -> Told | None:
    """ReplyRequest, LikeRequest or AnnounceRequest, to the author alone, with what will be published."""
    interaction = await access.find(tx, job.object_id)
    if interaction is None or interaction.state != "pending":
        return None
    status = await tx.one(status_queries.BY_ID, id=interaction.status_id)
    author = await tx.one(account_queries.BY_ID, id=interaction.author_id)
    if status is None or author is None or author.local:
        return None
    instrument = await _instrument(tx, fed, account, interaction, status, author)
    if instrument is None:
        return None
    kind, identity = request_type(interaction.deed), f"{account.uri}{REQUESTS}{interaction.id}"
    return Told([request(kind, identity, account.uri, status.uri, instrument, author.uri)], [author.inbox])


async def _instrument(
    tx: Tx, fed: Federation, account: Account, interaction: Interaction, status: Status, author: Account
) -> dict[str, Any] | None:
    if interaction.deed == "favourite":
        return like(interaction.uri, account.uri, status.uri, author.uri)
    held = await tx.one(status_queries.BY_ID, id=interaction.result_id) if interaction.result_id else None
    if held is None:
        return None
    written = await loading.written(tx, fed.config, msgspec.structs.replace(held, visibility=held.audience))
    return note(written) if interaction.deed == "reply" else announce(written)


async def give(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Accept, to whoever asked; where they did not, also to the followers, whose servers have no other proof."""
    interaction = await access.find(tx, job.object_id)
    if interaction is None or interaction.state != "accepted":
        return None
    found = await _answer(tx, account, interaction, f"{account.uri}#accepts/{ids.new_id()}")
    if found is not None and not interaction.request_uri:
        return Told(found.documents, [*found.inboxes, *await recipients.followers(tx, account)])
    return found


async def refuse(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Reject, to whoever asked, or did it without asking."""
    interaction = await access.find(tx, job.object_id)
    if interaction is None or interaction.state not in ("rejected", "revoked"):
        return None
    return await _answer(tx, account, interaction, f"{account.uri}#rejects/{ids.new_id()}")


async def _answer(tx: Tx, account: Account, interaction: Interaction, identity: str) -> Told | None:
    asker = await tx.one(account_queries.BY_ID, id=interaction.account_id)
    status = await tx.one(status_queries.BY_ID, id=interaction.status_id)
    if asker is None or asker.local or status is None:
        return None
    if interaction.request_uri:
        kind = request_type(interaction.deed)
        asked = request(kind, interaction.request_uri, asker.uri, status.uri, interaction.uri, account.uri)
        return Told([answer(identity, account.uri, asked, interaction.stamp_uri)], [asker.inbox])
    followers = account.followers_uri or f"{account.uri}/followers"
    return Told(
        [impolite(interaction, identity, account.uri, followers, status.uri, asker.uri)], [asker.inbox]
    )


async def take_back(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Delete of a stamp, to whoever did what it allowed and to the followers, who may have seen it."""
    interaction = await access.find(tx, job.object_id)
    inboxes = await recipients.followers(tx, account)
    to = [account.followers_uri or f"{account.uri}/followers"]
    doer = await tx.one(account_queries.BY_ID, id=interaction.account_id) if interaction else None
    if doer is not None:
        inboxes += await recipients.people(tx, [doer.id])
        to.append(doer.uri)
    return Told([revoked(account.uri, job.uri, to)], inboxes)
