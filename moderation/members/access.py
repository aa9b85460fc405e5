"""Who is a member, and what that lets them do."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import NotAllowed
from fedcoop.ids import AccountId
from moderation.constitution import Rule, Standing, say_duration

from . import queries
from .types import Member

NO_MEMBER = "Only members of the co-operative can do this, and this account is not one."


async def find(tx: Tx, account_id: AccountId | None) -> Member | None:
    """The member behind an account, in whatever standing."""
    if account_id is None:
        return None
    return await tx.one(queries.BY_ID, account_id=account_id)


async def by_handle(tx: Tx, handle: str) -> Member | None:
    """The member with this handle, in whatever standing."""
    return await tx.one(queries.BY_HANDLE, handle=handle)


async def member(tx: Tx, account_id: AccountId) -> Member:
    """The member behind an account. Raises NotAllowed for others and for the expelled."""
    found = await find(tx, account_id)
    if found is None:
        raise NotAllowed(NO_MEMBER)
    if found.standing == "expelled":
        raise NotAllowed("This account was expelled from the co-operative.")
    return found


async def standings(tx: Tx) -> dict[AccountId, Standing]:
    """The standing of every member there is or was."""
    return {row["account_id"]: row["standing"] for row in await tx.all(queries.STANDINGS)}


def why_not_eligible(found: Member | None, rule: Rule, opened_at: int) -> str | None:
    """Why somebody was not in the electorate when it was frozen, in words; None when they meet the
    conditions."""
    who = rule.electorate
    if found is None:
        return "Only members of the co-operative vote on proposals, and this account is not one."
    if found.standing not in who.standings:
        wanted = " or ".join(who.standings)
        return f"Members in the standing “{wanted}” vote here; yours is “{found.standing}”."
    if found.joined_at > opened_at - who.member_for.ms:
        if not who.member_for.ms:
            return "You became a member after voting opened; those who were members then decide this one."
        waited = say_duration(who.member_for.ms)
        return f"Members vote {waited} after joining; when voting opened you had joined too recently."
    if who.paid_up and (found.paid_until is None or found.paid_until < opened_at):
        return f"Dues were not paid on {clock.day(opened_at)}, when the electorate was drawn up."
    if who.mandate:
        return f"Those vote here who held the office “{who.mandate}” when voting opened."
    return None
