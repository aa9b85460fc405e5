"""An act that somebody carried out by their office, as a row and as the API shows it."""

from typing import Any, Literal

import msgspec

from fedcoop.ids import AccountId, ProposalId
from moderation.acts.types import Act, act_from
from moderation.proposals.types import ProposalEntity

State = Literal["standing", "ratified", "expired", "superseded"]
MODERATOR, OPERATOR = "moderator", "operator"
"""By which office: the mandate that members give, or running the server."""


class Used(msgspec.Struct, frozen=True):
    """A row of `power_acts`. `rule` is the id of the rule it cites, `ratify_by` when it expires unless members
    ratify it; None where they need not. `proposal_id` is the proposal to ratify it."""

    id: int
    account_id: AccountId
    office: str
    act: str
    inverse: str | None
    rule: str
    case: str
    done_at: int
    ratify_by: int | None
    state: State
    proposal_id: ProposalId | None
    ledger_index: int

    @property
    def what(self) -> Act:
        """The act itself."""
        return act_from(msgspec.json.decode(self.act))

    @property
    def undo(self) -> Act | None:
        """What brings back what was before."""
        return None if self.inverse is None else act_from(msgspec.json.decode(self.inverse))


class UsedEntity(msgspec.Struct, frozen=True):
    """An act by an office as the API shows it. `act` has pseudonyms for everybody but moderators."""

    id: str
    office: str
    act: dict[str, Any]
    sentence: str
    rule: str
    case: str
    reason: str | None
    done_at: str
    ratify_by: str | None
    state: State
    proposal_id: str | None
    ledger_index: int


class Outcome(msgspec.Struct, frozen=True):
    """What became of the wish to act: done, or put before the members."""

    done: UsedEntity | None = None
    proposal: ProposalEntity | None = None
