"""Giving and ending offices, each on the record. The account's role follows the mandate."""

from fedcoop import jobs
from fedcoop.accounts import access as accounts
from fedcoop.accounts import actions as accounts_actions
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account, UserRole
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.ids import AccountId, new_id
from fedcoop.jobs.deciding import EndMandate
from moderation.acts import force
from moderation.ledger import actions as ledger
from moderation.members.access import member
from moderation.members.naming import log_name

from . import access, queries
from .types import MODERATOR, Ending, Mandate


async def grant(
    tx: Tx, account: Account, office: str, *, ends_at: int, because: str, at: int, index: int
) -> Mandate:
    """Give a member an office until a moment, in place of one they hold already; the act's entry is `index`.
    Raises NotAllowed for those who are no member."""
    await member(tx, account.id)
    held = await access.holds(tx, account.id, office)
    if held is not None:
        await _ended(tx, held, "renewed", at)
    mandate = Mandate(
        id=new_id(),
        account_id=account.id,
        office=office,
        because=because,
        started_at=at,
        ends_at=ends_at,
        ended_at=None,
        ended_because="",
        ledger_index=index,
    )
    await tx.execute(queries.ADD, **{name: getattr(mandate, name) for name in Mandate.__struct_fields__})
    await jobs.add(tx, EndMandate(mandate_id=mandate.id), run_at=ends_at)
    await _follow_role(tx, account.id)
    return mandate


async def recall(tx: Tx, account: Account, office: str, *, at: int) -> None:
    """End somebody's mandate by a decision, if they hold it; the act's entry says so."""
    held = await access.holds(tx, account.id, office)
    if held is not None:
        await _ended(tx, held, "recalled", at)


async def lapse(tx: Tx, mandate_id: int) -> None:
    """End a mandate whose term is over. One that has ended does not end again."""
    log = await ledger.take(tx)
    mandate = await tx.one(queries.BY_ID, id=mandate_id)
    if mandate is None or mandate.ended_at is not None:
        return
    if ledger.moment(log) < mandate.ends_at:
        await jobs.add(tx, EndMandate(mandate_id=mandate_id), run_at=mandate.ends_at)
        return
    await _end(tx, mandate, "term")


async def resign(tx: Tx, account: Account, office: str) -> None:
    """Give an office back before its term is over. Raises NotFound for one that is not held."""
    await ledger.take(tx)
    held = await access.holds(tx, account.id, office)
    if held is None:
        raise NotFound("You do not hold this office.")
    await _end(tx, held, "resigned")


async def end_all(tx: Tx, account_id: AccountId) -> None:
    """End every office of somebody who leaves the co-operative."""
    for each in await access.held_by(tx, account_id):
        await _end(tx, each, "left")


async def _end(tx: Tx, mandate: Mandate, why: Ending) -> None:
    """End it without an act, with an entry of its own."""
    log = await ledger.take(tx)
    account = await tx.one(account_queries.BY_ID, id=mandate.account_id)
    name = await log_name(tx, mandate.account_id)
    body = {"office": mandate.office, "member": name, "because": why}
    await ledger.append(tx, "mandate_ended", body=body, refs=(mandate.ledger_index,), at=ledger.moment(log))
    if account is not None:
        await force.vacate(tx, f"mandate:{mandate.office}:{account.handle}")
    await _ended(tx, mandate, why, ledger.moment(log))


async def _ended(tx: Tx, mandate: Mandate, why: Ending, at: int) -> None:
    await tx.execute(queries.END, mandate_id=mandate.id, at=at, why=why)
    await _follow_role(tx, mandate.account_id)


async def _follow_role(tx: Tx, account_id: AccountId) -> None:
    """Moderators' clients show them what moderators see. Whoever runs the server keeps that role."""
    try:
        user = await accounts.user(tx, account_id)
    except NotFound:
        return  # The account was deleted; nobody has its role any more.
    if user.role == "admin":
        return
    moderates = await access.holds(tx, account_id, MODERATOR) is not None
    wanted: UserRole = "moderator" if moderates else "user"
    if user.role != wanted:
        await accounts_actions.set_role(tx, account_id, wanted)
