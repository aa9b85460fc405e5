"""Telling other servers what a local account did: the job `Federate`. Sending it is `activitypub.delivery`.

The domain says who did what in Mastodon's words; here it becomes a document and the inboxes it goes to,
written in one transaction: the body once, one delivery row for each distinct inbox.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from activitypub.builders import PUBLIC, encode, with_context
from activitypub.federate import (
    featuring,
    interactions,
    profiles,
    quotes,
    recipients,
    relationships,
    relaying,
    reports,
    statuses,
)
from activitypub.federate.types import Told
from activitypub.federation import DELIVER, Federation
from activitypub.signatures import linked, load_private, proofs
from fedcoop import clock, jobs
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate

log = logging.getLogger(__name__)

Inboxes = Sequence[tuple[str, str]]
Teller = Callable[[Tx, Federation, Account, Federate], Awaitable[Told | None]]

TELLERS: dict[str, Teller] = {
    "post": statuses.post,
    "edit": statuses.edit,
    "poll": statuses.edit,
    "delete": statuses.delete,
    "reblog": statuses.reblog,
    "unreblog": statuses.unreblog,
    "favourite": statuses.favourite,
    "unfavourite": statuses.unfavourite,
    "vote": statuses.vote,
    "pin": statuses.pin,
    "unpin": statuses.pin,
    "follow": relationships.follow,
    "unfollow": relationships.unfollow,
    "accept_follow": relationships.accept_follow,
    "reject_follow": relationships.reject_follow,
    "remove_follower": relationships.reject_follow,
    "block": relationships.block,
    "unblock": relationships.unblock,
    "profile": profiles.profile,
    "delete_account": profiles.delete_account,
    "move": profiles.move,
    "quote_request": quotes.ask,
    "accept_quote": quotes.give,
    "reject_quote": quotes.refuse,
    "revoke_quote": quotes.take_back,
    "interaction_request": interactions.ask,
    "accept_interaction": interactions.give,
    "reject_interaction": interactions.refuse,
    "revoke_interaction": interactions.take_back,
    "report": reports.report,
    "add_collection": featuring.add,
    "update_collection": featuring.update,
    "remove_collection": featuring.remove,
    "add_item": featuring.add_item,
    "remove_item": featuring.remove_item,
    "feature_request": featuring.ask,
    "accept_feature": featuring.give,
    "reject_feature": featuring.refuse,
    "revoke_feature": featuring.take_back,
    "join_relay": relaying.join,
    "leave_relay": relaying.leave,
}
"""Every activity of the job, and who makes a document of it."""


async def federate(fed: Federation, job: Federate) -> None:
    """Write what is to be delivered. Nothing, where nobody elsewhere is concerned or all of it is gone
    again."""
    async with fed.db.read() as tx:
        account = await tx.one(account_queries.BY_ID, id=job.account_id)
        if account is None or not account.local:
            return
        told = await TELLERS[job.activity](tx, fed, account, job)
        if told is None:
            return
        relayed = await relaying.passed_on(tx, job, told)
        signed_to = await recipients.deliverable(tx, fed, relayed.signed_to)
        named = [inbox for inbox in told.inboxes if inbox not in relayed.signed_to]
        inboxes = await recipients.deliverable(tx, fed, [*named, *relayed.proven_to])
        announced_to = await recipients.deliverable(tx, fed, relayed.announced_to)
    sent: list[tuple[Account, str, Inboxes]] = []
    if inboxes:
        sent += [(account, await _body(fed, account, each), inboxes) for each in told.documents]
    if signed_to:
        sent.append((account, await _signed(fed, account, relayed.document), signed_to))
    if announced_to and relayed.voice is not None and relayed.announcement is not None:
        sent.append((relayed.voice, await _body(fed, relayed.voice, relayed.announcement), announced_to))
    if not sent:
        return
    async with fed.db.write() as tx:
        # With its deliveries, or an Accept told twice would have two ids.
        await jobs.finish(tx)
        for sender, body, to in sent:
            await recipients.enqueue(tx, sender.id, body, to)
        tx.wake.add(DELIVER)


async def _body(fed: Federation, account: Account, document: dict[str, Any]) -> str:
    """The document as it is sent. What is public carries a proof, so that whoever gets it from somebody else
    can believe it too (FEP-8b32); what is not public cannot be passed on with proof."""
    if PUBLIC not in (*document.get("to", ()), *document.get("cc", ())):
        return encode(document).decode()
    signer = await fed.signer(account.id)
    proven = proofs.with_proof(with_context(document), signer.proof_key, signer.proof_key_id, clock.now())
    return msgspec.json.encode(proven).decode()


async def _signed(fed: Federation, account: Account, document: dict[str, Any]) -> str:
    """The document as relays of Mastodon's style pass it on."""
    signer = await fed.signer(account.id)
    signed = await asyncio.to_thread(
        linked.with_signature,
        with_context(document),
        load_private(signer.pem),
        signer.key_id,
        clock.now(),
    )
    return msgspec.json.encode(signed).decode()


__all__ = ["TELLERS", "federate"]
