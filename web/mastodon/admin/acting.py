"""How calls of the admin API become acts by an office. The verbs are `moderation.powers`."""

from __future__ import annotations

from typing import Any

import msgspec

from fedcoop.db import Tx
from moderation.powers import actions
from moderation.proposals.types import ProposalEntity
from web.call import Call


class ActParams(msgspec.Struct, kw_only=True):
    """What is not Mastodon's: the rule that an act cites, and whether to propose what needs a vote."""

    rule: str = ""
    propose: bool = False


async def by_office(
    call: Call, tx: Tx, act: dict[str, Any], params: ActParams, *, reason: str = "", case: str = ""
) -> ProposalEntity | None:
    """Carry out an act by the office of whoever asks; the proposal, where one was made instead. Raises NotAllowed
    with a sentence that says which proposal it takes."""
    outcome = await actions.use(
        tx,
        await call.account(tx),
        act,
        rule=params.rule,
        reason=reason,
        case=case,
        propose=params.propose,
        config=call.config,
    )
    return outcome.proposal


def proposed(call: Call, proposal: ProposalEntity) -> dict[str, Any]:
    """The answer to an act that members have to decide about first."""
    call.status = 202
    return {
        "proposal": {
            "id": proposal.id,
            "number": proposal.number,
            "title": proposal.title,
            "url": f"{call.config.base_url}/coop/{proposal.number}",
        }
    }
