"""Consent given, refused and taken back, with what follows from it; by members, and by authors elsewhere,
whose word `activitypub.inbox.interaction` has looked at."""

from __future__ import annotations

from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.favourites import actions as favourites
from fedcoop.statuses import actions as statuses
from fedcoop.statuses import holding, reblogs
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent import actions as consents
from fedcoop.statuses.consent import queries
from fedcoop.statuses.consent.types import Interaction
from fedcoop.statuses.types import Status


async def accept(tx: Tx, interaction: Interaction, stamp: str = "") -> None:
    """The author consents: a member, or one elsewhere by the stamp at this address. The deed is done, and whoever
    asked is told. What was decided before stays so."""
    if interaction.state != "pending":
        return
    status = await tx.one(status_queries.BY_ID, id=interaction.status_id)
    account = await tx.one(account_queries.BY_ID, id=interaction.account_id)
    if status is None or account is None:
        return
    stamp = stamp or await consents.stamp_uri(tx, status, interaction.id)
    decided = await consents.decide(tx, interaction, "accepted", stamp)
    match interaction.deed:
        case "reply":
            answer = await _result(tx, interaction)
            if answer is not None:
                await holding.show(tx, answer)
        case "favourite":
            await favourites.agreed(tx, account, status, interaction.uri)
        case "reblog":
            await _boost(tx, account, status, decided)
    if status.local and not account.local:
        await consents.tell(tx, decided, "accept_interaction")


async def _boost(tx: Tx, account: Account, status: Status, interaction: Interaction) -> None:
    held = await _result(tx, interaction)
    if held is not None:
        await reblogs.show(tx, account, status, held)
        return
    visibility = interaction.visibility or "public"
    made = await reblogs.add(
        tx,
        account,
        status,
        uri=interaction.uri,
        visibility=visibility,  # type: ignore[arg-type] # as it was noted
    )
    await tx.execute(queries.BECAME, id=interaction.id, new_result_id=made.id)


async def refuse(tx: Tx, interaction: Interaction) -> None:
    """The author does not consent, or no longer. Whoever did it is told where a member decides. A member's answer
    stays with them alone; everything else is gone."""
    if interaction.state in ("rejected", "revoked"):
        return
    done = interaction.state == "accepted"
    status = await tx.one(status_queries.BY_ID, id=interaction.status_id)
    account = await tx.one(account_queries.BY_ID, id=interaction.account_id)
    if status is None or account is None:
        return
    await consents.decide(tx, interaction, "revoked" if done else "rejected")
    if interaction.deed == "favourite":
        await favourites.refuse(tx, account, status, counted=done)
    elif (result := await _result(tx, interaction)) is not None:
        await _withdraw(tx, interaction, result)
    if status.local and done:
        # With the stamp that it had, which is what counts no more.
        await consents.tell(tx, interaction, "revoke_interaction")
    elif status.local and not account.local:
        await consents.tell(tx, interaction, "reject_interaction")


async def _withdraw(tx: Tx, interaction: Interaction, result: Status) -> None:
    if interaction.deed == "reblog":
        await reblogs.refuse(tx, result)
    elif result.local:
        await holding.hide(tx, result)
    else:
        await tx.execute(queries.LET_GO, id=result.id)
        await statuses.remove(tx, result)


async def drop(tx: Tx, answer: Status) -> None:
    """An answer between accounts elsewhere has no consent after all. It may come again, with some."""
    interaction = await tx.one(queries.BY_RESULTS, ids=[answer.id])
    if interaction is not None:
        await tx.execute(queries.FORGET, id=interaction.id)
    await statuses.remove(tx, answer)
    await tx.execute(status_queries.UNBURY, uri=answer.uri)


async def _result(tx: Tx, interaction: Interaction) -> Status | None:
    if interaction.result_id is None:
        return None
    return await tx.one(status_queries.BY_ID, id=interaction.result_id)
