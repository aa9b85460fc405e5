"""Ballots as files for other programs, exactly as far as ballots are open: CSV and JSON for every vote, BLT for
rankings, Pabulib's `.pb` for budgets. Showing a page of them is in `actions`."""

import csv
import io
from typing import Any, NamedTuple

import msgspec

from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed
from fedcoop.ids import AccountId, ProposalId
from moderation.delegations.resolve import resolve
from moderation.ledger import queries as ledger
from moderation.ledger.entries import decode
from moderation.proposals import access, queries
from moderation.proposals.types import Proposal
from moderation.questions import answers
from moderation.questions.types import Question
from moderation.questions.types import to_data as question_to_data

from . import access as gate
from . import actions
from .types import BallotEntity

MOST = 1_000_000
TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "blt": "text/plain",
    "pb": "text/plain",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class File(NamedTuple):
    """A file to download."""

    name: str
    content_type: str
    text: str


async def export(tx: Tx, viewer_id: AccountId | None, proposal_id: ProposalId, ending: str) -> File:
    """The ballots of a vote in the format that `ending` names. Raises NotFound; NotAllowed while the rule hides
    results; Invalid for a format that does not fit."""
    proposal = await access.visible(tx, viewer_id, proposal_id)
    question = proposal.asks
    if ending not in TYPES:
        raise Invalid(f"There is no export “{ending}”; there are {', '.join(TYPES)}.", "format")
    if not await gate.results_visible(tx, viewer_id, proposal, proposal.decided_by):
        raise NotAllowed("The rules of this vote hide the ballots for now.")
    cast = await actions.ballots(tx, viewer_id, proposal_id, limit=MOST)
    trust = await _delegated(tx, proposal)
    match ending:
        case "csv":
            text = _csv(cast, question, trust)
        case "json":
            text = _json(proposal, cast, question, trust)
        case "blt":
            if question is None or question.kind != "ranked":
                raise Invalid("BLT holds rankings; these ballots are none.", "format")
            text = _blt(proposal, question, _counted(cast, trust))
        case _:
            if question is None or question.kind != "budget":
                raise Invalid("The format .pb holds budgets; this vote is none.", "format")
            text = _pb(proposal, question, _counted(cast, trust))
    return File(f"proposal-{proposal.number}.{ending}", TYPES[ending], text)


async def _delegated(tx: Tx, proposal: Proposal) -> dict[str, str]:
    """Whom those trusted who did not answer, by pseudonyms; known once the votes are counted."""
    tally = await tx.one(queries.TALLIES, ids=[proposal.id])
    if tally is None:
        return {}
    rows = await tx.scalars(ledger.DELEGATED, after=proposal.opened_index or 0, before=tally.ledger_index)
    entries = [decode(bytes(row)) for row in rows]
    return {each.actor: each.body["to"] for each in entries if each.body["proposal"] == str(proposal.id)}


def _counted(cast: list[BallotEntity], trust: dict[str, str]) -> dict[str, str]:
    """Every answer that counted, by voter, those by delegation too, without abstentions."""
    own = {ballot.voter: ballot.choice for ballot in cast}
    return {
        voter: choice for voter, choice in (own | resolve(own, trust)).items() if choice != answers.ABSTAIN
    }


def _csv(cast: list[BallotEntity], question: Question | None, trust: dict[str, str]) -> str:
    """A line for each ballot, with a column for each option: 1 for an approval, points, or the place."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    titles = [] if question is None else question.titles
    head = ["voter", "account", "number", "cast_at", "ledger_index", "choice", "trusts", *titles, "reason"]
    writer.writerow(map(_harmless, head))
    for ballot in cast:
        marks = [""] * len(titles) if question is None else _columns(question, ballot.choice)
        writer.writerow(
            [
                *(ballot.voter, ballot.acct or "", ballot.number, ballot.cast_at, ballot.ledger_index),
                *(_harmless(ballot.choice), "", *marks, _harmless(ballot.reason)),
            ]
        )
    for voter, to in trust.items():
        writer.writerow([voter, "", "", "", "", "", to, *[""] * len(titles), ""])
    return out.getvalue()


def _columns(question: Question, choice: str) -> list[str]:
    marked: dict[int, int] = {}
    if choice != answers.ABSTAIN:
        match answers.FIELDS[question.kind]:
            case "approvals":
                marked = dict.fromkeys(answers.approvals(choice), 1)
            case "scores":
                marked = answers.scores(choice)
            case _:
                ranks = enumerate(answers.ranking(choice), 1)
                marked = {option: place for place, tied in ranks for option in tied}
    return [str(marked.get(option, "")) for option in range(len(question.options))]


def _harmless(cell: str) -> str:
    """What a spreadsheet would take for a formula, as words."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _json(
    proposal: Proposal, cast: list[BallotEntity], question: Question | None, trust: dict[str, str]
) -> str:
    whole: dict[str, Any] = {
        "proposal": str(proposal.id),
        "number": proposal.number,
        "title": proposal.title,
        "electorate_size": proposal.electorate_size,
        "question": None if question is None else question_to_data(question),
        "ballots": cast,
        "delegated": [{"voter": voter, "to": to} for voter, to in trust.items()],
    }
    return msgspec.json.encode(whole).decode()


def _blt(proposal: Proposal, question: Question, counted: dict[str, str]) -> str:
    """As OpenSTV and OpaVote read it: equal ballots are not put together, so that each can be checked."""
    rankings = [" ".join(str(tied[0] + 1) for tied in answers.ranking(each)) for each in counted.values()]
    lines = [f"{len(question.options)} {question.seats}", *(f"1 {ranking} 0" for ranking in rankings)]
    names = [*question.titles, proposal.title]
    return "\n".join([*lines, "0", *(f'"{name.replace(chr(34), chr(39))}"' for name in names)]) + "\n"


def _pb(proposal: Proposal, question: Question, counted: dict[str, str]) -> str:
    """Pabulib's format, http://pabulib.org/format."""
    gained = [0] * len(question.options)
    for choice in counted.values():
        for approved in answers.approvals(choice):
            gained[approved] += 1
    meta = {
        "description": proposal.title,
        "country": "",
        "unit": question.money,
        "instance": str(proposal.number),
        "num_projects": str(len(question.options)),
        "num_votes": str(len(counted)),
        "budget": str(question.budget),
        "vote_type": "approval",
        "rule": "equalshares" if question.method == "equal-shares" else "greedy",
    }
    lines = ["META", "key;value", *(f"{key};{_cell(value)}" for key, value in meta.items() if value)]
    lines += ["PROJECTS", "project_id;cost;votes;name"]
    lines += [
        f"{at + 1};{option.cost};{gained[at]};{_cell(option.title)}"
        for at, option in enumerate(question.options)
    ]
    lines += ["VOTES", "voter_id;vote"]
    lines += [f"{number};{choice}" for number, choice in enumerate(counted.values(), 1)]
    return "\n".join(lines) + "\n"


def _cell(words: str) -> str:
    return words.replace(";", ",")
