"""Making, endorsing and withdrawing proposals. The vote opens in `moderation.opening`."""

from typing import Any

import msgspec

from fedcoop import clock, jobs, text
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Conflict, Invalid, NotAllowed
from fedcoop.ids import ProposalId, new_id
from fedcoop.jobs.deciding import OpenProposal, SettleRivals
from fedcoop.polls import actions as polls
from moderation import opening
from moderation.acts.actions import settled
from moderation.acts.record import in_record
from moderation.acts.types import Act, act_from, to_data
from moderation.constitution import KINDS, Rule, read_duration
from moderation.constitution import to_data as rule_to_data
from moderation.constitution.durations import LONGEST, SECOND
from moderation.constitution.force import in_force
from moderation.elections import queries as elections
from moderation.elections.types import Election
from moderation.ledger import actions as ledger
from moderation.ledger.canonical import canonical
from moderation.mandates import access as mandates
from moderation.mandates.types import MODERATOR
from moderation.members.access import find, member
from moderation.members.types import Member
from moderation.questions.types import Question, acts_of_options, read_question
from moderation.questions.types import to_data as question_to_data
from moderation.wording import checked

from . import access, queries, rivals
from .gates import discussion_of, endorsed_by, endorsements_needed, opens_from
from .types import LONGEST_BODY, LONGEST_REASON, LONGEST_TITLE, MOST_ACTS, Proposal, ProposalDraft, act_row

DEFAULT_KIND = "policy"


async def propose(tx: Tx, account: Account, draft: ProposalDraft, *, config: Config) -> Proposal:
    """Put a proposal before the members: it is discussed as long as the rule says and then opens by itself;
    where the rule asks for no discussion, it opens at once. Raises NotAllowed for those who may not propose
    and Invalid for what makes no sense."""
    await ledger.take(tx)
    draft = await rivals.beside_the_first(tx, account, draft)
    kind = read_kind(draft.kind, await read_acts(tx, all_acts(draft), config))
    rule = (await in_force(tx)).constitution.rule_for(kind)
    proposer = await may_propose(tx, account, rule)
    actor = "somebody" if proposer is None else proposer.log_name
    return await put_forward(tx, account, draft, actor=actor, config=config)


async def put_forward(
    tx: Tx,
    account: Account,
    draft: ProposalDraft,
    *,
    actor: str,
    election: Election | None = None,
    options_later: Question | None = None,
    config: Config,
) -> Proposal:
    """The same without asking whether this account may propose: also for what the server itself proposes.
    `actor` is what the ledger calls the proposer. An `election` has a question whose options come later."""
    log = await ledger.take(tx)
    now = ledger.moment(log)
    constitution = (await in_force(tx)).constitution
    first = await rivals.first(tx, account, draft)
    acts = await read_acts(tx, all_acts(draft), config)
    kind = read_kind(draft.kind, acts)
    rule = constitution.rule_for(kind)
    question = options_later or read_question(draft.ballot, rule.ballot.kinds, len(draft.acts))
    title = read_title(draft.title)
    body_text = checked(draft.body, "A proposal", LONGEST_BODY, "body")
    closes_in = _window(draft, rule)
    discussion = _discussion(draft, rule)
    number = (await tx.scalar(queries.LAST_NUMBER) or 0) + 1
    proposal_id = ProposalId(new_id())
    body = {
        "proposal": str(proposal_id),
        "number": number,
        "kind": kind,
        "title": title,
        "acts": [await in_record(tx, act) for act in acts],
    }
    if question is not None:
        body["ballot"] = question_to_data(question)
    if first is not None:
        body["instead_of"] = str(first.id)
    if election is not None:
        body["election"] = {"office": election.office, "seats": election.seats, "term": election.term}
    try:
        logged = await ledger.append(
            tx,
            "proposal",
            actor=actor,
            body=body,
            refs=() if first is None else (first.ledger_index,),
            words={"title": title, "body": body_text},
            at=now,
        )
    except ValueError as too_long:
        raise Invalid(f"Title, options and acts are too long for the ledger: {too_long}.", "acts") from None
    proposal = Proposal(
        id=proposal_id,
        number=number,
        proposer_id=account.id,
        kind=kind,
        title=title,
        body=body_text,
        html=text.markdown(body_text),
        state="draft",
        ballot_kind="consent" if question is None else question.kind,
        question=None if question is None else canonical(question_to_data(question)).decode(),
        urgent_reason=draft.urgent.strip(),
        closes_in=closes_in,
        rule=canonical(rule_to_data(rule)).decode(),
        created_at=now,
        opens_at=None,
        closes_at=None,
        closed_at=None,
        enact_at=None,
        enacted_at=None,
        electorate_size=None,
        electorate_active=None,
        electorate_root=None,
        status_id=None,
        poll_id=None,
        outcome_status_id=None,
        ledger_index=logged.index,
        opened_index=None,
        instead_of=None if first is None else first.family,
    )
    await tx.execute(queries.ADD, **msgspec.structs.asdict(proposal))
    await tx.many(queries.ADD_ACT, [act_row(proposal_id, at, act, question) for at, act in enumerate(acts)])
    await add_version(tx, proposal, acts, number=1, at=now)
    if election is not None:
        row = msgspec.structs.replace(election, proposal_id=proposal_id)
        await tx.execute(elections.ADD, **msgspec.structs.asdict(row), answers=None)
    if not draft.hold and not await endorsements_needed(tx, rule, now):
        if first is not None and first.state == "discussion":
            discussion = max(discussion, (first.opens_at or now) - now)
        await _discuss(tx, proposal, now, discussion, config=config)
    return await access.visible(tx, account.id, proposal_id)


