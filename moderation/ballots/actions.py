"""Casting ballots, by page, API or poll, and reading them as far as they are open. What a ballot becomes in
the end is in `moderation.closing`."""

import base64
from collections.abc import Sequence

import msgspec

from fedcoop import clock
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.ids import AccountId, PollId, ProposalId, new_id
from moderation import window
from moderation.constitution import Rule
from moderation.ledger import actions as ledger
from moderation.ledger import queries as ledger_queries
from moderation.ledger import serve
from moderation.ledger.merkle import leaf_hash
from moderation.ledger.notes import Signer
from moderation.ledger.types import Log, Logged
from moderation.members.access import find
from moderation.proposals import access
from moderation.proposals.types import Proposal
from moderation.questions import answers
from moderation.questions.answers import Marks
from moderation.questions.types import Question
from moderation.tally import is_answer
from moderation.wording import checked

from . import access as gate
from . import queries
from .poll import TITLES, advise, refresh_poll
from .types import Ballot, BallotEntity, CastBallot, Receipt, ReceiptEntity, Voter

LONGEST_REASON = 5000


async def cast(
    tx: Tx, account: Account, proposal_id: ProposalId, answer: Marks | str, reason: str = ""
) -> CastBallot:
    """Answer a proposal, or answer it anew: ballot, ledger entry and receipt are one transaction. The same
    answer with the same reason again changes nothing. A string is the choice of a vote by consent. Raises
    NotFound; NotAllowed for those outside the electorate; Invalid when voting is not open, or the answer is
    none."""
    # The lock first: whoever comes second sees the first one's ballot, or that voting has closed.
    log = await ledger.take(tx)
    proposal = await access.visible(tx, account.id, proposal_id)
    rule = proposal.decided_by
    now = ledger.moment(log)
    if not gate.is_open(proposal, now):
        raise Invalid(gate.not_open(proposal))
    voter = await _voter(tx, account, proposal, rule)
    reason = checked(reason, "A reason", LONGEST_REASON, "reason")
    question = proposal.asks
    choice = answers.kept(question, Marks(choice=answer) if isinstance(answer, str) else answer)
    _check_answer(rule, question, choice, reason)
    before = await tx.one(queries.MINE, proposal_id=proposal.id, account_id=account.id)
    if before is not None:
        if before.choice == choice and await reason_of(tx, before.ledger_index) == reason:
            return await _cast(tx, account, before, voter, question)
        if not rule.ballot.change:
            raise Invalid("The rules of this vote do not let an answer be changed.")
    ballot = await _write(tx, log, proposal, voter, before, choice, reason, now)
    await refresh_poll(tx, proposal, rule, account, choice)
    await window.after_ballot(
        tx,
        proposal,
        rule,
        before=None if before is None else before.choice,
        choice=choice,
        index=ballot.ledger_index,
        now=now,
    )
    return await _cast(tx, account, ballot, voter, question)


async def cast_by_poll(
    tx: Tx, account: Account, poll_id: PollId, choices: Sequence[int]
) -> CastBallot | None:
    """The same by a vote in the assembly's poll; None for an account that is no member, whose voice only
    advises. Raises NotFound when the poll belongs to no proposal, and Invalid, with the reason in words, for
    everything that keeps a ballot from counting."""
    proposal = await access.of_poll(tx, poll_id)
    if proposal is None:
        raise NotFound
    if await gate.only_advises(tx, account.id, proposal):
        await advise(tx, account, proposal, choices)
        return None
    if (question := proposal.asks) is not None:
        return await _by_options(tx, account, proposal, question, choices)
    options = proposal.decided_by.ballot.options
    if len(set(choices)) != 1:
        raise Invalid("Choose exactly one answer.")
    if not 0 <= choices[0] < len(options):
        raise Invalid("This poll has no such answer.")
    choice = options[choices[0]]
    if choice in proposal.decided_by.ballot.reason_for:
        before = await tx.one(queries.MINE, proposal_id=proposal.id, account_id=account.id)
        reason = await reason_of(tx, before.ledger_index) if before and before.choice == choice else ""
        if not reason:
            where = f"on the page of proposal {proposal.number}"
            raise Invalid(f"“{TITLES[choice]}” needs a reason here. Give it {where}.")
    else:
        reason = ""
    try:
        return await cast(tx, account, proposal.id, choice, reason)
    except NotAllowed as outside:
        raise Invalid(outside.message) from None


async def _by_options(
    tx: Tx, account: Account, proposal: Proposal, question: Question, choices: Sequence[int]
) -> CastBallot:
    """An approval by poll; the reason given before stays."""
    if not choices or not all(0 <= choice < len(question.options) for choice in choices):
        raise Invalid("Choose one or more of the answers of this poll.")
    before = await tx.one(queries.MINE, proposal_id=proposal.id, account_id=account.id)
    reason = await reason_of(tx, before.ledger_index) if before else ""
    marks = Marks(approvals=[choice + 1 for choice in choices])
    try:
        return await cast(tx, account, proposal.id, marks, reason)
    except NotAllowed as outside:
        raise Invalid(outside.message) from None


