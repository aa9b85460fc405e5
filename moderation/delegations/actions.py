"""Giving a vote into another member's hands, taking it back, and seeing who holds whose."""

from fedcoop import clock
from fedcoop.accounts.types import Account
from fedcoop.db import Row, Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.ids import AccountId
from moderation.constitution import KINDS
from moderation.ledger import actions as ledger
from moderation.members.access import find, member
from moderation.members.types import Member

from . import queries
from .types import Delegation, DelegationEntity, Delegations


async def delegate(tx: Tx, account: Account, kind: str, to: AccountId) -> None:
    """Let another member vote for oneself on proposals of a kind, until it is taken back or one of both leaves;
    whoever votes oneself overrides it. Replaces who held it before. Raises NotAllowed for those who are no
    member and Invalid for an unknown kind, oneself, or a delegate who is no member."""
    await ledger.take(tx)
    giver = await member(tx, account.id)
    _check_kind(kind)
    if to == account.id:
        raise Invalid("You hold your own vote already.", "account_id")
    trusted = await find(tx, to)
    if trusted is None or trusted.standing == "expelled":
        raise Invalid("A vote can only be given to another member.", "account_id")
    before = await tx.one(queries.ONE, account_id=account.id, kind=kind)
    if before is not None and before.delegate_id == to:
        return
    logged = await _log(tx, giver, kind, trusted.log_name, before)
    if before is not None:
        await tx.execute(queries.REMOVE, account_id=account.id, kind=kind)
    await tx.execute(
        queries.ADD,
        account_id=account.id,
        kind=kind,
        delegate_id=to,
        created_at=clock.now(),
        ledger_index=logged,
    )


async def take_back(tx: Tx, account: Account, kind: str) -> None:
    """Vote oneself again on proposals of a kind. Raises NotAllowed, Invalid, and NotFound when nobody held it."""
    await ledger.take(tx)
    giver = await member(tx, account.id)
    _check_kind(kind)
    before = await tx.one(queries.ONE, account_id=account.id, kind=kind)
    if before is None:
        raise NotFound(f"You have given nobody your vote on “{kind}”.")
    await _end(tx, giver, before)


async def end_all(tx: Tx, leaver: Member) -> None:
    """End everything that somebody who leaves has given or holds."""
    for each in await tx.all(queries.ABOUT, account_id=leaver.account_id):
        giver = await find(tx, each.account_id)
        if giver is not None:
            await _end(tx, giver, each)


async def shown(tx: Tx, account: Account) -> Delegations:
    """What a member has given, what others have given them, and where it runs in a circle. Raises
    NotAllowed."""
    await member(tx, account.id)
    given = [_entity(row, row[2]) for row in await tx.all(queries.GIVEN, account_id=account.id)]
    received = [_entity(row, row[0]) for row in await tx.all(queries.RECEIVED, account_id=account.id)]
    circular = [each.kind for each in given if await _comes_back(tx, account.id, each.kind)]
    return Delegations(given, received, circular)


async def _comes_back(tx: Tx, account_id: AccountId, kind: str) -> bool:
    trusts: dict[int, int] = {row[0]: row[1] for row in await tx.all(queries.OF_KIND, kind=kind)}
    at, seen = trusts.get(account_id), set[int]()
    while at is not None and at not in seen:
        if at == account_id:
            return True
        seen.add(at)
        at = trusts.get(at)
    return False


async def _end(tx: Tx, giver: Member, before: Delegation) -> None:
    await _log(tx, giver, before.kind, "", before)
    await tx.execute(queries.REMOVE, account_id=before.account_id, kind=before.kind)


async def _log(tx: Tx, giver: Member, kind: str, to: str, before: Delegation | None) -> int:
    """An empty `to` takes it back."""
    refs = () if before is None else (before.ledger_index,)
    body = {"kind": kind, "to": to}
    return (await ledger.append(tx, "delegation", actor=giver.log_name, body=body, refs=refs)).index


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise Invalid(f"“{kind}” is no kind of proposal; there are {', '.join(KINDS)}.", "kind")


def _entity(row: Row, other: AccountId) -> DelegationEntity:
    _, kind, _, created_at, ledger_index, acct = row
    return DelegationEntity(kind, str(other), acct, clock.iso(created_at), ledger_index)
