"""Whether a proposal came to its vote as its rule asks: who made it, who endorsed it, how long it could be
discussed. The server's side of it is `moderation.proposals.gates`, the vote itself `replay`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.acts.types import act_from
from moderation.constitution import Rule
from moderation.constitution.force import fingerprint
from moderation.questions.types import question_from

from . import replay_rivals
from .entries import SYSTEM, Entry
from .fold import Wrong
from .held import Held, Race

if TYPE_CHECKING:
    from .replay import Replay

PROPOSING = ("good", "probation")


def made(replay: Replay, index: int, entry: Entry) -> None:
    """A proposal is made."""
    body, actor = entry.body, entry.actor
    if body["proposal"] in replay.votes:
        raise Wrong("a proposal that is there already")
    question = question_from(body["ballot"]) if "ballot" in body else None
    vote = Held(index, actor, body["number"], body["title"], body["kind"], body["acts"], question)
    vote.discussed_since = replay.last_time
    vote.named = replay.rule_named(vote.kind)
    vote.belongs = actor == SYSTEM or replay.standings.get(actor) in PROPOSING
    vote.moderates = actor == SYSTEM or f"mandate:moderator:{actor}" in replay.state
    if "election" in body:
        vote.race = Race(**body["election"])
    replay.votes[body["proposal"]] = vote
    replay_rivals.joins(replay, vote, body["proposal"], entry)


def amended(replay: Replay, index: int, entry: Entry) -> None:
    """The proposer changes it; other acts are another question."""
    vote, body = replay.vote(entry), entry.body
    if vote.opened is not None or vote.withdrawn:
        raise Wrong("amends what is voted on already, or withdrawn")
    if entry.actor != vote.actor or entry.refs != (vote.index,):
        raise Wrong("amends somebody else's proposal, or not its latest version")
    if body["version"] != vote.version + 1:
        raise Wrong("a version out of order")
    question = vote.question
    if "ballot" in body:
        question = None if body["ballot"] is None else question_from(body["ballot"])
        if vote.race is not None:
            raise Wrong("amends the options of an election, which are those who stand")
    if (body["acts"], question) != (vote.acts, vote.question):
        for data in body["acts"]:
            act_from(data)
        vote.endorsers.clear()
        vote.discussed_since = replay.last_time
    vote.index, vote.version, vote.title, vote.acts = index, body["version"], body["title"], body["acts"]
    vote.question = question


def endorsed(replay: Replay, index: int, entry: Entry) -> None:
    """A member says that it deserves a vote."""
    vote, actor = replay.vote(entry), entry.actor
    if vote.opened is not None or vote.withdrawn or entry.refs != (vote.index,):
        raise Wrong("endorses what is no draft, or not its latest version")
    if replay.standings.get(actor, "expelled") == "expelled" or actor in vote.endorsers:
        raise Wrong("an endorsement by somebody who is no member, or a second one")
    vote.endorsers.add(actor)


def wrong_gates(vote: Held, rule: Rule, size: int, now: int) -> str:
    """Why voting could not open yet; empty when it could. Who may propose is asked by the rule of that day."""
    gates = rule.gates
    if now < vote.discussed_since + gates.discussion.ms:
        return "opens a vote before it could be discussed as long as its rule asks"
    if len(vote.endorsers) < gates.endorsements_of(size):
        return "opens a vote that fewer members have endorsed than its rule asks"
    if gates.proposer == "anyone" or vote.named != fingerprint(rule):
        return ""
    if not vote.belongs:
        return "opens a vote on what nobody proposed who may"
    if gates.proposer == "moderators" and not vote.moderates:
        return "opens a vote on what only moderators propose"
    return ""
