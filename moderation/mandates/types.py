"""Mandates as rows and as the API shows them."""

from typing import Literal, cast

import msgspec

from fedcoop import clock
from fedcoop.ids import AccountId

Ending = Literal["term", "recalled", "left", "resigned", "renewed"]
MODERATOR = "moderator"
"""The office whose holders have the powers that the constitution gives to moderators."""
OFFICES = {
    "moderator": "decides about reports within the powers that the constitution gives",
    "treasurer": "keeps the money, and carries out what members decide about it",
    "teller": "holds a key of sealed elections",
    "on_call": "answers at night and on holidays when the server or somebody on it needs help",
    "techworker": "keeps the server running",
    "juror": "may be drawn for a panel that hears cases and appeals",
}
"""Those that most co-operatives have; members may name others."""


class Mandate(msgspec.Struct, frozen=True):
    """A row of `mandates`. `because` names the decision."""

    id: int
    account_id: AccountId
    office: str
    because: str
    started_at: int
    ends_at: int
    ended_at: int | None
    ended_because: str
    ledger_index: int


class MandateEntity(msgspec.Struct, frozen=True):
    """An office and who holds it. `ended_because`: term, recalled, left, resigned, renewed."""

    id: str
    office: str
    account_id: str
    acct: str
    because: str
    started_at: str
    ends_at: str
    ended_at: str | None
    ended_because: str | None
    ledger_index: int


def shown(mandate: Mandate, acct: str) -> MandateEntity:
    """The entity of a mandate."""
    return MandateEntity(
        id=str(mandate.id),
        office=mandate.office,
        account_id=str(mandate.account_id),
        acct=acct,
        because=mandate.because,
        started_at=clock.iso(mandate.started_at),
        ends_at=clock.iso(mandate.ends_at),
        ended_at=clock.iso_or_none(mandate.ended_at),
        ended_because=mandate.ended_because or None,
        ledger_index=mandate.ledger_index,
    )


def of_row(*columns: object) -> tuple[Mandate, str]:
    """A row of the mandates' columns and the account's name."""
    *fields, acct = columns
    return Mandate(*fields), cast(str, acct)  # type: ignore[arg-type] # the columns come in this order
