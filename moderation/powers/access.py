"""What an office lets somebody do alone."""

from fedcoop import instance
from fedcoop.accounts import access as accounts
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.ids import AccountId
from moderation.acts import force, places, queries
from moderation.acts.types import Act, tag
from moderation.acts.words import say
from moderation.constitution import Constitution, Power
from moderation.mandates import access as mandates
from moderation.mandates.types import Mandate

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


async def still_stands(tx: Tx, act: Act, because: str) -> bool:
    """Whether what was done still stands, and nothing was decided about it since."""
    where = places.place(act)
    standing = None if where is None else await tx.one(queries.AT, place=where)
    return standing is not None and standing.because == because and await force.before(tx, act) is not None