async def open_now(tx: Tx, account: Account, proposal_id: ProposalId, *, config: Config) -> Proposal:
    """Take one's own proposal a step on: from draft to discussion, and from discussion to the vote once the
    rule's time has passed. One that is open stays as it is. Raises NotAllowed, and Invalid when it is too
    early."""
    log = await ledger.take(tx)
    now = ledger.moment(log)
    proposal = await access.own(tx, account.id, proposal_id)
    rule = (await in_force(tx)).constitution.rule_for(proposal.kind)
    if proposal.state == "draft":
        missing = await endorsements_needed(tx, rule, now) - await endorsed_by(tx, proposal_id)
        if missing > 0:
            raise Invalid(f"{missing} more members need to endorse this before it opens.")
        await _discuss(tx, proposal, now, await discussion_of(tx, proposal, rule), config=config)
    elif proposal.state == "discussion":
        earliest = await opens_from(tx, proposal, rule)
        if now < earliest:
            raise Invalid(f"The discussion lasts until {clock.iso(earliest)}; voting can open then.")
        if (why := await rivals.why_wait(tx, proposal, rule, now)) is not None:
            raise Invalid(why.words)
        await opening.open_vote(tx, proposal, config=config)
    elif proposal.state != "open":
        raise Invalid(f"This proposal is {proposal.state}; voting on it does not open any more.")
    return await access.visible(tx, account.id, proposal_id)


async def endorse(tx: Tx, account: Account, proposal_id: ProposalId, *, config: Config) -> Proposal:
    """Say that a draft deserves a vote; with enough who say so its discussion begins. Raises NotAllowed for
    those who are no member, Conflict for a second time and Invalid for what is no draft."""
    log = await ledger.take(tx)
    now = ledger.moment(log)
    endorser = await member(tx, account.id)
    proposal = await access.visible(tx, account.id, proposal_id)
    if proposal.state != "draft":
        raise Invalid("Only a draft can be endorsed.")
    if await tx.one(queries.ENDORSED, proposal_id=proposal_id, account_id=account.id):
        raise Conflict("You have endorsed this already.")
    body = {"proposal": str(proposal_id)}
    await ledger.append(tx, "endorsement", actor=endorser.log_name, body=body, refs=(proposal.ledger_index,))
    await tx.execute(
        queries.ADD_ENDORSEMENT, proposal_id=proposal_id, account_id=account.id, created_at=clock.now()
    )
    rule = (await in_force(tx)).constitution.rule_for(proposal.kind)
    needed = await endorsements_needed(tx, rule, now)
    if 0 < needed <= await endorsed_by(tx, proposal_id):
        await _discuss(tx, proposal, now, await discussion_of(tx, proposal, rule), config=config)
    return await access.visible(tx, account.id, proposal_id)


async def withdraw(tx: Tx, account: Account, proposal_id: ProposalId) -> Proposal:
    """Take one's own proposal back, at the latest while it is open. Raises NotAllowed and Invalid."""
    await ledger.take(tx)
    proposal = await access.own(tx, account.id, proposal_id)
    if proposal.state not in ("draft", "discussion", "open"):
        raise Invalid(f"This proposal is {proposal.state}; it can no longer be withdrawn.")
    withdrawer = await find(tx, account.id)
    await ledger.append(
        tx,
        "proposal_withdrawn",
        actor="somebody" if withdrawer is None else withdrawer.log_name,
        body={"proposal": str(proposal_id)},
        refs=(proposal.ledger_index,),
    )
    await tx.execute(queries.WITHDRAW, proposal_id=proposal_id, at=clock.now())
    if proposal.poll_id is not None:
        await polls.close(tx, proposal.poll_id)
    if proposal.state == "open" and await rivals.others(tx, proposal):
        await jobs.add(tx, SettleRivals(proposal_id=proposal_id))
    return await access.visible(tx, account.id, proposal_id)


