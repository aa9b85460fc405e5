"""Opening a vote: the electorate and the rule are frozen, the assembly posts the question. Its counterpart is
`closing`."""

import base64
import secrets
from hashlib import sha256

from fedcoop import clock, jobs
from fedcoop.config import Config
from fedcoop.db import Row, Tx
from fedcoop.ids import AccountId, ProposalId
from fedcoop.jobs.deciding import CloseProposal, OpenProposal
from moderation import assembly, letters, reminding
from moderation.ballots import queries as ballots
from moderation.constitution import Rule
from moderation.constitution import to_data as rule_to_data
from moderation.constitution.force import InForce, in_force
from moderation.elections import access as elections
from moderation.elections import opening as on_ballot
from moderation.ledger import actions as ledger
from moderation.ledger.canonical import canonical
from moderation.ledger.merkle import inclusion, leaf_hash, root, subtree_of
from moderation.proposals import gates, queries, rivals
from moderation.proposals.types import Proposal

SALT = 16


async def open_vote(tx: Tx, proposal: Proposal, *, config: Config) -> None:
    """Freeze who may vote and by which rule, say so in the ledger, and have the assembly ask the question; of
    what competes with it, too, at the same moment. Does nothing for a proposal that is open already, or no longer
    waits to be. Where the rule asks for more than there was when it began to wait, it waits on: for the end of the
    discussion, or as a draft for endorsements; so it does for what competes with it."""
    log = await ledger.take(tx)
    current = await tx.one(queries.BY_ID, id=proposal.id)
    if current is None or current.state not in ("draft", "discussion"):
        return
    force = await in_force(tx)
    rule = force.constitution.rule_for(current.kind)
    now = ledger.moment(log)
    voters = await gates.eligible(tx, rule, now)
    if await _waits(tx, current, rule, now, len(voters)):
        return
    if (waits := await rivals.why_wait(tx, current, rule, now)) is not None:
        own = now if current.opens_at is None else current.opens_at
        await tx.execute(queries.TO_DISCUSSION, proposal_id=current.id, at=own)
        if waits.until is not None:
            await jobs.add(tx, OpenProposal(proposal_id=current.id), run_at=waits.until)
        return
    discussed = [each for each in await rivals.others(tx, current) if each.state == "discussion"]
    ready = [current, *[each for each in discussed if not await _waits(tx, each, rule, now, len(voters))]]
    lasts = max(_within(each, rule) for each in ready)
    for each in ready:
        beside = [other.id for other in ready if other.id != each.id]
        await _open(tx, each, force, voters, now=now, closes_at=now + lasts, beside=beside, config=config)


async def _open(
    tx: Tx,
    current: Proposal,
    force: InForce,
    voters: list[Row],
    *,
    now: int,
    closes_at: int,
    beside: list[ProposalId],
    config: Config,
) -> None:
    rule = force.constitution.rule_for(current.kind)
    candidates = None
    if (election := await elections.find(tx, current.id)) is not None:
        candidates = await on_ballot.put_on_ballot(tx, current, election)
        if not candidates:
            await on_ballot.without_candidates(tx, current, election, config=config)
            return
        current = await tx.one(queries.BY_ID, id=current.id) or current
    active_since = now - rule.electorate.active_within.ms
    active = sum((row["last_status_at"] or 0) >= active_since for row in voters)
    root_hash = await _freeze(tx, current, [row["account_id"] for row in voters])
    rule_data = rule_to_data(rule)
    logged = await ledger.append(
        tx,
        "proposal_opened",
        body={
            "proposal": str(current.id),
            "kind": current.kind,
            "rule": rule_data,
            "urgent": bool(current.urgent_reason),
            "closes_at": clock.iso(closes_at),
            "electorate": {"size": len(voters), "active": active, "root": root_hash},
        }
        | ({} if candidates is None else {"candidates": [each.log_name for each in candidates]})
        | ({"beside": [str(other) for other in beside]} if beside else {}),
        refs=(current.ledger_index, force.ledger_index),
        at=now,
    )
    await tx.execute(
        queries.OPEN,
        proposal_id=current.id,
        new_rule=canonical(rule_data).decode(),
        at=now,
        until=closes_at,
        size=len(voters),
        active=active,
        root=root_hash,
        index=logged.index,
    )
    await jobs.add(tx, CloseProposal(proposal_id=current.id), run_at=closes_at)
    await reminding.plan(tx, current.id, now, closes_at)
    await letters.plan(tx, current.id, "opened", config=config)
    await assembly.ask(tx, current, rule, closes_at, config=config)


async def _waits(tx: Tx, proposal: Proposal, rule: Rule, now: int, voters: int) -> bool:
    """Whether voting cannot open yet; the proposal then waits for what is missing."""
    if await gates.endorsed_by(tx, proposal.id) < rule.gates.endorsements_of(voters):
        await tx.execute(queries.TO_DRAFT, proposal_id=proposal.id)
        return True
    earliest = await gates.opens_from(tx, proposal, rule)
    if now < earliest:
        await tx.execute(queries.TO_DISCUSSION, proposal_id=proposal.id, at=earliest)
        await jobs.add(tx, OpenProposal(proposal_id=proposal.id), run_at=earliest)
        return True
    return False


def pseudonym(salt: bytes, account_id: AccountId) -> str:
    """What the ledger calls a voter in one vote: whoever knows the salt can tell, nobody else."""
    return sha256(salt + str(account_id).encode()).hexdigest()


async def _freeze(tx: Tx, proposal: Proposal, account_ids: list[AccountId]) -> str:
    """Write the electorate with each voter's proof of being in it; the root of its tree as base64. The
    leaves are sorted by pseudonym, so that their order says nothing."""
    salted = [(account_id, secrets.token_bytes(SALT)) for account_id in account_ids]
    voters = sorted((pseudonym(salt, account_id), salt, account_id) for account_id, salt in salted)
    leaves = [leaf_hash(voter.encode()) for voter, _, _ in voters]
    subtree = subtree_of(leaves)
    await tx.many(
        ballots.ADD_VOTER,
        [
            {
                "proposal_id": proposal.id,
                "account_id": account_id,
                "voter": voter,
                "salt": salt,
                "position": position,
                "path": b"".join(inclusion(position, len(leaves), subtree)),
            }
            for position, (voter, salt, account_id) in enumerate(voters)
        ],
    )
    return base64.b64encode(root(leaves)).decode()


def _within(proposal: Proposal, rule: Rule) -> int:
    """The window asked for, as far as the rule in force at the opening allows it."""
    shortest = rule.window.urgent if proposal.urgent_reason and rule.window.urgent else rule.window.minimum
    return min(max(proposal.closes_in, shortest.ms), rule.window.maximum.ms)
