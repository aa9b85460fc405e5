"""Whether who belongs to the co-operative, and who votes for whom, follows from what the record says: each
standing from an act, from the member's own wish or from whoever runs the server. Acts are in `replay`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.acts.types import Act, AdmitMember, ExpelMember

from .entries import Entry
from .fold import Wrong, fold

if TYPE_CHECKING:
    from .held import Held
    from .replay import Replay

BY_ACT = ("proposal:", "power:", "expired:")
"""How the reason of a standing begins that an act gave."""
BY_OPERATOR = "admin:"


def member(replay: Replay, index: int, entry: Entry) -> None:
    """Somebody is admitted, or their standing changes."""
    body = entry.body
    name, now = body["member"], body["standing"]
    before = replay.standings.get(name)
    wrong = _wrong(replay, entry, before)
    last = replay.member_entries.get(name)
    if not wrong and last is not None and entry.refs[:1] != last[:1]:
        wrong = "a standing that does not follow the one before it"
    replay.histories.setdefault(name, []).append((index, replay.last_time, now))
    replay.standings[name], replay.member_entries[name] = now, (index, replay.last_time)
    fold(replay.state, entry.type, body, replay.last_time)
    if wrong:
        raise Wrong(wrong)


def _wrong(replay: Replay, entry: Entry, before: str | None) -> str:
    """Why the standing does not follow; empty when it does."""
    name, now, because = entry.body["member"], entry.body["standing"], entry.body["because"]
    belongs = before not in (None, "expelled")
    if because.startswith(BY_ACT):
        act = replay.roll_acts.pop(entry.refs[-1], None) if entry.refs else None
        return "" if _gives(act, name, now) else "a standing that no act gave"
    if because.startswith(BY_OPERATOR):
        replay.by_operator += 1
        voted = replay.votes and replay.constitution.get("admission") == "vote"
        return "a standing that only a vote gives, from whoever runs the server" if voted else ""
    if because == "founding":
        return "a member from the founding after the first proposal" if replay.votes else ""
    if because == "own wish":
        own = (before, now) in (("good", "paused"), ("paused", "good")) or (belongs and now == "expelled")
        return "" if own else "a standing that is not a member's own to choose"
    if because == "time":
        span, (_, since) = replay.constitution.get("probation"), replay.member_entries.get(name, (0, 0))
        over = (before, now) == ("probation", "good") and span and replay.last_time >= since + span
        return "" if over else "the end of a probation before its time"
    if because == "account deleted":
        return "" if belongs and now == "expelled" else "a standing that the end of an account does not give"
    return "a standing for no known reason"


def _gives(act: Act | None, name: str, standing: str) -> bool:
    if isinstance(act, AdmitMember):
        return (act.account, act.standing) == (name, standing)
    return isinstance(act, ExpelMember) and act.account == name and standing == "expelled"


def delegation(replay: Replay, index: int, entry: Entry) -> None:
    """A member gives their vote on a kind of proposal to another, or takes it back."""
    place, to = (entry.actor, entry.body["kind"]), entry.body["to"]
    before = replay.delegations.pop(place, None)
    if entry.refs != (() if before is None else (before[0],)):
        raise Wrong("a delegation that does not follow the one before it")
    if entry.actor not in replay.standings or (to and to not in replay.standings):
        raise Wrong("a delegation by or to somebody who is no member")
    if to and "expelled" in (replay.standings[entry.actor], replay.standings[to]):
        raise Wrong("a delegation by or to somebody who was expelled")
    if to:
        replay.delegations[place] = (index, to)


def wrong_delegations(replay: Replay, vote: Held, overridden: int) -> str:
    """Why not as many votes were counted by delegation as members have given away; empty where as many were.
    `overridden` are those of members who answered themselves, where a secret ballot does not say who."""
    secret = vote.rule is not None and vote.rule.ballot.secrecy != "open"
    if overridden > (len(vote.ballots) if secret else 0):
        return "says that more members answered themselves than did"
    held = [(giver, to) for (giver, kind), (_, to) in replay.delegations.items() if kind == vote.kind]
    given = sum(_voted(replay, vote, giver) and _voted(replay, vote, to) for giver, to in held)
    counted = len(vote.trust) + overridden
    if counted > given:
        return "more delegated votes than members have given away"
    if counted < given and _known(replay, vote, held):
        missing = given - counted
        return f"leaves out {missing} delegated vote{'s' if missing > 1 else ''}"
    return ""


def _voted(replay: Replay, vote: Held, name: str) -> bool:
    """Whether somebody was in the electorate, as far as their standings tell, and still belongs."""
    history = replay.histories.get(name, [])
    then = [standing for index, _, standing in history if index < (vote.opened or 0)]
    if not then or vote.rule is None or replay.standings.get(name) == "expelled":
        return False
    who = vote.rule.electorate
    return then[-1] in who.standings and history[0][1] <= vote.opened_at - who.member_for.ms


def _known(replay: Replay, vote: Held, held: list[tuple[str, str]]) -> bool:
    """Whether the record says all that decides who was in the electorate: not who paid, held an office then, or
    could not sign in."""
    who = None if vote.rule is None else vote.rule.electorate
    plain = who is not None and not who.paid_up and not who.mandate
    return plain and not any(name in replay.suspended for pair in held for name in pair)
