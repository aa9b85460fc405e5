"""Acts on single accounts and posts: what they need to make sense, how they are done, what they would change."""

from collections.abc import Sequence

import msgspec

from fedcoop import domains, jobs, removals
from fedcoop.accounts import access as accounts
from fedcoop.accounts import actions as accounts_actions
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.jobs.types import Federate
from fedcoop.notifications import notices
from fedcoop.notifications.types import WarningAction
from fedcoop.statuses.types import Status

from . import places, queries
from .consequence import Consequence, many
from .types import (
    Act,
    Cause,
    LimitAccount,
    MarkSensitive,
    RemoveStatus,
    RestoreAccount,
    SensitizeAccount,
    SuspendAccount,
)
from .words import say

AccountAct = LimitAccount | SensitizeAccount | SuspendAccount | RestoreAccount
StatusAct = RemoveStatus | MarkSensitive


async def known(tx: Tx, handle: str, config: Config) -> Account:
    """Somebody whom an act is about. Raises Invalid for nobody, and for the accounts that are no person's."""
    account = await accounts.by_handle(tx, local_handle(handle, config))
    if account is None:
        raise Invalid(f"Nobody called “{handle}” is known here.", "acts")
    if account.local and account.kind in ("group", "application"):
        raise Invalid(f"@{account.acct} belongs to the server itself.", "acts")
    return account


def local_handle(handle: str, config: Config) -> str:
    """A handle in its one form, without our own domain."""
    return accounts.handle_of(handle).removesuffix(f"@{config.domain}")


async def settle_account(tx: Tx, act: AccountAct, config: Config) -> AccountAct:
    """The act with the handle in its one form. Raises Invalid."""
    account = await known(tx, act.account, config)
    return msgspec.structs.replace(act, account=account.handle)


async def settle_status(tx: Tx, act: StatusAct) -> StatusAct:
    """Raises Invalid for a post that is not here."""
    status = await find_status(tx, act.status)
    if status.reblog_of_id is not None:
        raise Invalid("A boost is no post of its own; name the post that it repeats.", "acts")
    return msgspec.structs.replace(act, status=str(status.id))


async def find_status(tx: Tx, status_id: str) -> Status:
    """The post that an act is about, whoever may see it. Raises Invalid."""
    number = int(status_id) if status_id.isascii() and status_id.isdigit() and len(status_id) < 19 else 0
    status = await removals.find(tx, number)
    if status is None:
        raise Invalid(f"There is no post {status_id} here.", "acts")
    return status


async def carry_out(tx: Tx, act: AccountAct | StatusAct, cause: Cause) -> None:
    """Do it. What is gone meanwhile stays gone."""
    if isinstance(act, RemoveStatus | MarkSensitive):
        status = await removals.find(tx, int(act.status))
        if status is None:
            return
        await _warn(tx, act, cause, status.account_id, [status.id])
        if isinstance(act, MarkSensitive):
            await removals.mark_sensitive(tx, status, act.sensitive)
        elif act.removed:
            await removals.take_away(tx, status)
        else:
            await removals.bring_back(tx, status)
        return
    account = await accounts.by_handle(tx, act.account)
    if account is None:
        return
    await _warn(tx, act, cause, account.id)
    match act:
        case SuspendAccount():
            await accounts_actions.suspend(tx, account.id)
        case LimitAccount():
            await _unmarked(tx, account)
            await accounts_actions.limit(tx, account.id)
        case SensitizeAccount():
            await accounts_actions.sensitize(tx, account.id, act.sensitive)
        case RestoreAccount():
            await _unmarked(tx, account)
    if account.local:
        await jobs.add(tx, Federate(activity="profile", account_id=account.id))


async def _warn(
    tx: Tx, act: AccountAct | StatusAct, cause: Cause, account_id: int, status_ids: Sequence[int] = ()
) -> None:
    """Tell a member of ours what is done about them, by whom it was decided, why, and where that is recorded."""
    action = _WARNINGS.get(type(act))
    if (
        action is None
        or act == places.cleared(act)
        or not await tx.one(account_queries.USER, account_id=account_id)
    ):
        return
    who = (
        "Members decided"
        if cause.because.startswith("proposal:")
        else "An office decided, on behalf of members"
    )
    text = f"{who}: {say(act)} It is entry {cause.index} of the ledger."
    await notices.warn(tx, account_id, action, f"{text} {cause.reason}".strip(), status_ids)


_WARNINGS: dict[type[Act], WarningAction] = {
    LimitAccount: "silence",
    SensitizeAccount: "sensitive",
    SuspendAccount: "suspend",
    RemoveStatus: "delete_statuses",
    MarkSensitive: "mark_statuses_as_sensitive",
}


async def _unmarked(tx: Tx, account: Account) -> None:
    """Without marks of its own; those of its server's restriction come back."""
    await accounts_actions.unsuspend(tx, account.id)
    await accounts_actions.unlimit(tx, account.id)
    if account.domain is not None:
        await domains.mark_again(tx, account.domain)


async def consequence(tx: Tx, act: AccountAct | StatusAct) -> Consequence:
    """What it would change, counted now."""
    if isinstance(act, RemoveStatus | MarkSensitive):
        return await _of_status(tx, act)
    account = await accounts.by_handle(tx, act.account)
    if account is None:
        return Consequence(f"@{act.account} is gone; nothing changes for anybody.")
    row = await tx.one(queries.REACH, account_id=account.id)
    counts = {"followers": row[0], "following": row[1], "statuses": row[2]} if row else {}
    here = f"{many(counts.get('followers', 0), 'person')} here follow it" if counts else ""
    here = here.replace("1 person here follow ", "1 person here follows ").replace(" persons ", " people ")
    posts = many(counts.get("statuses", 0), "post")
    match act:
        case SuspendAccount():
            words = f"Hides the account and its {posts} from everybody; {here}."
        case LimitAccount():
            words = f"Hides the account and its {posts} from everybody who does not follow it; {here}."
        case SensitizeAccount(sensitive=True):
            words = f"Its {posts} stay, with their media hidden until somebody wants to see them; {here}."
        case SensitizeAccount():
            words = f"Of its {posts} only those that it hides itself stay hidden; {here}."
        case RestoreAccount():
            words = f"The account and its {posts} are seen by everybody again; {here}."
    return Consequence(words, counts)


async def _of_status(tx: Tx, act: StatusAct) -> Consequence:
    status = await removals.find(tx, int(act.status))
    if status is None:
        return Consequence("The post is gone; nothing changes for anybody.")
    counts = {
        "replies": status.replies_count,
        "reblogs": status.reblogs_count,
        "favourites": status.favourites_count,
    }
    it = f"It has {many(counts['reblogs'], 'boost')} and {many(counts['favourites'], 'favourite')}"
    match act:
        case RemoveStatus(removed=True):
            replies = counts["replies"]
            below = f" {replies} {'answer' if replies == 1 else 'answers'} to it stay." if replies else ""
            words = f"{it}, which go with it.{below}"
        case RemoveStatus():
            words = (
                "It is shown to those who saw it before; servers that have deleted it may not take it back."
            )
        case MarkSensitive():
            words = f"{it}; its words stay as they are."
    return Consequence(words, counts)
