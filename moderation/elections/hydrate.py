"""Elections as API and pages show them, a page of them in a fixed number of statements."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.ids import AccountId, ProposalId
from fedcoop.paging import Page
from moderation.mandates.access import office_of
from moderation.members.access import find
from moderation.proposals import access as proposal_access
from moderation.proposals import queries as proposals
from moderation.proposals.types import Proposal

from . import access, queries
from .types import Candidacy, CandidateEntity, Election, ElectionEntity


async def show(tx: Tx, viewer_id: AccountId | None, proposal_id: ProposalId) -> ElectionEntity:
    """One election for one viewer. Raises NotFound."""
    proposal, election = await access.visible(tx, viewer_id, proposal_id)
    return (await _shown(tx, viewer_id, [proposal], {proposal.id: election}))[0]


async def show_number(tx: Tx, viewer_id: AccountId | None, number: int) -> ElectionEntity:
    """The same by the short number of its proposal. Raises NotFound."""
    proposal = await proposal_access.visible_by_number(tx, viewer_id, number)
    return await show(tx, viewer_id, proposal.id)


async def page(tx: Tx, viewer_id: AccountId | None, page: Page, *, office: str = "") -> list[ElectionEntity]:
    """Elections, newest first, for one office or all. Drafts are for members."""
    viewer = await find(tx, viewer_id)
    drafts = viewer is not None and viewer.standing != "expelled"
    named = office_of(office) if office else ""
    rows = await queries.PAGE.all(tx, page, any_office=not named, office=named, drafts=drafts)
    ids = [row[0] for row in rows]
    found = {each.id: each for each in await tx.all(proposals.BY_IDS, ids=ids)} if ids else {}
    elections = {each.proposal_id: each for each in await tx.all(queries.OF_MANY, ids=ids)} if ids else {}
    return await _shown(tx, viewer_id, [found[id_] for id_ in ids], elections)


async def _shown(
    tx: Tx, viewer_id: AccountId | None, rows: list[Proposal], elections: dict[ProposalId, Election]
) -> list[ElectionEntity]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    names = await access.names(tx, ids)
    candidates: dict[int, list[CandidateEntity]] = {}
    for each in await tx.all(queries.OF_ALL, ids=ids):
        if each.state != "withdrawn":
            candidates.setdefault(each.proposal_id, []).append(_candidate(each, names[each.account_id]))
    verdicts = {each.proposal_id: each.verdict for each in await tx.all(proposals.TALLIES, ids=ids)}
    viewer = await find(tx, viewer_id)
    good = viewer is not None and viewer.standing == "good"
    return [
        ElectionEntity(
            id=str(row.id),
            number=row.number,
            title=row.title,
            office=elections[row.id].office,
            seats=elections[row.id].seats,
            term=elections[row.id].term,
            state=row.state,
            opens_at=clock.iso_or_none(row.opens_at),
            closes_at=clock.iso_or_none(row.closes_at),
            verdict=verdicts.get(row.id),
            may_stand=good and row.state in ("draft", "discussion"),
            candidates=candidates.get(row.id, []),
        )
        for row in rows
    ]


def _candidate(each: Candidacy, acct: str) -> CandidateEntity:
    return CandidateEntity(
        account_id=str(each.account_id),
        acct=acct,
        statement=each.words,
        html=each.html,
        state=each.state,
        stood_at=clock.iso(each.stood_at),
        option=None if each.option is None else str(each.option + 1),
        answer_by=clock.iso_or_none(each.answer_by),
        ledger_index=each.ledger_index,
    )
