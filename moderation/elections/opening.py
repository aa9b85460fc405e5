"""From those who stand to a ballot, when voting on an election opens; and the names on it as the ledger has them.
The vote itself opens in `moderation.opening`."""

from fedcoop import clock
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.ids import ProposalId
from moderation import assembly
from moderation.acts.words import office_name
from moderation.ledger import actions as ledger
from moderation.ledger.canonical import canonical
from moderation.proposals import queries as proposals
from moderation.proposals.types import Proposal, act_row
from moderation.questions.types import to_data

from . import access, queries
from .ballot import asking, grants
from .types import Candidacy, Election


async def put_on_ballot(tx: Tx, proposal: Proposal, election: Election) -> list[Candidacy]:
    """Make those who stand the options of the vote; gives them in their order. Nobody, where nobody stands."""
    candidates, question = await access.standing(tx, proposal.id), proposal.asks
    if not candidates or question is None:
        return []
    known = await access.names(tx, [proposal.id])
    names = [known[each.account_id] for each in candidates]
    asked = asking(question, names, election.seats)
    new_question = canonical(to_data(asked)).decode()
    await tx.execute(queries.SET_QUESTION, proposal_id=proposal.id, new_question=new_question)
    acts = grants(names, election.office, election.term)
    await tx.many(proposals.ADD_ACT, [act_row(proposal.id, at, act, asked) for at, act in enumerate(acts)])
    for at, each in enumerate(candidates):
        await tx.execute(
            queries.SET_OPTION, proposal_id=proposal.id, candidate_id=each.account_id, new_option=at
        )
    return candidates


async def without_candidates(tx: Tx, proposal: Proposal, election: Election, *, config: Config) -> None:
    """End an election in which nobody stands, on the record; the office stays as it is."""
    await ledger.append(
        tx,
        "proposal_withdrawn",
        body={"proposal": str(proposal.id), "because": "nobody stood"},
        refs=(proposal.ledger_index,),
    )
    await tx.execute(proposals.WITHDRAW, proposal_id=proposal.id, at=clock.now())
    said = (
        f"Nobody stood for the office “{office_name(election.office)}”, so there is no vote and everything stays"
        " as it is. Any member can call the election again."
    )
    await assembly.add(tx, proposal, said, config=config)


async def in_record(tx: Tx, proposal_id: ProposalId, words: str) -> str:
    """A sentence about the vote as the ledger has it: those who stand under their pseudonyms."""
    known = await access.names(tx, [proposal_id])
    for each in await tx.all(queries.ALL, proposal_id=proposal_id):
        words = words.replace(f"“{known[each.account_id]}”", f"“{each.log_name}”")
    return words
