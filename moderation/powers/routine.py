"""What an office does in its daily work and no vote is needed for: letting somebody in, looking after a report,
barring an address, letting a trend be shown. Nobody loses anything by it that members gave them; it is recorded
all the same. Acts of the co-operative are in `actions`."""

from typing import Literal

from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.ids import AccountId
from moderation.ledger import actions as ledger
from moderation.ledger.types import Logged
from moderation.members.naming import log_name

from . import access

Work = Literal[
    "let_somebody_in", "turned_somebody_away", "let_somebody_log_in_again", "warned_somebody",
    "erased_a_suspended_account", "took_over_a_report", "gave_back_a_report", "answered_a_report",
    "reopened_a_report", "sorted_a_report", "barred_an_address", "changed_a_barred_address",
    "let_in_an_address", "barred_a_mail_provider", "let_in_a_mail_provider", "barred_a_mail_address",
    "let_in_a_mail_address", "let_a_trend_be_shown", "hid_a_trend",
]  # fmt: skip


async def record(
    tx: Tx,
    account: Account,
    did: Work,
    *,
    about: AccountId | None = None,
    case: str = "",
    words: dict[str, str] | None = None,
) -> Logged:
    """Write down what somebody does by their office, before it is done. `about`: whom, as a pseudonym; `case`: the
    report's id; `words` stay beside the ledger. Raises NotAllowed for those who hold no office."""
    await ledger.take(tx)
    office, mandate = await access.office(tx, account.id)
    return await ledger.append(
        tx,
        "office",
        actor=await log_name(tx, account.id),
        body={
            "office": office,
            "did": did,
            "about": None if about is None else await log_name(tx, about),
            "case": case,
        },
        refs=() if mandate is None else (mandate.ledger_index,),
        words=words or None,
    )