async def ballots(
    tx: Tx, viewer_id: AccountId | None, proposal_id: ProposalId, *, after: int = 0, limit: int = 40
) -> list[BallotEntity]:
    """The answers in the order of their ledger entries, after the entry `after`. Where ballots are open,
    members see whose they are; the public sees pseudonyms, as in the ledger. Nothing while the rule hides
    results. Raises NotFound."""
    proposal = await access.visible(tx, viewer_id, proposal_id)
    rule = proposal.decided_by
    if not await gate.results_visible(tx, viewer_id, proposal, rule):
        return []
    viewer = await find(tx, viewer_id)
    named = rule.ballot.secrecy == "open" and viewer is not None and viewer.standing != "expelled"
    rows = await tx.all(queries.PAGE, proposal_id=proposal_id, after=after, limit=limit)
    question = proposal.asks
    return [
        BallotEntity(
            voter=row["voter"],
            choice=row["choice"],
            reason=reason_in(row["words"]),
            number=row["number"],
            cast_at=clock.iso(row["cast_at"]),
            ledger_index=row["ledger_index"],
            account_id=str(row["account_id"]) if named else None,
            acct=row["username"] if named else None,
            marks=None if question is None else answers.marks_of(question, row["choice"]),
            words="" if question is None else answers.say(question, row["choice"]),
        )
        for row in rows
    ]


async def receipt(tx: Tx, account: Account, receipt_id: int) -> ReceiptEntity:
    """A receipt of one's own. Raises NotFound, also for somebody else's."""
    found = await _found(tx, receipt_id)
    voter = await tx.one(queries.VOTER, proposal_id=found.proposal_id, account_id=account.id)
    if found.account_id != account.id or voter is None:
        raise NotFound
    return await _receipt(tx, found, voter)


async def proof(tx: Tx, receipt_id: int) -> str:
    """The receipt as a `.tlog-proof`, which says nothing about who voted. Raises NotFound, also while no
    checkpoint covers the entry yet."""
    found = await _found(tx, receipt_id)
    return (await serve.proof(tx, found.ledger_index)).text


async def reason_of(tx: Tx, ledger_index: int) -> str:
    """The reason given with a ballot, unless it was erased; empty where there was none."""
    kept = await tx.one(ledger_queries.WORDS, positions=[ledger_index])
    return "" if kept is None else reason_in(kept.words)


async def _voter(tx: Tx, account: Account, proposal: Proposal, rule: Rule) -> Voter:
    why = await gate.why_not(tx, account.id, proposal)
    voter = await tx.one(queries.VOTER, proposal_id=proposal.id, account_id=account.id)
    if why or voter is None:
        raise NotAllowed(why)
    return voter


async def _write(
    tx: Tx,
    log: Log,
    proposal: Proposal,
    voter: Voter,
    before: Ballot | None,
    choice: str,
    reason: str,
    now: int,
) -> Ballot:
    number = 1 if before is None else before.number + 1
    opened = () if proposal.opened_index is None else (proposal.opened_index,)
    logged = await ledger.append(
        tx,
        "ballot",
        actor=voter.voter,
        body={
            "proposal": str(proposal.id),
            "choice": choice,
            "number": number,
            "position": voter.position,
            "path": [base64.b64encode(each).decode() for each in voter.proof],
        },
        refs=opened if before is None else (*opened, before.ledger_index),
        words={"reason": reason} if reason else None,
        at=now,
    )
    ballot = Ballot(
        proposal.id, voter.account_id, choice, number, logged.time, logged.index, receipt_id=new_id()
    )
    promised = Receipt(
        ballot.receipt_id,
        voter.account_id,
        proposal.id,
        logged.index,
        promise(log.signer(tx.vault), logged),
        logged.time,
    )
    await tx.batch(
        queries.REMOVE.bind(proposal_id=proposal.id, account_id=voter.account_id),
        queries.ADD.bind(**msgspec.structs.asdict(ballot)),
        queries.ADD_RECEIPT.bind(**msgspec.structs.asdict(promised)),
    )
    return ballot


def promise(signer: Signer, logged: Logged) -> str:
    """A note by the ledger's signer: this entry stands at this place, and every checkpoint from a
    minute after this time on covers it."""
    leaf = base64.b64encode(logged.leaf).decode()
    return signer.sign(f"{signer.name}/receipt\n{logged.index}\n{leaf}\n{clock.iso(logged.time)}\n")


def _check_answer(rule: Rule, question: Question | None, choice: str, reason: str) -> None:
    if not is_answer(choice, rule, question):
        raise Invalid(f"“{choice}” is no answer here; choose {', '.join(rule.ballot.options)}.", "choice")
    if choice in rule.ballot.reason_for and not reason:
        raise Invalid(f"“{TITLES[choice]}” needs a reason here.", "reason")


def reason_in(words: str | None) -> str:
    """The reason in the words kept beside a ballot's entry."""
    return "" if words is None else str(msgspec.json.decode(words).get("reason", ""))


async def _found(tx: Tx, receipt_id: int) -> Receipt:
    found = await tx.one(queries.RECEIPT, id=receipt_id)
    if found is None:
        raise NotFound
    return found


async def _cast(
    tx: Tx, account: Account, ballot: Ballot, voter: Voter, question: Question | None
) -> CastBallot:
    shown = BallotEntity(
        voter=voter.voter,
        choice=ballot.choice,
        reason=await reason_of(tx, ballot.ledger_index),
        number=ballot.number,
        cast_at=clock.iso(ballot.cast_at),
        ledger_index=ballot.ledger_index,
        account_id=str(account.id),
        acct=account.username,
        marks=None if question is None else answers.marks_of(question, ballot.choice),
        words="" if question is None else answers.say(question, ballot.choice),
    )
    return CastBallot(shown, await _receipt(tx, await _found(tx, ballot.receipt_id), voter))


async def _receipt(tx: Tx, found: Receipt, voter: Voter) -> ReceiptEntity:
    entry = bytes(await tx.scalar(ledger_queries.ENTRY, position=found.ledger_index))
    return ReceiptEntity(
        id=str(found.id),
        proposal_id=str(found.proposal_id),
        ledger_index=found.ledger_index,
        entry_hash=base64.b64encode(leaf_hash(entry)).decode(),
        promise=found.promise,
        voter=voter.voter,
        salt=bytes(voter.salt).hex(),
    )
