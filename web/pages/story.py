"""What has happened to a proposal and what is still to come, as its page tells it. The same for programs is
`moderation.proposals.timeline`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fedcoop import clock
from moderation.proposals.timeline import LONGER

if TYPE_CHECKING:
    from moderation.proposals.types import Extension, Proposal, Result, VersionEntity


def told(
    proposal: Proposal,
    versions: list[VersionEntity],
    result: Result,
    does_something: bool,
    longer: list[Extension],
) -> list[dict[str, Any]]:
    """What has happened to the proposal, and what is still to come."""
    first = versions[0].ledger_index if versions else proposal.ledger_index
    steps = [_step("Proposed", proposal.created_at, first)]
    steps += [
        _step(f"Amended: version {each.number}", clock.parse(each.created_at), each.ledger_index)
        for each in versions[1:]
    ]
    size = proposal.electorate_size
    if proposal.opened_index is not None:
        members_ = "1 member" if size == 1 else f"{size} members"
        steps.append(_step(f"Voting opened to {members_}", proposal.opens_at, proposal.opened_index))
    elif proposal.state != "withdrawn":
        steps.append(_step("Voting opens", proposal.opens_at, done=False))
    steps += [_step(LONGER[each.because], each.extended_at, each.ledger_index) for each in longer]
    if proposal.state == "withdrawn":
        return [*steps, _step("Withdrawn", proposal.closed_at)]
    counted = clock.parse(result.counted_at) if result.counted_at else None
    if counted is None:
        steps.append(_step("Voting ends", proposal.closes_at, done=False))
    else:
        words = "Counted: it passed" if result.passed else "Counted: it failed"
        steps.append(_step(words, counted, result.ledger_index))
    if not does_something:
        return steps
    done = [act for act in result.acts if act.carried_out_at]
    steps += [
        _step(
            f"Carried out: {act.sentence}" if len(done) > 1 else "Carried out",
            clock.parse(act.carried_out_at or ""),
            act.ledger_index,
        )
        for act in done
    ]
    waiting = counted is None or proposal.state == "passed"
    if waiting:
        words = "Carried out, if it passes" if counted is None else "Carried out"
        steps.append(_step(words, proposal.enact_at, done=False))
    return steps


def _step(words: str, at: int | None, index: int | None = None, *, done: bool = True) -> dict[str, Any]:
    return {
        "words": words,
        "at": at,
        "done": done,
        "ledger_url": "" if index is None else f"/coop/ledger/{index}",
        "ledger_index": index,
    }
