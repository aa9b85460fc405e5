"""What the co-operative decides: all proposals at a glance. One of them is `proposals`, the rules
`constitution`, the record `ledger`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from fedcoop import clock
from fedcoop.paging import Page
from moderation.constitution.force import in_force
from moderation.ledger import queries as ledger
from moderation.members import access as members
from moderation.members import queries as member_queries
from moderation.proposals import gates, hydrate, queries
from moderation.proposals.types import ProposalEntity, State
from web.pages import turning, wording
from web.pages.tickets import ticket
from web.paging import PageParams
from web.visit import Visit, pages

if TYPE_CHECKING:
    from fedcoop.db import Tx
    from fedcoop.ids import AccountId

AHEAD: tuple[State, ...] = ("draft", "discussion")
DECIDED: tuple[State, ...] = ("passed", "failed", "enacted", "withdrawn", "expired")
MOST_AT_ONCE = Page(limit=200)
ORDINARY = "policy"
"""Whoever may vote on this counts as able to vote."""


@pages.get("/coop")
async def overview(visit: Visit, params: PageParams) -> web.Response:
    viewer, page = visit.account_id, turning.asked(params)
    async with visit.db.read() as tx:
        open_ = await hydrate.page(tx, viewer, MOST_AT_ONCE, states=("open",))
        ahead = await hydrate.page(tx, viewer, MOST_AT_ONCE, states=AHEAD)
        leaf = turning.leaf(page, await hydrate.page(tx, viewer, page, states=DECIDED), "/coop")
        by_state: dict[str, int] = {row[0]: row[1] for row in await tx.all(queries.COUNT_BY_STATE)}
        decided_count = sum(by_state.get(state, 0) for state in DECIDED)
        part = await _part(tx, viewer, open_)
        numbers = await _numbers(tx, decided_count)
    return await visit.page(
        "coop.html",
        now=clock.now(),
        open=[ticket(each) for each in sorted(open_, key=_closing)],
        discussed=[ticket(each) for each in ahead],
        decided=[ticket(each) for each in leaf.shown],
        decided_count=decided_count,
        newer_url=leaf.newer_url,
        older_url=leaf.older_url,
        part=part,
        numbers=numbers,
    )


def _closing(proposal: ProposalEntity) -> str:
    """What ends first stands first."""
    return proposal.closes_at or ""


async def _part(tx: Tx, viewer: AccountId | None, open_: list[ProposalEntity]) -> dict[str, Any] | None:
    """What a member has to do here; None for everybody else."""
    member = await members.find(tx, viewer)
    if member is None or member.standing == "expelled":
        return None
    return {
        "number": member.number,
        "standing_words": f"Member {wording.STANDINGS[member.standing]}",
        "since": member.joined_at,
        "waiting": sum(each.may_vote and each.my_ballot is None for each in open_),
        "may_propose": member.standing in ("good", "probation"),
    }


async def _numbers(tx: Tx, decided_count: int) -> list[dict[str, Any]]:
    standings: dict[str, int] = {row[0]: row[1] for row in await tx.all(member_queries.COUNT_BY_STANDING)}
    rule = (await in_force(tx)).constitution.rule_for(ORDINARY)
    log = await tx.one(ledger.LOG)
    return [
        {"label": "Members", "value": sum(standings.values()) - standings.get("expelled", 0)},
        {"label": "May vote today", "value": len(await gates.eligible(tx, rule, clock.now()))},
        {"label": "Decisions", "value": decided_count},
        {"label": "Entries in the ledger", "value": log.size if log else 0},
    ]
