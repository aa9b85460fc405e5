"""Whether acts by an office alone follow from what the record says: from mandates, from the powers that the
constitution gives, from the time in which members had to ratify them. Acts by a vote are in `replay`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fedcoop import clock
from moderation.acts import places
from moderation.acts.types import Act, GrantMandate, act_from, tag
from moderation.constitution import Rule

from .entries import Entry
from .fold import Wrong, fold

if TYPE_CHECKING:
    from .replay import Replay

GRACE = clock.DAY
"""How late what was not ratified may be undone: a server may have been off."""


@dataclass(slots=True)
class Pending:
    """An act by an office that members have not decided about."""

    index: int
    place: str
    act: Act
    inverse: dict[str, Any] | None
    ratify_by: int | None


@dataclass(slots=True)
class Powers:
    """What stands by an office alone, by the number of the act."""

    pending: dict[str, Pending] = field(default_factory=dict)
    done: dict[tuple[str, int], tuple[int, dict[str, Any] | None, int]] = field(default_factory=dict)
    """Of each act by a vote: its entry, its inverse and when it was carried out."""

    def wrong_use(self, entry: Entry, now: int, state: dict[str, Act], given: dict[str, int] | None) -> str:
        """Why an office did not have this power; empty when it did."""
        body, act = entry.body, act_from(entry.body["act"])
        if body["office"] == "moderator" and f"mandate:moderator:{entry.actor}" not in state:
            return "an act by somebody who does not hold the office"
        if body["office"] not in ("moderator", "operator"):
            return "an act by an office that has no powers"
        place = places.place(act)
        undoes = any(each.place == place for each in self.pending.values()) and places.clears(act)
        if undoes:
            return "" if body["ratify_by"] is None else "taking back needs no ratification"
        if given is None or tag(act) not in given or places.clears(act):
            return "an act that the constitution lets nobody do alone"
        within = given[tag(act)]
        if body["ratify_by"] != (clock.iso(now + within) if within else None):
            return "an act to be ratified within another time than the constitution says"
        return ""

    def used(self, index: int, entry: Entry) -> None:
        """Keep that an act was done alone."""
        act, until = act_from(entry.body["act"]), entry.body["ratify_by"]
        place = places.place(act)
        self.decided(act)
        if place is not None and not places.clears(act):
            self.pending[entry.body["power"]] = Pending(
                index, place, act, entry.body["inverse"], clock.parse(until) if until else None
            )

    def decided(self, act: Act) -> None:
        """Whatever is decided about a place takes it from the offices."""
        place = places.place(act)
        self.pending = {key: each for key, each in self.pending.items() if each.place != place}

    def wrong_expiry(self, entry: Entry, now: int, refused: bool) -> str:
        """Why an act by an office was not to be undone; empty when it was."""
        pending = self.pending.get(entry.body["power"])
        if pending is None or entry.refs != (pending.index,):
            return "undoes what does not stand by an office alone"
        if entry.body["act"] != pending.inverse:
            return "undoes it otherwise than it says"
        if entry.body["because"] == "time" and (pending.ratify_by is None or now < pending.ratify_by):
            return "undoes it before its time"
        if entry.body["because"] == "refused" and not refused:
            return "undoes what members have not refused"
        return ""

    def overdue(self, now: int) -> list[str]:
        """What should have been undone by now."""
        return [
            f"Entry {each.index} (power): neither ratified nor undone in time."
            for each in self.pending.values()
            if each.ratify_by is not None and each.ratify_by + GRACE < now
        ]


def power(replay: Replay, index: int, entry: Entry) -> None:
    """An office does something alone."""
    given: dict[str, int] | None = replay.constitution.get("powers")
    wrong = replay.powers.wrong_use(entry, replay.last_time, replay.state, given)
    _alone(replay, index, entry, wrong)
    replay.powers.used(index, entry)


def office(replay: Replay, index: int, entry: Entry) -> None:
    """An office does what its work brings with it; no act of the co-operative follows from it."""
    body = entry.body
    if body["office"] not in ("moderator", "operator"):
        raise Wrong("done by an office that has no such work")
    if body["office"] == "moderator" and f"mandate:moderator:{entry.actor}" not in replay.state:
        raise Wrong("done by somebody who does not hold the office")


def power_expired(replay: Replay, index: int, entry: Entry) -> None:
    """What an office did alone is undone."""
    last = act_from(entry.body["act"])
    refused = any(
        vote.tally is not None and not vote.passed and any(_on_place(act, last) for act in vote.acts)
        for vote in replay.votes.values()
    )
    _alone(replay, index, entry, replay.powers.wrong_expiry(entry, replay.last_time, refused))
    replay.powers.decided(last)


def wrong_executor(rule: Rule, entry: Entry, state: dict[str, Act]) -> str:
    """Why not this one was to carry out what passed; empty when they were."""
    office = rule.after.executor
    if office and f"mandate:{office}:{entry.actor}" not in state:
        return "carried out by somebody who does not hold the office that does it"
    return ""


def act_expired(replay: Replay, index: int, entry: Entry) -> None:
    """A decision whose rule lets it hold for some time only is undone."""
    place = entry.body["proposal"], entry.body["position"]
    done, inverse, at = replay.powers.done.get(place, (-1, None, 0))
    rule = replay.votes[place[0]].rule
    span = None if rule is None else rule.after.expiry
    wrong = ""
    if entry.refs != (done,) or entry.body["act"] != inverse:
        wrong = "undoes what was not decided so"
    elif span is None or replay.last_time < at + span.ms:
        wrong = "undoes a decision before its time"
    _alone(replay, index, entry, wrong)


def mandate_ended(replay: Replay, index: int, entry: Entry) -> None:
    """Somebody holds an office no longer."""
    body = entry.body
    held = replay.state.get(f"mandate:{body['office']}:{body['member']}")
    fold(replay.state, entry.type, body, replay.last_time)
    if not isinstance(held, GrantMandate):
        raise Wrong("ends a mandate that nobody holds")
    if body["because"] == "term" and replay.last_time < clock.parse(held.until):
        raise Wrong("ends a mandate before its term is over")


def _alone(replay: Replay, index: int, entry: Entry, wrong: str) -> None:
    act = act_from(entry.body["act"])
    if not wrong and entry.body["inverse"] != replay.inverse(act):
        wrong = "it found another state than the one that this record leads to"
    replay.apply(index, act)
    if wrong:
        raise Wrong(wrong)


def _on_place(data: dict[str, Any], act: Act) -> bool:
    return places.place(act_from(data)) == places.place(act)
