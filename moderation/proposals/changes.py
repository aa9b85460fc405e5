"""What a proposer changes about a proposal after making it: its words, before voting opens, and afterwards how
long it is open. Making, endorsing and withdrawing it are in `actions`."""

import msgspec

from fedcoop import clock, text
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId, ProposalId
from moderation import assembly, window
from moderation.acts.record import in_record
from moderation.acts.types import Act, to_data
from moderation.acts.words import say
from moderation.ballots.access import is_open, not_open
from moderation.constitution.force import in_force
from moderation.elections import access as elections
from moderation.ledger import actions as ledger
from moderation.ledger.canonical import canonical
from moderation.ledger.types import Logged
from moderation.members.access import find
from moderation.questions.types import Question, drafted, read_question
from moderation.questions.types import to_data as question_to_data
from moderation.wording import checked

from . import access, queries, rivals
from .actions import add_version, all_acts, read_acts, read_kind, read_title, span
from .gates import endorsements_needed
from .types import LONGEST_BODY, Amendment, Proposal, ProposalDraft, VersionEntity, act_row

MOST_VERSIONS = 50


async def amend(
    tx: Tx, account: Account, proposal_id: ProposalId, change: Amendment, *, config: Config
) -> Proposal:
    """Change the words, acts or options of one's own proposal before voting opens; every version is kept. Other
    acts or options are another question: endorsements begin anew, and so does the discussion that the rule asks
    for; other words keep both. Nothing new changes nothing. Raises NotFound, NotAllowed for somebody else's, and
    Invalid."""
    await ledger.take(tx)
    proposal = await access.own(tx, account.id, proposal_id)
    if proposal.state not in ("draft", "discussion"):
        raise Invalid(f"This proposal is {proposal.state}; only what is not yet voted on can be amended.")
    old = [stored.act for stored in await tx.all(queries.ACTS, ids=[proposal.id])]
    acts, question = await _asked_now(tx, proposal, old, change, config)
    asks_anew = (acts, question) != (old, proposal.asks)
    read_kind(proposal.kind, acts)
    title = proposal.title if change.title is None else read_title(change.title)
    body = proposal.body
    if change.body is not None:
        body = checked(change.body, "A proposal", LONGEST_BODY, "body")
    if (title, body) == (proposal.title, proposal.body) and not asks_anew:
        return proposal
    number = len(await tx.all(queries.VERSIONS, proposal_id=proposal.id)) + 1
    if number > MOST_VERSIONS:
        raise Invalid(f"A proposal has at most {MOST_VERSIONS} versions; withdraw it and make a new one.")
    changed = msgspec.structs.replace(
        proposal,
        title=title,
        body=body,
        html=text.markdown(body),
        ballot_kind="consent" if question is None else question.kind,
        question=None if question is None else canonical(question_to_data(question)).decode(),
    )
    logged = await _log(tx, account, proposal, changed, number, acts)
    changed = msgspec.structs.replace(changed, ledger_index=logged.index)
    if asks_anew:
        await tx.execute(queries.REMOVE_ACTS, proposal_id=proposal.id)
        await tx.many(
            queries.ADD_ACT, [act_row(proposal.id, at, act, question) for at, act in enumerate(acts)]
        )
        changed = await _anew(tx, changed, logged.time)
    await tx.execute(
        queries.AMEND,
        proposal_id=proposal.id,
        new_title=title,
        new_body=body,
        new_html=changed.html,
        new_state=changed.state,
        at=changed.opens_at,
        index=logged.index,
        new_question=changed.question,
        new_ballot_kind=changed.ballot_kind,
    )
    await add_version(tx, changed, acts, number=number, at=logged.time)
    return await access.visible(tx, account.id, proposal.id)


async def versions(tx: Tx, viewer_id: AccountId | None, proposal_id: ProposalId) -> list[VersionEntity]:
    """Every version of a proposal, oldest first. Raises NotFound."""
    proposal = await access.visible(tx, viewer_id, proposal_id)
    return [
        VersionEntity(
            number=each.number,
            title=each.title,
            body=each.body,
            html=text.markdown(each.body),
            acts=[to_data(act) for act in each.listed()],
            sentences=[say(act) for act in each.listed()],
            created_at=clock.iso(each.created_at),
            ledger_index=each.ledger_index,
            options=each.asks.titles if each.asks else [],
        )
        for each in await tx.all(queries.VERSIONS, proposal_id=proposal.id)
    ]


