"""Members, as rows and as the API shows them."""

from typing import cast

import msgspec

from fedcoop import clock
from fedcoop.ids import AccountId
from moderation.constitution import Standing


class Member(msgspec.Struct, frozen=True):
    """A row of `members`."""

    account_id: AccountId
    number: int
    log_name: str
    standing: Standing
    joined_at: int
    changed_at: int
    paid_until: int | None
    ledger_index: int


class MemberEntity(msgspec.Struct, frozen=True):
    """A member as the roll shows them. `account_id` leads to the account."""

    account_id: str
    acct: str
    number: int
    standing: Standing
    joined_at: str
    paid_until: str | None
    ledger_index: int


def shown(member: Member, acct: str) -> MemberEntity:
    """The entity of a member."""
    return MemberEntity(
        account_id=str(member.account_id),
        acct=acct,
        number=member.number,
        standing=member.standing,
        joined_at=clock.iso(member.joined_at),
        paid_until=clock.iso_or_none(member.paid_until),
        ledger_index=member.ledger_index,
    )


def of_row(*columns: object) -> tuple[Member, str]:
    """A row of the members' columns and the account's name."""
    *fields, acct = columns
    return Member(*fields), cast(str, acct)  # type: ignore[arg-type] # the columns come in this order
