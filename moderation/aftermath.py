"""What follows a decision: the proposer says in their own words what came of it, and on the day that members
set it is put before them again. Counting and carrying out are in `closing`."""

import msgspec

from fedcoop import clock, jobs
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import ProposalId
from fedcoop.jobs.deciding import ReviewProposal
from moderation import assembly
from moderation.acts import places
from moderation.acts.types import Act, act_from, to_data
from moderation.ledger.entries import SYSTEM
from moderation.proposals import access, actions, queries
from moderation.proposals.types import (
    LONGEST_BODY,
    LONGEST_TITLE,
    Aftermath,
    Proposal,
    ProposalDraft,
    StoredAct,
)
from moderation.wording import checked


async def state_outcome(
    tx: Tx, account: Account, proposal_id: ProposalId, words: str, *, config: Config
) -> Aftermath:
    """Say what came of one's own decided proposal; everybody reads it on its page and below the assembly's post.
    Raises NotFound, NotAllowed for somebody else's, and Invalid."""
    proposal = await access.own(tx, account.id, proposal_id)
    if not proposal.decided:
        raise Invalid("What came of it can be said once it is decided.")
    words = checked(words, "The statement", LONGEST_BODY, "outcome")
    if not words:
        raise Invalid("Say what came of it.", "outcome")
    before = await of(tx, proposal_id)
    after = msgspec.structs.replace(before, outcome=words, outcome_at=clock.now())
    await _keep(tx, after)
    await assembly.add(
        tx, proposal, f"What came of it, by the proposer: {assembly.quiet(words)}", config=config
    )
    return after


async def of(tx: Tx, proposal_id: ProposalId) -> Aftermath:
    """What is known of the time after a decision."""
    found = await tx.one(queries.AFTERMATH, proposal_id=proposal_id)
    return found or Aftermath(proposal_id, "", None, None, None, None)


async def review(tx: Tx, proposal_id: ProposalId, *, config: Config) -> None:
    """Put a decision before the members again: a draft to repeal it, which any member may endorse or leave, and a
    post of the assembly. Once for each; what was undone since needs none."""
    after, proposal = await of(tx, proposal_id), await tx.one(queries.BY_ID, id=proposal_id)
    if proposal is None or after.review_at is None or after.review_id is not None:
        return
    if clock.now() < after.review_at:
        await jobs.add(tx, ReviewProposal(proposal_id=proposal_id), run_at=after.review_at)
        return
    undoing = repealing(await tx.all(queries.ACTS, ids=[proposal_id]))
    voice = await accounts.assembly(tx)
    draft = ProposalDraft(
        title=f"Review of {proposal.number}: repeal “{proposal.title}”?"[:LONGEST_TITLE],
        body=(
            f"[Proposal {proposal.number}]({assembly.page_of(proposal, config)}) was decided on "
            f"{clock.day(proposal.closed_at or 0)}, to be looked at again today. If this passes, it is repealed; "
            "if it fails, it goes on as it is."
        ),
        kind=proposal.kind,
        acts=[to_data(act) for act in undoing],
    )
    made = await actions.put_forward(tx, voice, draft, actor=SYSTEM, config=config)
    await _keep(tx, msgspec.structs.replace(after, review_id=made.id))
    said = f"It is time to look at this again: {assembly.page_of(made, config)}"
    await assembly.add(tx, proposal, said, config=config)


async def repeal(
    tx: Tx, account: Account, proposal_id: ProposalId, reason: str, *, config: Config
) -> Proposal:
    """Propose to undo what a proposal did. Raises NotFound, Invalid where there is nothing to undo, and as
    `propose` does."""
    proposal = await access.visible(tx, account.id, proposal_id)
    undoing = repealing(await tx.all(queries.ACTS, ids=[proposal_id]))
    if not undoing:
        raise Invalid("This proposal has changed nothing that could be undone.")
    draft = ProposalDraft(
        title=f"Repeal “{proposal.title}”"[:LONGEST_TITLE],
        body=f"Repeals [proposal {proposal.number}]({assembly.page_of(proposal, config)}).\n\n{reason}".strip(),
        kind=proposal.kind,
        acts=[to_data(act) for act in undoing],
    )
    return await actions.propose(tx, account, draft, config=config)


def repealing(stored: list[StoredAct]) -> list[Act]:
    """The acts that undo what was carried out, the last one first."""
    undo = [each.inverse for each in reversed(stored) if each.carried_out_at is not None and each.inverse]
    acts = [act_from(msgspec.json.decode(each)) for each in undo]
    return [act for act in acts if places.place(act) is not None]


async def _keep(tx: Tx, after: Aftermath) -> None:
    await tx.execute(queries.PUT_AFTERMATH, **msgspec.structs.asdict(after))
