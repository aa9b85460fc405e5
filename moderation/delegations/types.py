"""Delegations, as rows and as the API shows them."""

import msgspec

from fedcoop.ids import AccountId


class Delegation(msgspec.Struct, frozen=True):
    """A row of `delegations`."""

    account_id: AccountId
    kind: str
    delegate_id: AccountId
    created_at: int
    ledger_index: int


class DelegationEntity(msgspec.Struct, frozen=True):
    """A delegation with the other side's account: the delegate of one given, the member behind one received."""

    kind: str
    account_id: str
    acct: str
    created_at: str
    ledger_index: int


class Delegations(msgspec.Struct, frozen=True):
    """Everything about one member. `circular` are the kinds whose trail comes back to them: as long as nobody
    in the circle votes, all in it abstain."""

    given: list[DelegationEntity]
    received: list[DelegationEntity]
    circular: list[str]
