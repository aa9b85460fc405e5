"""Admitting members and changing their standing, each on the record."""

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Conflict, Invalid, NotAllowed
from fedcoop.ids import AccountId
from fedcoop.relationships import actions as relationships
from moderation.constitution import Standing
from moderation.constitution.force import in_force
from moderation.delegations import actions as delegations
from moderation.elections import withdrawing
from moderation.ledger import actions as ledger
from moderation.mandates import actions as mandates

from . import naming, queries
from .access import find, member
from .types import Member, MemberEntity, shown


async def admit(
    tx: Tx, account: Account, *, because: str, standing: Standing = "good", cause: tuple[int, ...] = ()
) -> Member:
    """Make a local account a member. `because` says who decided: `founding`, `admin:<name>`, `proposal:<id>`;
    `cause` is the act's entry in the ledger. Raises Invalid for an account of another server, Conflict for
    somebody who is a member already, and NotAllowed for an admin where only a vote admits."""
    if account.domain is not None:
        raise Invalid("Only accounts of this server can become members.")
    await ledger.take(tx)
    await _check_operator(tx, because)
    known = await find(tx, account.id)
    if known is not None:
        if known.standing != "expelled":
            raise Conflict(f"@{account.username} is a member already.")
        return await set_standing(tx, known, standing, because=because, cause=cause)
    log_name = await naming.log_name(tx, account.id)
    body = {"member": log_name, "standing": standing, "because": because}
    logged = await ledger.append(tx, "member", body=body, refs=cause)
    admitted = Member(
        account_id=account.id,
        number=(await tx.scalar(queries.LAST_NUMBER) or 0) + 1,
        log_name=log_name,
        standing=standing,
        joined_at=clock.now(),
        changed_at=logged.time,
        paid_until=None,
        ledger_index=logged.index,
    )
    await tx.execute(queries.ADD, **{name: getattr(admitted, name) for name in Member.__struct_fields__})
    # What is proposed appears in every member's home timeline, as a post with a poll.
    await relationships.follow(tx, account, await accounts.assembly(tx))
    return admitted


async def set_standing(
    tx: Tx, known: Member, standing: Standing, *, because: str, cause: tuple[int, ...] = ()
) -> Member:
    """Change a member's standing; `cause` is the entry of the act that does. A vote that is open keeps its
    electorate, but the expelled no longer vote."""
    body = {"member": known.log_name, "standing": standing, "because": because}
    logged = await ledger.append(tx, "member", body=body, refs=(known.ledger_index, *cause))
    await tx.execute(
        queries.SET_STANDING,
        member_id=known.account_id,
        new_standing=standing,
        now=logged.time,
        new_index=logged.index,
    )
    if standing == "expelled":
        await delegations.end_all(tx, known)
        await mandates.end_all(tx, known.account_id)
        await withdrawing.leave_all(tx, known.account_id)
    return await member_row(tx, known.account_id)


async def _check_operator(tx: Tx, because: str) -> None:
    """Whoever runs the server admits members until there is a first proposal, and afterwards only where the
    constitution lets them."""
    if not because.startswith("admin:") or (await in_force(tx)).constitution.admission == "operator":
        return
    if await tx.scalar(queries.ANY_PROPOSAL) is not None:
        raise NotAllowed("Under the constitution only a vote admits members; propose the act admit_member.")


async def end_probations(tx: Tx) -> int:
    """Take those into good standing who have been on probation as long as the constitution says; how many. Where
    it says nothing that needs an act."""
    log = await ledger.take(tx)
    span = (await in_force(tx)).constitution.probation
    if span is None:
        return 0
    over = await tx.all(queries.ON_PROBATION, since=ledger.moment(log) - span.ms)
    for each in over:
        await set_standing(tx, each, "good", because="time")
    return len(over)


async def pause(tx: Tx, account: Account, *, paused: bool) -> Member:
    """Rest one's membership, or take it up again. Votes that are open keep their electorate. Raises NotAllowed for
    those who are no member, and Invalid for whom it is not theirs to say."""
    await ledger.take(tx)
    known = await member(tx, account.id)
    if known.standing == ("paused" if paused else "good"):
        return known
    if known.standing != ("good" if paused else "paused"):
        raise Invalid(f"Your standing is “{known.standing}”; that is changed by those who keep the roll.")
    return await set_standing(tx, known, "paused" if paused else "good", because="own wish")


async def leave(tx: Tx, account: Account) -> None:
    """Be a member no longer, by one's own wish: delegations and offices end, and open votes count no answer that
    is not there already. The account stays. Raises NotAllowed for those who are no member."""
    await ledger.take(tx)
    await set_standing(tx, await member(tx, account.id), "expelled", because="own wish")


async def member_row(tx: Tx, account_id: AccountId) -> Member:
    """The member as the database has them now. Raises NotAllowed when there is none."""
    found = await find(tx, account_id)
    if found is None:
        raise NotAllowed("This account is no member.")
    return found


async def me(tx: Tx, account: Account) -> MemberEntity:
    """The caller's own membership. Raises NotAllowed for those who are no member."""
    return shown(await member(tx, account.id), account.username)


async def roll(tx: Tx, viewer_id: AccountId | None, *, after: int = 0, limit: int = 40) -> list[MemberEntity]:
    """The members by their number, as public as the constitution says. Raises NotAllowed."""
    openness = (await in_force(tx)).constitution.roll
    if openness == "closed":
        raise NotAllowed("The roll of members is not shown on this server.")
    if openness == "members":
        if viewer_id is None:
            raise NotAllowed("The roll is for members only.")
        await member(tx, viewer_id)
    return [shown(*row) for row in await tx.all(queries.ROLL, after=after, limit=limit)]
