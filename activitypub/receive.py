"""What the HTTP inbox calls: who sends this, may they, and is it kept? Acting on it is the job of `inbox`.

The raw body and the verified actor are stored before the answer is given, so that nothing acknowledged is
lost.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from enum import Enum
from functools import partial
from typing import Any

import msgspec

from activitypub import keyring, queries, relays, signatures, synchronising
from activitypub.errors import BadSignature, FetchError, Ignored
from activitypub.federation import DELIVER, Federation
from activitypub.inbox import forwarded
from activitypub.origins import authority, same_origin
from activitypub.parse import decode
from activitypub.parse.document import LARGEST
from activitypub.parse.fields import identifier, types
from activitypub.resolve import account, refuse_blocked
from fedcoop import clock, jobs
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid, Problem
from fedcoop.jobs.types import ReceiveActivity

log = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of a delivery; the value is the HTTP status to answer with."""

    ACCEPTED = 202
    MALFORMED = 400
    UNPROVEN = 401
    BLOCKED = 403
    TOO_LARGE = 413


class Verdict(msgspec.Struct, frozen=True):
    """The outcome and, for the log and the answer, why."""

    outcome: Outcome
    reason: str = ""


async def receive(
    fed: Federation, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
) -> Verdict:
    """Verify and keep a delivery. `target` is path and query as sent, `headers` the raw list. Never raises
    for anything that another server can send."""
    verdict = await _receive(fed, method, target, headers, body)
    if verdict.outcome is not Outcome.ACCEPTED:
        log.info("delivery refused with %s: %s", verdict.outcome.value, verdict.reason)
    return verdict


async def _receive(
    fed: Federation, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
) -> Verdict:
    if len(body) > LARGEST:
        return Verdict(Outcome.TOO_LARGE, "more than 1 MB")
    message = signatures.Message(
        method, target, headers, body, scheme=fed.config.scheme, authority=fed.config.domain
    )
    try:
        claim = signatures.read(message, clock.now() // 1000)
    except BadSignature as error:
        return Verdict(Outcome.UNPROVEN, str(error))
    try:
        document = decode(body)
    except Ignored as ignored:
        return Verdict(Outcome.MALFORMED, ignored.reason)
    actor = identifier(document.get("actor"))
    activity_id = identifier(document)
    if not actor or fed.is_local(actor):
        return Verdict(Outcome.MALFORMED, "no actor, or one of ours")
    try:
        await _gate(fed, actor, activity_id, claim.key_id)
    except Ignored as ignored:
        return Verdict(Outcome.BLOCKED, ignored.reason)
    try:
        signer = await keyring.signer_of(fed, claim, may_fetch=not _is_delete(document))
    except BadSignature as error:
        return Verdict(Outcome.UNPROVEN, str(error))
    if signer is None:
        return Verdict(Outcome.ACCEPTED, "a Delete of somebody unknown")
    if signer != actor:
        if await _is_relayed(fed, signer, document):
            return await _passed_on(fed, document, "a relay passed on what is ours", relayed=True)
        try:
            prover = await keyring.prover_of(fed, document)
        except BadSignature as error:
            return Verdict(Outcome.UNPROVEN, str(error))
        if prover != actor:
            return await _passed_on(fed, document, f"signed by {signer}, not by the actor {actor}")
    if activity_id and not same_origin(activity_id, actor):
        return Verdict(Outcome.UNPROVEN, "the activity is of another origin than its actor")
    if signer == actor and (said := message.single(synchronising.HEADER.lower())):
        await _followers_told(fed, actor, said)
    return await _keep(fed, actor, activity_id, body)


async def _followers_told(fed: Federation, actor: str, said: str) -> None:
    """The sender also says who follows it from here (FEP-8fcf). Raises nothing: the delivery counts all the
    same."""
    async with fed.db.read() as tx:
        known = await accounts.by_uri(tx, actor)
    if known is not None:
        await synchronising.told(fed, known, said)


async def _is_relayed(fed: Federation, signer: str, document: dict[str, Any]) -> bool:
    """Is this a new post that a relay of ours passes on? Whatever else it passes on is as from anybody."""
    if "Create" not in types(document.get("type")):
        return False
    async with fed.db.read() as tx:
        return await relays.is_relay(tx, signer)


async def _passed_on(
    fed: Federation, document: dict[str, Any], reason: str, *, relayed: bool = False
) -> Verdict:
    """Something that its actor neither sent nor proved: asked for at its origin if it concerns us, or a relay of
    ours brought it; else refused."""
    job = forwarded.about(document, relayed=relayed)
    if job is None or fed.is_local(job.uri):
        return Verdict(Outcome.UNPROVEN, reason)
    async with fed.db.read() as tx:
        if not relayed and not await forwarded.concerns_us(tx, job):
            return Verdict(Outcome.UNPROVEN, reason)
    async with fed.db.write() as tx:
        await jobs.add(tx, job)
    return Verdict(Outcome.ACCEPTED, "passed on, and asked for where it lives")


async def requester(
    fed: Federation, method: str, target: str, headers: Iterable[tuple[str, str]]
) -> Account | None:
    """Who asks for a document, where the request is signed; None where it is not.

    Raises `BadSignature`, also for a suspended server and for somebody whom we cannot get to know.
    """
    pairs = list(headers)
    if not any(name.lower() == "signature" for name, _ in pairs):
        return None
    message = signatures.Message(method, target, pairs, scheme=fed.config.scheme, authority=fed.config.domain)
    claim = signatures.read(message, clock.now() // 1000)
    try:
        await _gate(fed, claim.key_id)
        signer = await keyring.signer_of(fed, claim)
        return await account(fed, signer or "")
    except (Ignored, FetchError, Problem) as error:
        raise BadSignature(f"a requester of no use: {error}") from None


async def _gate(fed: Federation, *ids: str) -> None:
    """Raises `Ignored` when one of these ids is of a suspended server (docs/security.md B15)."""
    places: set[str] = set()
    for one in ids:
        if one.startswith(("https://", "http://")):
            places.add("/".join(one.split("/", 3)[:3]))
        elif one.startswith("acct:"):
            places.add(f"https://{one.rpartition('@')[2]}")
    async with fed.db.read() as tx:
        for place in places:
            await refuse_blocked(tx, place)


async def _keep(fed: Federation, actor: str, activity_id: str, body: bytes) -> Verdict:
    try:
        host = authority(actor)
    except Invalid:
        return Verdict(Outcome.MALFORMED, "the actor has no host")
    async with fed.db.read() as tx:
        if activity_id and await tx.one(queries.RECEIVED, uri=activity_id) is not None:
            return Verdict(Outcome.ACCEPTED, "received before")
        was_silent = await tx.one(queries.HOST_FAILS, host=host) is not None
    job = ReceiveActivity(actor_uri=actor, body=body.decode())
    await fed.together(partial(_store, job, host if was_silent else ""))
    return Verdict(Outcome.ACCEPTED)


async def _store(job: ReceiveActivity, silent_host: str, tx: Tx) -> None:
    await jobs.add(tx, job)
    if silent_host and await tx.execute(queries.HOST_ALIVE, host=silent_host, at=clock.now()):
        await tx.execute(queries.PULL_FORWARD, to_host=silent_host, at=clock.now())
        tx.wake.add(DELIVER)


def _is_delete(document: dict[str, Any]) -> bool:
    return "Delete" in types(document.get("type"))
