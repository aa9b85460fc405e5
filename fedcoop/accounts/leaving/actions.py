"""Removing what an account wrote, marked and followed."""

from fedcoop import clock, jobs
from fedcoop.accounts.leaving import queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.events import AccessEnded
from fedcoop.ids import AccountId
from fedcoop.jobs.deciding import LeaveCoop
from fedcoop.jobs.types import EraseAccount, Federate, RemoveFiles


async def delete_local(tx: Tx, account: Account) -> None:
    """A member deletes their account: from now on it is nobody's, other servers are told, and what it wrote is
    removed by a job. Its name is never anybody else's, and what the co-operative has recorded stays."""
    await tx.execute(queries.ERASE, account_id=account.id, at=clock.now())
    for statement in queries.SHUT_OUT:
        await tx.execute(statement, gone_id=account.id)
    await jobs.add(tx, Federate(activity="delete_account", account_id=account.id))
    await jobs.add(tx, EraseAccount(account_id=account.id))
    await jobs.add(tx, LeaveCoop(account_id=account.id))
    pictures = sorted({account.avatar, account.avatar_static, account.header, account.header_static} - {""})
    if pictures:
        await jobs.add(tx, RemoveFiles(urls=pictures))
    tx.events.append(AccessEnded())


async def erase(tx: Tx, account_id: AccountId) -> None:
    """Remove what is left of a member who has deleted their account: files, posts, ties, settings, and the person
    behind it."""
    files = await tx.all(queries.FILES, gone_id=account_id)
    await forget(tx, account_id)
    for statement in queries.ERASE_MEMBER:
        await tx.execute(statement, gone_id=account_id)
    if urls := sorted({url for row in files for url in row if url}):
        await jobs.add(tx, RemoveFiles(urls=urls))


async def forget(tx: Tx, account_id: AccountId) -> None:
    """Remove everything of this account, and set right what counted it. The row stays, empty and marked as
    deleted, so that its name and address are nobody else's."""
    for statement in (*queries.SEVER_ACCOUNT, *queries.FORGET):
        await tx.execute(statement, gone_id=account_id)
    await tx.execute(queries.ERASE, account_id=account_id, at=clock.now())
