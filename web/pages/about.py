"""What this place is, for whoever comes by: its rules, the servers it restricts and why, how to join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from fedcoop import documents, domains
from fedcoop.instance import access as instance
from moderation.acts.words import DOCUMENTS
from moderation.constitution.force import in_force
from moderation.members import queries as members
from moderation.proposals import queries as proposals
from moderation.proposals.reasons import decisions
from moderation.proposals.types import Proposal
from web.pages.coop import DECIDED
from web.visit import Visit, pages

if TYPE_CHECKING:
    from fedcoop.db import Tx
    from fedcoop.domains.types import Restriction

SEVERITIES = {"suspend": "Suspended: nothing passes", "limit": "Limited: hidden unless followed"}
MEMBERSHIP = "An account lets you read and write here. Members of the co-op also propose and vote."
NO_VOTE = "Set by whoever runs this server, not by a vote."


@pages.get("/about")
async def about(visit: Visit) -> web.Response:
    config = await visit.services.as_decided()
    async with visit.db.scan() as tx:
        numbers = await _numbers(tx)
    async with visit.db.read() as tx:
        rules = await instance.rules(tx)
        adopted = [
            {"title": title.capitalize(), "url": f"/about/{name.replace('_', '-')}"}
            for name, title in DOCUMENTS.items()
            if await documents.current(tx, name) is not None
        ]
        restrictions = await domains.all_restrictions(tx)
        behind = await decisions(tx, [each.because for each in restrictions])
        dues = (await in_force(tx)).constitution.dues
    return await visit.page(
        "about.html",
        registrations={
            "mode": config.registrations,
            "membership": f"{MEMBERSHIP} Dues: {dues}" if dues else MEMBERSHIP,
        },
        numbers=numbers,
        rules=rules,
        restricted=[_restricted(each, behind.get(each.because)) for each in restrictions],
        documents=adopted,
        contact_email=config.contact_email,
    )


async def _numbers(tx: Tx) -> list[dict[str, Any]]:
    """How large the place is."""
    found = await instance.numbers(tx)
    standings: dict[str, int] = {row[0]: row[1] for row in await tx.all(members.COUNT_BY_STANDING)}
    states: dict[str, int] = {row[0]: row[1] for row in await tx.all(proposals.COUNT_BY_STATE)}
    return [
        {"label": "people", "value": found.users},
        {"label": "members", "value": sum(standings.values()) - standings.get("expelled", 0)},
        {"label": "posts", "value": found.statuses},
        {"label": "servers known", "value": found.domains},
        {"label": "decisions taken", "value": sum(states.get(state, 0) for state in DECIDED)},
    ]


def _restricted(restriction: Restriction, decision: Proposal | None) -> dict[str, Any]:
    """A restricted server with the reason and the decision behind it."""
    return {
        "domain": restriction.shown_domain,
        "severity": restriction.severity,
        "severity_word": SEVERITIES[restriction.severity],
        "reason": restriction.public_comment,
        "decision_url": f"/coop/{decision.number}" if decision else "",
        "decision_title": decision.title if decision else "",
        "decided_by": NO_VOTE,
        "since": restriction.created_at,
    }
