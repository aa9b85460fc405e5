"""Competing drafts: other answers to the question of a proposal that is not yet voted on. They are voted on
together, each by the rule of their kind; which of those that pass is carried out is in `moderation.competing`."""

import msgspec

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId
from moderation.constitution import Rule
from moderation.members.access import find

from . import access, queries
from .types import Proposal, ProposalDraft

AHEAD = ("draft", "discussion")
MOST = 8
"""As many proposals compete with each other."""
LONGEST_WAIT = 14 * clock.DAY
"""How much longer one waits for another's discussion, unless the rule asks for a longer one."""


class Waits(msgspec.Struct, frozen=True):
    """Why a proposal that could be voted on is not yet; `until` when, where that is known."""

    words: str
    until: int | None


async def first(tx: Tx, account: Account, draft: ProposalDraft) -> Proposal | None:
    """The proposal with which a draft is to compete, or None. Raises NotFound for one that is not there, and
    Invalid for one with which nothing competes (any more)."""
    if draft.instead_of is None:
        return None
    found = await access.visible(tx, account.id, draft.instead_of)
    if found.state not in AHEAD:
        raise Invalid(
            f"Proposal {found.number} is {found.state}; a draft competes with what is not yet voted on.",
            "instead_of",
        )
    if found.question is not None or draft.ballot.kind != "consent":
        raise Invalid("Options compete with each other already; have the proposer add one.", "instead_of")
    if found.proposer_id == (await accounts.assembly(tx)).id:
        raise Invalid("What the server itself proposes is agreed to or not.", "instead_of")
    if len(await _family(tx, found)) >= MOST:
        raise Invalid(f"{MOST} proposals compete with each other at most.", "instead_of")
    return found


async def beside_the_first(tx: Tx, account: Account, draft: ProposalDraft) -> ProposalDraft:
    """The draft, decided as that with which it competes. Raises as `first` does, and Invalid for another kind."""
    found = await first(tx, account, draft)
    if found is None:
        return draft
    if draft.kind not in ("", found.kind):
        raise Invalid(f"What competes with it is decided as “{found.kind}”, as it is.", "kind")
    return msgspec.structs.replace(draft, kind=found.kind)


async def others(tx: Tx, proposal: Proposal) -> list[Proposal]:
    """What competes with a proposal, in the order in which it was made."""
    return [each for each in await _family(tx, proposal) if each.id != proposal.id]


async def seen(tx: Tx, viewer_id: AccountId | None, proposal: Proposal) -> list[Proposal]:
    """The same, as far as somebody may see it: drafts are for members."""
    rivals = await others(tx, proposal)
    if all(each.opens_at is not None for each in rivals):
        return rivals
    viewer = await find(tx, viewer_id)
    member = viewer is not None and viewer.standing != "expelled"
    return [each for each in rivals if member or each.opens_at is not None or each.proposer_id == viewer_id]


async def together(tx: Tx, proposal: Proposal) -> list[Proposal]:
    """Those on which voting opened at one moment with this one, itself among them."""
    return [
        each
        for each in await _family(tx, proposal)
        if each.opened_index is not None and each.opens_at == proposal.opens_at
    ]


async def why_wait(tx: Tx, proposal: Proposal, rule: Rule, now: int) -> Waits | None:
    """What a proposal waits for that could be voted on otherwise: that others are decided which are voted on
    already, or that those which compete with it have been discussed, too, within reason."""
    rivals = await others(tx, proposal)
    if voted := next((each for each in rivals if each.state == "open"), None):
        return Waits(
            f"Proposal {voted.number} competes with this and is voted on; this can be voted on afterwards.",
            None,
        )
    latest = (proposal.opens_at or now) + max(LONGEST_WAIT, rule.gates.discussion.ms)
    discussed = [
        each
        for each in rivals
        if each.state == "discussion" and each.opens_at is not None and now < each.opens_at <= latest
    ]
    if not discussed:
        return None
    last = max(discussed, key=lambda each: each.opens_at or 0)
    until = last.opens_at or now
    return Waits(
        f"It is voted on together with proposal {last.number}, which is discussed until {clock.iso(until)}.",
        until,
    )


async def _family(tx: Tx, proposal: Proposal) -> list[Proposal]:
    return await tx.all(queries.FAMILIES, ids=[proposal.family])
