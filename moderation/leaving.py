"""When a member deletes their account: membership, delegations, offices and candidacies end with it, on the
record. Deleting itself is `fedcoop.accounts.leaving`; what was voted stays as it was."""

from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.ids import AccountId
from moderation.elections import seats
from moderation.ledger import actions as ledger
from moderation.members import access, actions


async def account_deleted(tx: Tx, account_id: AccountId, *, config: Config) -> None:
    """End a membership whose account is gone; once, and nothing for somebody who was no member."""
    await ledger.take(tx)
    known = await access.find(tx, account_id)
    if known is None or known.standing == "expelled":
        return
    await actions.set_standing(tx, known, "expelled", because="account deleted")
    await seats.leave_all(tx, account_id, config=config)
