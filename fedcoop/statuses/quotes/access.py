"""Who may quote what, as its author decides. Who may answer, favourite and boost is `fedcoop.statuses.consent`."""

from __future__ import annotations

from fedcoop.accounts.consent import Standing, standing
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import NotAllowed
from fedcoop.statuses.quotes import queries
from fedcoop.statuses.quotes.types import read
from fedcoop.statuses.types import Status


async def may_quote(tx: Tx, account: Account, status: Status) -> Standing:
    """Where `account`, which may see the status, stands with it. What is for a few is quoted by its author only,
    what is for those addressed by nobody."""
    if status.visibility == "direct" or status.reblog_of_id is not None:
        return "denied"
    own = account.id == status.account_id
    if own or not status.public:
        return "automatic" if own else "denied"
    follows, followed = await tx.one(queries.TIES, who=account.id, author=status.account_id) or (False, False)
    return standing(
        read(status.policy).quote, uri=account.uri, follows=bool(follows), followed=bool(followed)
    )


async def check(tx: Tx, account: Account, status: Status) -> Standing:
    """The same for somebody who wants to. Raises `NotAllowed`."""
    found = await may_quote(tx, account, status)
    if found in ("denied", "unknown"):
        raise NotAllowed("The author of this post does not let you quote it.")
    return found
