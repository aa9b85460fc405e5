"""Whether proposals that compete with each other were voted on together, and whether the one that was carried out
prevails. The server's side of it is `moderation.competing`, votes as such are in `replay`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moderation.prevailing import prevailing

from .entries import SYSTEM, Entry
from .fold import Wrong

if TYPE_CHECKING:
    from .held import Held
    from .replay import Replay


def joins(replay: Replay, vote: Held, name: str, entry: Entry) -> None:
    """A proposal is made, perhaps to compete with an earlier one."""
    first = entry.body.get("instead_of")
    if first is None:
        vote.family = name
        return
    beside = replay.votes.get(first)
    if beside is None or beside.opened is not None or beside.withdrawn or entry.refs != (beside.index,):
        raise Wrong("competes with what is voted on already, or not there")
    if beside.kind != vote.kind or (beside.question or vote.question or beside.race or vote.race) is not None:
        raise Wrong("competes with another kind of question")
    vote.family = beside.family


def opens(replay: Replay, name: str, vote: Held, body: dict[str, Any]) -> None:
    """Voting opens: on all that compete at once, or after the others are decided."""
    vote.together = frozenset([name, *body.get("beside", [])])
    for other in vote.together - {name}:
        beside = replay.votes.get(other)
        if beside is None or beside.family != vote.family:
            raise Wrong("opens beside a vote that does not compete with it")
        if beside.opened is not None and beside.together != vote.together:
            raise Wrong("opens beside a vote that opened otherwise")
    if any(
        each.family == vote.family and _is_open(each) and each.together != vote.together
        for each in replay.votes.values()
    ):
        raise Wrong("opens a vote while another is open with which it competes")


def decided(replay: Replay, index: int, entry: Entry) -> None:
    """Several passed that compete; which of them prevails."""
    names = entry.body["proposals"]
    passed = {name: replay.votes[name] for name in names}
    together = next(iter(passed.values())).together
    if not _all_counted(replay, together) or {*names} != _passed(replay, together) or len(names) < 2:
        raise Wrong("decides between others than those that competed and passed, or too early")
    if entry.actor != SYSTEM or entry.refs != tuple(vote.tally for vote in passed.values()):
        raise Wrong("does not rest on the counts of those that competed")
    winner = prevailing({name: vote.counts for name, vote in passed.items()})
    for name, vote in passed.items():
        if name != winner:
            vote.passed = False
    if entry.body["prevails"] != winner:
        raise Wrong("lets another prevail than the one with which most agree")


def wrong_act(replay: Replay, vote: Held) -> str:
    """Why what competed with others cannot be carried out yet; empty when it can."""
    if not _all_counted(replay, vote.together):
        return "carried out before what competes with it was counted"
    if len(_passed(replay, vote.together)) > 1:
        return "carried out without saying which of those that competed prevails"
    return ""


def waits(replay: Replay, vote: Held) -> bool:
    """Whether a vote that passed waits for what competes with it."""
    return not _all_counted(replay, vote.together)


def _all_counted(replay: Replay, together: frozenset[str]) -> bool:
    votes = [replay.votes[name] for name in together if name in replay.votes]
    return all(each.tally is not None or each.withdrawn for each in votes)


def _passed(replay: Replay, together: frozenset[str]) -> set[str]:
    return {name for name in together if name in replay.votes and replay.votes[name].passed}


def _is_open(vote: Held) -> bool:
    return vote.opened is not None and vote.tally is None and not vote.withdrawn