async def add_version(tx: Tx, proposal: Proposal, acts: list[Act], *, number: int, at: int) -> None:
    """Keep a proposal's words as they are now."""
    await tx.execute(
        queries.ADD_VERSION,
        proposal_id=proposal.id,
        number=number,
        title=proposal.title,
        body=proposal.body,
        acts=canonical([to_data(act) for act in acts]).decode(),
        question=proposal.question,
        created_at=at,
        ledger_index=proposal.ledger_index,
    )


async def _discuss(tx: Tx, proposal: Proposal, now: int, discussion: int, *, config: Config) -> None:
    if not discussion:
        await opening.open_vote(tx, proposal, config=config)
        return
    opens_at = now + discussion
    await tx.execute(queries.TO_DISCUSSION, proposal_id=proposal.id, at=opens_at)
    await jobs.add(tx, OpenProposal(proposal_id=proposal.id), run_at=opens_at)


async def may_propose(tx: Tx, account: Account, rule: Rule) -> Member | None:
    """Who proposes, under a rule; None for an account that is no member where anyone may. Raises NotAllowed."""
    if rule.gates.proposer == "anyone":
        return await find(tx, account.id)
    proposer = await member(tx, account.id)
    if rule.gates.proposer == "moderators" and await mandates.holds(tx, account.id, MODERATOR) is None:
        raise NotAllowed("Under the rules only moderators propose this.")
    if proposer.standing not in ("good", "probation"):
        raise NotAllowed(f"Members in good standing propose; yours is “{proposer.standing}”.")
    return proposer


def read_title(title: str) -> str:
    """The title in one line. Raises Invalid."""
    title = checked(" ".join(title.split()), "A title", LONGEST_TITLE, "title")
    if not title:
        raise Invalid("A proposal needs a title.", "title")
    return title


async def read_acts(tx: Tx, given: list[dict[str, Any]], config: Config) -> list[Act]:
    """The acts as they would be carried out. Raises Invalid."""
    if len(given) > MOST_ACTS:
        raise Invalid(f"A proposal has at most {MOST_ACTS} acts.", "acts")
    try:
        return [await settled(tx, act, config) for act in [act_from(data) for data in given]]
    except msgspec.ValidationError as wrong:
        raise Invalid(f"One of the acts cannot be read: {wrong}.", "acts") from None


def all_acts(draft: ProposalDraft) -> list[dict[str, Any]]:
    """The acts of the proposal as a whole, then those of its options."""
    return [*draft.acts, *acts_of_options(draft.ballot)]


def read_kind(named: str, acts: list[Act]) -> str:
    """What the proposal is decided as. Raises Invalid for an unknown kind, and where an act is decided as
    another, perhaps by a harder rule."""
    if named and named not in KINDS:
        raise Invalid(f"“{named}” is no kind of proposal; there are {', '.join(KINDS)}.", "kind")
    kind = named or next((act.decided_as for act in acts if act.decided_as), DEFAULT_KIND)
    for act in acts:
        if act.decided_as not in ("", kind):
            tag = act.__struct_config__.tag
            raise Invalid(f"“{tag}” is decided as “{act.decided_as}”, not as “{kind}”.", "kind")
    return kind


def _window(draft: ProposalDraft, rule: Rule) -> int:
    """How long the vote is open, in milliseconds, within what the rule allows."""
    shortest = rule.window.minimum
    if draft.urgent.strip():
        if rule.window.urgent is None:
            raise Invalid("The rules know no urgent vote for this kind of proposal.", "urgent")
        checked(draft.urgent, "The reason for urgency", LONGEST_REASON, "urgent")
        shortest = rule.window.urgent
    if draft.closes_in is None:
        return shortest.ms
    wanted = span(draft.closes_in, "closes_in")
    if not shortest.ms <= wanted <= rule.window.maximum.ms:
        raise Invalid(
            f"Voting is open for {shortest} at least and {rule.window.maximum} at most.", "closes_in"
        )
    return wanted


def _discussion(draft: ProposalDraft, rule: Rule) -> int:
    if draft.discussion is None:
        return rule.gates.discussion.ms
    wanted = span(draft.discussion, "discussion")
    if wanted < rule.gates.discussion.ms:
        raise Invalid(f"This is discussed for {rule.gates.discussion} at least.", "discussion")
    return wanted


def span(value: str | int, field: str) -> int:
    """A span in milliseconds, from words or from seconds. Raises Invalid."""
    if isinstance(value, str) and not value.isdecimal():
        try:
            return read_duration(value).ms
        except ValueError as wrong:
            raise Invalid(f"{wrong}.", field) from None
    span = int(value) * SECOND
    if not 0 <= span <= LONGEST:
        raise Invalid("That is no span of time.", field)
    return span
