"""Asking for consent and noting whether there is any. What is done with it is `fedcoop.interactions`; telling
other servers is `activitypub.federate.interactions`."""

from __future__ import annotations

from typing import Literal

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import NotAllowed
from fedcoop.jobs.types import Federate
from fedcoop.statuses.consent import access, queries
from fedcoop.statuses.consent.types import Deed, Interaction, State, Verdict
from fedcoop.statuses.types import Held, Status, Visibility

_STATES: dict[Verdict, State] = {
    "free": "accepted",
    "granted": "accepted",
    "asked": "pending",
    "denied": "rejected",
}


def held(audience: Visibility) -> Held:
    """The visibility of what is meant for this audience once there is consent."""
    return f"held_{audience}"  # type: ignore[return-value] # each of the four has its own


async def by_member(
    tx: Tx,
    deed: Deed,
    account: Account,
    status: Status,
    verdict: Verdict,
    *,
    uri: str,
    result_id: int | None = None,
) -> None:
    """A member has done something that `access.check` found to be of this verdict. Where that needs consent, it is
    asked for, or noted."""
    if verdict != "free":
        interaction = await _note(tx, deed, account, status, _STATES[verdict], uri=uri, result_id=result_id)
        if interaction.state == "pending" and not status.local:
            await tell(tx, interaction, "interaction_request")


async def by_stranger(
    tx: Tx,
    deed: Deed,
    account: Account,
    status: Status,
    *,
    uri: str,
    request_uri: str = "",
    visibility: str = "",
) -> Interaction | None:
    """Somebody elsewhere wants to do this to a member's status. None where that is free and nobody asked;
    else what was noted, and answered where its author need not decide. What was decided before is said again
    to who asks again. Raises `NotAllowed` for the act of somebody else."""
    before = await access.by_uri(tx, uri)
    if before is not None and (before.account_id, before.status_id) != (account.id, status.id):
        raise NotAllowed("This was done by somebody else, or to something else.")
    if before is None and deed != "reply":
        before = await access.known(tx, account, status, deed)
    if before is not None and _by_rule(before) and (deed != "reply" or request_uri):
        # Nobody decided that; the rules may be others now.
        await tx.execute(queries.FORGET, id=before.id)
        before = None
    if before is not None:
        return await _again(tx, before, request_uri)
    verdict = await access.verdict(tx, account, status, deed)
    if verdict == "free" and not request_uri:
        return None
    state = _STATES[verdict]
    return await _answered(
        tx,
        await _note(
            tx, deed, account, status, state, uri=uri, request_uri=request_uri, visibility=visibility
        ),
    )


async def refused(
    tx: Tx, deed: Deed, account: Account, status: Status, *, uri: str, request_uri: str
) -> Interaction:
    """The same for somebody who may not even see the status."""
    before = await access.by_uri(tx, uri)
    if before is not None:
        return before
    return await _answered(
        tx, await _note(tx, deed, account, status, "rejected", uri=uri, request_uri=request_uri)
    )


async def claimed(
    tx: Tx, deed: Deed, account: Account, status: Status, *, uri: str, stamp: str, seen: bool = False
) -> Interaction:
    """Somebody elsewhere says that the author of a status elsewhere consents, by this stamp. `seen`: it was looked
    at. Otherwise that is to come."""
    state: State = "accepted" if seen else "pending"
    return await _note(tx, deed, account, status, state, uri=uri, stamp=stamp)


async def note_refusal(tx: Tx, status: Status, answer: Status) -> None:
    """The author of a status elsewhere does not want a member's answer, for which nobody had to ask."""
    account = await tx.one(account_queries.BY_ID, id=answer.account_id)
    if account is not None:
        made = await _note(tx, "reply", account, status, "rejected", uri=answer.uri, result_id=answer.id)
        await decide(tx, made, "rejected")


def _by_rule(interaction: Interaction) -> bool:
    return interaction.state == "rejected" and interaction.decided_at is None


async def _again(tx: Tx, before: Interaction, request_uri: str) -> Interaction:
    if request_uri and request_uri != before.request_uri:
        await tx.execute(queries.ASKED_BY, id=before.id, new_request_uri=request_uri)
        before = msgspec.structs.replace(before, request_uri=request_uri)
        await _answered(tx, before)
    return before


async def _answered(tx: Tx, interaction: Interaction) -> Interaction:
    if interaction.state == "accepted":
        await tell(tx, interaction, "accept_interaction")
    elif interaction.state != "pending":
        await tell(tx, interaction, "reject_interaction")
    return interaction


async def tell(
    tx: Tx,
    interaction: Interaction,
    activity: Literal[
        "interaction_request", "accept_interaction", "reject_interaction", "revoke_interaction"
    ],
) -> None:
    """Have another server told what is asked or decided."""
    teller = interaction.account_id if activity == "interaction_request" else interaction.author_id
    await jobs.add(
        tx,
        Federate(activity=activity, account_id=teller, object_id=interaction.id, uri=interaction.stamp_uri),
    )


async def _note(
    tx: Tx,
    deed: Deed,
    account: Account,
    status: Status,
    state: State,
    *,
    uri: str,
    request_uri: str = "",
    result_id: int | None = None,
    visibility: str = "",
    stamp: str = "",
) -> Interaction:
    id_, now = ids.new_id(), clock.now()
    if state == "accepted" and not stamp:
        stamp = await stamp_uri(tx, status, id_)
    made = Interaction(
        id=id_,
        deed=deed,
        status_id=status.id,
        author_id=status.account_id,
        account_id=account.id,
        uri=uri,
        request_uri=request_uri,
        result_id=result_id,
        visibility=visibility,
        state=state,
        stamp_uri=stamp,
        created_at=now,
        decided_at=now if state == "accepted" else None,
    )
    if await tx.execute(queries.INSERT, **msgspec.structs.asdict(made)):
        return made
    return await access.by_uri(tx, uri) or made


async def stamp_uri(tx: Tx, status: Status, interaction_id: int) -> str:
    """The address of a member's consent to one interaction with a status of theirs; empty for others."""
    author = await tx.one(account_queries.BY_ID, id=status.account_id) if status.local else None
    return f"{author.uri}/authorizations/{interaction_id}" if author is not None else ""


async def withdraw(tx: Tx, deed: Deed, account: Account, status: Status) -> Interaction | None:
    """Whoever did it takes it back, so that it needs no consent any more. What was refused stays so; returns what
    was known."""
    known = await access.known(tx, account, status, deed)
    if known is None or known.state in ("rejected", "revoked"):
        return None
    await tx.execute(queries.FORGET, id=known.id)
    return known


async def decide(tx: Tx, interaction: Interaction, state: State, stamp: str = "") -> Interaction:
    """Note what was decided, with the address of the consent."""
    now = clock.now()
    await tx.execute(queries.DECIDE, id=interaction.id, new_state=state, new_stamp_uri=stamp, now=now)
    return msgspec.structs.replace(interaction, state=state, stamp_uri=stamp, decided_at=now)
