"""Folding the ledger, entry by entry, into what is in force, and saying where an entry does not follow from
the ones before it. Nothing but the entries is read: whoever has the files can do it. Fetching them is in
`verify`."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fedcoop import clock
from moderation.acts import places
from moderation.acts.types import (
    Act,
    AdmitMember,
    AmendConstitution,
    ExpelMember,
    SuspendAccount,
    act_from,
    to_data,
)
from moderation.constitution import Rule, rule_from
from moderation.constitution.force import fingerprint
from moderation.foreseeing import settled, stands
from moderation.tally import Electorate, Vote, answers_given, is_answer, tally

from . import replay_elections, replay_members, replay_powers, replay_proposals, replay_rivals
from .entries import SYSTEM, Entry
from .fold import Wrong, apply, fold
from .held import Held, Last, Recount
from .merkle import included, leaf_hash
from .notes import NoteError, endorsing, open_note, read_vkey
from .replay_powers import Powers


@dataclass(slots=True)
class Replay:
    """What the entries so far amount to."""

    origin: str = ""
    vkey: str = ""
    """The key in force; `keys` are all that there were, each endorsed by the one before it."""
    keys: list[str] = field(default_factory=list)
    last_time: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    constitution: dict[str, Any] = field(default_factory=dict)
    constitution_index: int = -1
    amended_at: int = -1
    amended_to: Act | None = None
    """The latest act that put another constitution into force, and which."""
    standings: dict[str, str] = field(default_factory=dict)
    member_entries: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Where and when the standing of each member was given last."""
    roll_acts: dict[int, Act] = field(default_factory=dict)
    """Acts about members that no standing has followed yet."""
    by_operator: int = 0
    """How many standings whoever runs the server gave, without a vote."""
    votes: dict[str, Held] = field(default_factory=dict)
    histories: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    """Every standing of each member, with where and when it was given."""
    suspended: set[str] = field(default_factory=set)
    """Accounts that were suspended once, of which the record does not say whether they could vote."""
    delegations: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    """Where each delegation that holds was given and to whom, by who gave it and the kind."""
    state: dict[str, Act] = field(default_factory=dict)
    """What stands in each place that acts change, as acts stand in the ledger."""
    powers: Powers = field(default_factory=Powers)
    recounts: list[Recount] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def feed(self, index: int, entry: Entry) -> None:
        """Take one entry in. What is wrong with it goes to `problems`, and the rest is still read."""
        self.counts[entry.type] = self.counts.get(entry.type, 0) + 1
        try:
            self._in_order(index, entry)
            step = _STEPS.get(entry.type)
            if step is None:
                raise Wrong(f"of the type “{entry.type}”, which this program does not know")
            step(self, index, entry)
        except Wrong as wrong:
            self.problems.append(f"Entry {index} ({entry.type}): {wrong}.")
        except (KeyError, TypeError, ValueError, IndexError) as wrong:
            self.problems.append(f"Entry {index} ({entry.type}) cannot be read: {wrong!r}.")

    def finish(self) -> None:
        """What is missing at the end: acts that should have been carried out with the tally itself, or
        undone."""
        self.problems += self.powers.overdue(self.last_time)
        for name, vote in self.votes.items():
            waits = vote.rule is not None and (vote.rule.after.delay.ms or vote.rule.after.executor)
            waits = waits or replay_rivals.waits(self, vote)
            missing = sum(vote.is_due(act) for act in range(len(vote.acts))) - len(vote.done)
            if vote.passed and missing and not waits:
                self.problems.append(
                    f"Proposal {name} passed, but {missing} of its acts were not carried out."
                )

    def _in_order(self, index: int, entry: Entry) -> None:
        time = clock.parse(entry.time)
        if time < self.last_time:
            raise Wrong("older than the entry before it")
        self.last_time = time
        if any(ref < 0 or ref >= index for ref in entry.refs):
            raise Wrong("rests on an entry that is not before it")
        if (index == 0) != (entry.type == "log_opened"):
            raise Wrong("a log begins with its opening, and only once")

    def _log_opened(self, index: int, entry: Entry) -> None:
        self.origin, self.vkey = entry.body["origin"], entry.body["key"]
        self.keys.append(self.vkey)

    def _key_changed(self, index: int, entry: Entry) -> None:
        key = entry.body["key"]
        try:
            text = open_note(entry.body["endorsement"], read_vkey(self.vkey))
        except NoteError as wrong:
            raise Wrong(f"a new key that the old one does not endorse: {wrong}") from None
        if text != endorsing(self.origin, key):
            raise Wrong("the old key endorses another key than this")
        self.vkey = key
        self.keys.append(key)

    def _noted(self, index: int, entry: Entry) -> None:
        """Nothing follows from it."""

    def _constitution(self, index: int, entry: Entry) -> None:
        now = AmendConstitution(constitution=f"sha256:{entry.body['hash']}")
        if self.constitution and (entry.refs != (self.amended_at,) or self.amended_to != now):
            raise Wrong("a constitution that no act put into force")
        self.constitution, self.constitution_index = entry.body, index
        fold(self.state, entry.type, entry.body, self.last_time)

    def _opened(self, index: int, entry: Entry) -> None:
        vote, body = self.vote(entry), entry.body
        if vote.opened is not None or vote.withdrawn:
            raise Wrong("opens a vote that cannot open any more")
        if entry.refs != (vote.index, self.constitution_index):
            raise Wrong("does not rest on its proposal and the constitution in force")
        rule = rule_from(body["rule"])
        if fingerprint(rule) != self.rule_named(vote.kind):
            raise Wrong(f"the rule is not the constitution's for {vote.kind}")
        if (vote.question.kind if vote.question else "consent") not in rule.ballot.kinds:
            raise Wrong("asks for a ballot that its rule does not allow")
        if wrong := replay_proposals.wrong_gates(vote, rule, body["electorate"]["size"], self.last_time):
            raise Wrong(wrong)
        replay_elections.opens(vote, body)
        replay_rivals.opens(self, body["proposal"], vote, body)
        closes_at = clock.parse(body["closes_at"])
        shortest = rule.window.urgent if body["urgent"] and rule.window.urgent else rule.window.minimum
        if not shortest.ms <= closes_at - self.last_time <= rule.window.maximum.ms:
            raise Wrong("the window is outside what the rule allows")
        vote.opened, vote.rule, vote.closes_at = index, rule, closes_at
        vote.opened_at = self.last_time
        vote.size, vote.active = body["electorate"]["size"], body["electorate"]["active"]
        vote.root = base64.b64decode(body["electorate"]["root"], validate=True)

    def _withdrawn(self, index: int, entry: Entry) -> None:
        vote = self.vote(entry)
        unwanted = vote.race is not None and not vote.race.candidates and entry.actor == SYSTEM
        if vote.tally is not None or (entry.actor != vote.actor and not unwanted):
            raise Wrong("withdraws what is counted already, or somebody else's")
        vote.withdrawn = True
        vote.ballots.clear()

    def _ballot(self, index: int, entry: Entry) -> None:
        vote, body = self.vote(entry), entry.body
        if vote.opened is None or vote.rule is None or vote.tally is not None or vote.withdrawn:
            raise Wrong("a ballot where no vote is open")
        if self.last_time >= vote.closes_at or vote.trust:
            raise Wrong("a ballot after the closing time")
        path = [base64.b64decode(node, validate=True) for node in body["path"]]
        if not included(leaf_hash(entry.actor.encode()), body["position"], vote.size, path, vote.root):
            raise Wrong("a ballot by somebody outside the electorate")
        if not is_answer(body["choice"], vote.rule, vote.question):
            raise Wrong(f"“{body['choice']}” is no option")
        if body["choice"] in vote.rule.ballot.reason_for and entry.commit is None:
            raise Wrong(f"“{body['choice']}” needs a reason and has none")
        before = vote.ballots.get(entry.actor)
        expected = (vote.opened,) if before is None else (vote.opened, before.index)
        if body["number"] != (1 if before is None else before.number + 1) or entry.refs != expected:
            raise Wrong("a ballot out of order: an earlier one by the same voter is missing or moved")
        if before is not None and not vote.rule.ballot.change:
            raise Wrong("a changed ballot where the rule lets none be changed")
        self._turns(index, vote, vote.rule, None if before is None else before.choice, body["choice"])
        vote.ballots[entry.actor] = Last(body["choice"], body["number"], index)

    def _delegated(self, index: int, entry: Entry) -> None:
        vote, body = self.vote(entry), entry.body
        if vote.opened is None or vote.tally is not None or vote.withdrawn or entry.refs != (vote.opened,):
            raise Wrong("a delegated vote where none is being counted")
        path = [base64.b64decode(node, validate=True) for node in body["path"]]
        if not included(leaf_hash(entry.actor.encode()), body["position"], vote.size, path, vote.root):
            raise Wrong("a delegated vote of somebody outside the electorate")
        secret = vote.rule is not None and vote.rule.ballot.secrecy != "open"
        if (secret and entry.actor in vote.ballots) or entry.actor in vote.trust:
            raise Wrong("a delegated vote of somebody who answered, or a second one")
        vote.trust[entry.actor] = body["to"]

    def _turns(self, index: int, vote: Held, rule: Rule, before: str | None, choice: str) -> None:
        """Count along, and see whether a ballot turns the result within the quiet ending."""
        electorate, quiet = Electorate(vote.size, vote.active), rule.window.quiet_ending
        watched = quiet is not None and not vote.quiet and self.last_time >= vote.closes_at - quiet.ms
        stood = watched and stands(rule, vote.question, vote.answers, electorate)
        if before is not None:
            vote.answers[before] -= 1
        vote.answers[choice] = vote.answers.get(choice, 0) + 1
        if watched and stood != stands(rule, vote.question, vote.answers, electorate):
            vote.turned_at = index if self._goes_on(vote, rule) > vote.closes_at else None

    def _goes_on(self, vote: Held, rule: Rule) -> int:
        """Until when a vote that turns now goes on."""
        quiet = rule.window.quiet_ending
        return min(self.last_time + (quiet.ms if quiet else 0), vote.opened_at + rule.window.maximum.ms)

    def _extended(self, index: int, entry: Entry) -> None:
        vote, body = self.vote(entry), entry.body
        if vote.opened is None or vote.rule is None or vote.tally is not None or vote.withdrawn:
            raise Wrong("extends a vote that is not open")
        until = clock.parse(body["closes_at"])
        if self.last_time >= vote.closes_at or until <= vote.closes_at:
            raise Wrong("extends a vote too late, or not at all")
        if until > vote.opened_at + vote.rule.window.maximum.ms:
            raise Wrong("extends a vote beyond what its rule allows")
        if body["because"] == "quiet_ending":
            if vote.turned_at is None or entry.refs != (vote.opened, vote.turned_at):
                raise Wrong("extends a vote that did not turn late")
            if until != self._goes_on(vote, vote.rule):
                raise Wrong("extends a vote by another span than its rule says")
            vote.quiet, vote.turned_at = True, None
        elif entry.actor != vote.actor or entry.refs != (vote.opened,):
            raise Wrong("extends somebody else's vote")
        vote.closes_at = until

    def _raised(self, index: int, entry: Entry) -> None:
        vote, body = self.vote(entry), entry.body
        if vote.opened is None or vote.rule is None or vote.tally is not None or vote.question is not None:
            raise Wrong("raises a vote that cannot be raised")
        rule, until = rule_from(body["rule"]), clock.parse(body["closes_at"])
        larger = self.constitution["rules"].get(vote.rule.raise_to)
        if entry.refs != (vote.opened, self.constitution_index) or fingerprint(rule) != larger:
            raise Wrong("raises a vote to another rule than its own names")
        if not rule.takes_over(vote.rule) or self.standings.get(entry.actor) != "good":
            raise Wrong("raises a vote whose ballots could not stay, or by somebody who may not")
        if until != max(vote.closes_at, self.last_time + rule.open_when_raised) or vote.withdrawn:
            raise Wrong("raises a vote for another time than its rule says")
        vote.rule, vote.closes_at = rule, until

    def _tally(self, index: int, entry: Entry) -> None:
        vote, body = self.vote(entry), entry.body
        if vote.opened is None or vote.rule is None or vote.tally is not None or vote.withdrawn:
            raise Wrong("counts a vote that is not open")
        if entry.refs != (vote.opened,) or body["from"] != vote.opened + 1:
            raise Wrong("does not count from the opening of its vote")
        if vote.turned_at is not None:
            raise Wrong("counts although the result turned late and voting had to go on")
        early = self.last_time < vote.closes_at
        electorate = Electorate(vote.size, vote.active)
        close = vote.rule.window.early_close
        if early and not (close and settled(vote.rule, vote.question, vote.answers, electorate)):
            raise Wrong("counts before the closing time")
        if body.get("early", False) is not early:
            raise Wrong("does not say rightly whether it counts before the closing time")
        vote.tally, vote.tallied_at, vote.passed = index, self.last_time, body["passed"]
        votes = [Vote(voter, last.choice, last.index) for voter, last in vote.ballots.items()]
        outcome = tally(
            votes,
            electorate,
            vote.rule,
            vote.trust,
            question=vote.question,
            seed=base64.b64encode(vote.root).decode(),
        )
        said = (body["engine"], body["counts"], body["passed"], body["verdict"])
        agrees = said == (outcome.engine, outcome.counts, outcome.passed, outcome.verdict)
        agrees = agrees and [option - 1 for option in body.get("winners", [])] == outcome.winners
        left_out = replay_members.wrong_delegations(self, vote, body.get("overridden", 0))
        name = body["proposal"]
        self.recounts.append(Recount(name, vote.number, vote.title, outcome.verdict, index, agrees))
        vote.passed, vote.won = body["passed"] and outcome.passed, outcome.winners
        vote.counts = outcome.counts
        if vote.race is not None:
            given = answers_given(votes, electorate, vote.rule, vote.trust, question=vote.question)
            replay_elections.counted(vote, vote.race, given)
        vote.ballots.clear()
        if left_out:
            raise Wrong(left_out)
        if not agrees:
            raise Wrong(f"says “{body['verdict']}”, but its ballots give “{outcome.verdict}”")

    def _act(self, index: int, entry: Entry) -> None:
        name, position = entry.body["proposal"], entry.body["position"]
        vote = self.votes.get(name)
        act = act_from(entry.body["act"])
        try:
            if vote is None or not vote.passed or vote.rule is None or entry.refs != (vote.tally,):
                raise Wrong("an act without a passed proposal")
            if position in vote.done or not vote.is_due(position) or vote.acts[position] != entry.body["act"]:
                raise Wrong("not the act that was voted on, or carried out twice")
            vote.done.add(position)
            if wrong := replay_rivals.wrong_act(self, vote):
                raise Wrong(wrong)
            if self.last_time < vote.tallied_at + vote.rule.after.delay.ms:
                raise Wrong("carried out before its time")
            if vote.race is None and (wrong := replay_powers.wrong_executor(vote.rule, entry, self.state)):
                raise Wrong(wrong)
            if entry.body["inverse"] != self.inverse(act):
                raise Wrong("it found another state than the one that this record leads to")
        finally:
            self.apply(index, act)
            self.powers.decided(act)
            self.powers.done[name, position] = (index, entry.body["inverse"], self.last_time)

    def apply(self, index: int, act: Act) -> None:
        """Take in what an act changes."""
        apply(self.state, act, self.last_time)
        if isinstance(act, AmendConstitution):
            self.amended_at, self.amended_to = index, act
        if isinstance(act, AdmitMember | ExpelMember):
            self.roll_acts[index] = act
        if isinstance(act, SuspendAccount):
            self.suspended.add(act.account)

    def rule_named(self, kind: str) -> str:
        """The fingerprint of the rule that the constitution has for a kind now."""
        return str(self.constitution["rules"][self.constitution["kinds"][kind]])

    def inverse(self, act: Act) -> dict[str, Any] | None:
        """What would undo an act now."""
        place = places.place(act)
        before = None if place is None else self.state.get(place)
        undo = places.inverse(act, before)
        return None if undo is None else to_data(undo)

    def vote(self, entry: Entry) -> Held:
        """The vote that an entry is about. Raises Wrong."""
        vote = self.votes.get(entry.body["proposal"])
        if vote is None:
            raise Wrong("about a proposal that is not in the record")
        return vote


_STEPS: dict[str, Callable[[Replay, int, Entry], None]] = {
    "log_opened": Replay._log_opened,
    "constitution": Replay._constitution,
    "member": replay_members.member,
    "proposal": replay_proposals.made,
    "proposal_amended": replay_proposals.amended,
    "endorsement": replay_proposals.endorsed,
    "candidacy": replay_elections.candidacy,
    "election_answer": replay_elections.answer,
    "proposal_opened": Replay._opened,
    "proposal_withdrawn": Replay._withdrawn,
    "vote_extended": Replay._extended,
    "proposal_raised": Replay._raised,
    "rivals_decided": replay_rivals.decided,
    "delegation": replay_members.delegation,
    "delegated": Replay._delegated,
    "ballot": Replay._ballot,
    "tally": Replay._tally,
    "act": Replay._act,
    "act_expired": replay_powers.act_expired,
    "power": replay_powers.power,
    "power_expired": replay_powers.power_expired,
    "office": replay_powers.office,
    "mandate_ended": replay_powers.mandate_ended,
    "drift": Replay._noted,
    "key_changed": Replay._key_changed,
    "words_erased": Replay._noted,
}