async def _asked_now(
    tx: Tx, proposal: Proposal, old: list[Act], change: Amendment, config: Config
) -> tuple[list[Act], Question | None]:
    """The acts and the question after a change, each as it was where the change says nothing of it."""
    if change.acts is None and change.ballot is None:
        return old, proposal.asks
    if await elections.find(tx, proposal.id) is not None:
        raise Invalid("The options of an election are those who stand.", "ballot")
    before = drafted(proposal.asks, [to_data(act) for act in old])
    whole = before.acts if change.acts is None else change.acts
    draft = ProposalDraft(title="", acts=whole, ballot=change.ballot or before.ballot)
    if draft.ballot.kind != "consent" and await rivals.others(tx, proposal):
        raise Invalid(
            "Drafts that compete with each other are agreed to or not; they have no options.", "ballot"
        )
    rule = (await in_force(tx)).constitution.rule_for(proposal.kind)
    question = read_question(draft.ballot, rule.ballot.kinds, len(whole))
    return await read_acts(tx, all_acts(draft), config), question


async def _log(
    tx: Tx, account: Account, before: Proposal, after: Proposal, number: int, acts: list[Act]
) -> Logged:
    """The entry of a version. The ballot is in it when it is another than before."""
    asks = after.asks
    try:
        return await ledger.append(
            tx,
            "proposal_amended",
            actor=await _in_the_record(tx, account),
            body={
                "proposal": str(before.id),
                "version": number,
                "title": after.title,
                "acts": [await in_record(tx, act) for act in acts],
            }
            | (
                {"ballot": None if asks is None else question_to_data(asks)}
                if after.question != before.question
                else {}
            ),
            refs=(before.ledger_index,),
            words={"title": after.title, "body": after.body},
        )
    except ValueError as too_long:
        raise Invalid(
            f"Title, options and acts together are too long for the ledger: {too_long}.", "acts"
        ) from None


async def _anew(tx: Tx, proposal: Proposal, now: int) -> Proposal:
    """What other acts mean: back to a draft where endorsements are needed, and time to discuss."""
    await tx.execute(queries.REMOVE_ENDORSEMENTS, proposal_id=proposal.id)
    rule = (await in_force(tx)).constitution.rule_for(proposal.kind)
    if proposal.state == "draft" or await endorsements_needed(tx, rule, now):
        return msgspec.structs.replace(proposal, state="draft", opens_at=None)
    opens_at = max(proposal.opens_at or 0, now + rule.gates.discussion.ms)
    return msgspec.structs.replace(proposal, opens_at=opens_at)


async def _in_the_record(tx: Tx, account: Account) -> str:
    """Where the rule lets anyone propose, an account that is no member is “somebody” in the record."""
    proposer = await find(tx, account.id)
    return "somebody" if proposer is None else proposer.log_name


async def extend(
    tx: Tx, account: Account, proposal_id: ProposalId, by: str | int, *, config: Config
) -> Proposal:
    """Keep one's own open vote open longer `by` a span ("2 days", or seconds), as far as the rule's longest
    window goes. Raises NotFound, NotAllowed for somebody else's, and Invalid."""
    log = await ledger.take(tx)
    now = ledger.moment(log)
    proposal = await access.own(tx, account.id, proposal_id)
    if not is_open(proposal, now) or proposal.closes_at is None or proposal.opens_at is None:
        raise Invalid(not_open(proposal))
    longer = span(by, "by")
    if not longer:
        raise Invalid("By how much longer? Write for instance “2 days”.", "by")
    rule = proposal.decided_by
    until, latest = proposal.closes_at + longer, proposal.opens_at + rule.window.maximum.ms
    if until > latest:
        raise Invalid(
            f"Voting is open for {rule.window.maximum} at most, so until {clock.iso(latest)} at the latest.",
            "by",
        )
    actor = await _in_the_record(tx, account)
    await window.extend_to(tx, proposal, until, because=window.PROPOSER, actor=actor, now=now)
    said = f"The proposer keeps the vote open longer. Voting closes {assembly.moment(until)}."
    await assembly.add(tx, proposal, said, config=config)
    return await access.visible(tx, account.id, proposal_id)
