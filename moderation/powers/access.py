"""What an office lets somebody do alone."""

from collections.abc import Iterable

import msgspec

from fedcoop import domains, instance
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.ids import AccountId
from moderation.acts import force, places, queries
from moderation.acts.types import Act, SuspendAccount, tag
from moderation.acts.words import say
from moderation.constitution import Constitution, Power
from moderation.ledger import queries as ledger
from moderation.mandates import access as mandates
from moderation.mandates.types import Mandate
from moderation.proposals import queries as proposals
from moderation.proposals.reasons import PREFIX, decisions
from moderation.proposals.types import Proposal

from . import queries as own
from .types import MODERATOR, OPERATOR

BY_POWER = "power:"
"""How the reason begins of what was done by an office: `power:ID`."""


async def office(tx: Tx, account_id: AccountId) -> tuple[str, Mandate | None]:
    """By which office somebody may act. Raises NotAllowed for those who hold none."""
    mandate = await mandates.holds(tx, account_id, MODERATOR)
    if mandate is not None:
        return MODERATOR, mandate
    try:
        role = (await accounts.user(tx, account_id)).role
    except NotFound:
        role = "user"
    if role == "admin":
        return OPERATOR, None
    raise NotAllowed(
        "Only those do this alone whom the members have made moderators. Anybody can propose it."
    )


async def power_for(tx: Tx, act: Act, constitution: Constitution) -> Power | None:
    """The power to do an act alone; None where it needs a vote. What was done by an office may be taken back by
    one, until members have decided about it."""
    given = constitution.moderators.get(tag(act))
    if given is not None and not places.clears(act):
        return given
    if await undoes_power(tx, act):
        return Power()
    return None


async def undoes_power(tx: Tx, act: Act) -> bool:
    """Whether an act takes back what stands in its place by an office alone."""
    where = places.place(act)
    standing = None if where is None else await tx.one(queries.AT, place=where)
    if standing is None or not standing.because.startswith(BY_POWER):
        return False
    return places.clears(act)


def needs_vote(act: Act, kind: str) -> str:
    """Why nobody does this alone, and what to do instead."""
    return (
        f"Under the constitution nobody does this alone: {say(act)} "
        f"It takes a proposal of the kind “{kind}”; send it again with propose=true to make one."
    )


async def cited(tx: Tx, rule: str) -> str:
    """The rule that is cited. Raises Invalid where there are rules and none of them is named."""
    known = await instance.access.rules(tx)
    if rule and not any(str(each.id) == rule for each in known):
        raise Invalid(f"There is no rule {rule} in force to cite.", "rule")
    if known and not rule:
        raise Invalid("Say by which rule: whoever acts for the members cites one.", "rule")
    return rule


async def reasons(tx: Tx, becauses: Iterable[str]) -> dict[str, str]:
    """The reasons that offices gave for what they did, by `power:ID`; for those who hold one. What was not done by
    an office, or without words, is left out."""
    ids = [int(each.removeprefix(BY_POWER)) for each in set(becauses) if each.startswith(BY_POWER)]
    used = {each.ledger_index: each.id for each in await tx.all(own.BY_IDS, ids=ids)} if ids else {}
    kept = await tx.all(ledger.WORDS, positions=list(used)) if used else []
    return {
        f"{BY_POWER}{used[each.position]}": words["reason"]
        for each in kept
        if each.words and (words := msgspec.json.decode(each.words, type=dict[str, str])).get("reason")
    }


async def decisions_about(tx: Tx, becauses: Iterable[str]) -> dict[str, Proposal]:
    """The proposals behind what was done: those that decided it, and those by which members are asked to ratify
    what an office did. By the reason; three statements at most."""
    wanted = list(becauses)
    found = await decisions(tx, wanted)
    ids = [int(each.removeprefix(BY_POWER)) for each in set(wanted) if each.startswith(BY_POWER)]
    asked = (
        {each.proposal_id: each.id for each in await tx.all(own.BY_IDS, ids=ids) if each.proposal_id}
        if ids
        else {}
    )
    for proposal in await tx.all(proposals.BY_IDS, ids=list(asked)) if asked else []:
        found[f"{BY_POWER}{asked[proposal.id]}"] = proposal
    return found


async def decided_to_suspend(tx: Tx, account: Account) -> bool:
    """Whether members have decided that an account is suspended, or its server, and not an office alone."""
    if account.suspended_at is None:
        return False
    standing = await tx.one(queries.AT, place=f"account:{account.handle}")
    because = standing.because if standing is not None and isinstance(standing.what, SuspendAccount) else ""
    if not because and account.domain is not None:
        restriction = await domains.gate(tx, account.domain)
        because = restriction.because if restriction is not None and restriction.suspended else ""
    return because.startswith(PREFIX)


async def still_stands(tx: Tx, act: Act, because: str) -> bool:
    """Whether what was done still stands, and nothing was decided about it since."""
    where = places.place(act)
    standing = None if where is None else await tx.one(queries.AT, place=where)
    return standing is not None and standing.because == because and await force.before(tx, act) is not None
