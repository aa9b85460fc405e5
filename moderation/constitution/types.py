"""The rules for deciding, as plain data: what a constitution file may say. Reading one is in `read`,
saying it in plain words in `words`."""

from typing import Literal

import msgspec

from .durations import NOTHING, Duration
from .grammar import parse
from .predicate import Predicate

KINDS = ("bylaw", "policy", "federation", "moderation", "membership", "role", "budget", "advisory")

Standing = Literal["probation", "good", "paused", "lapsed", "expelled"]
Choice = Literal["agree", "abstain", "disagree", "block"]
Proposer = Literal["members", "moderators", "anyone"]
BallotKind = Literal["consent", "approval", "score", "dots", "ranked", "condorcet", "budget"]
QUORUM_COUNTS = ("cast", "votes", "eligible", "active")
"""What the quorum of a vote on several options may count."""
CHOICES: tuple[Choice, ...] = ("agree", "abstain", "disagree", "block")


class ElectorateRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may vote, decided once, when voting opens. `active` in a rule counts those who posted within
    `active_within` before that. With `mandate` only those vote who hold that office."""

    standings: tuple[Standing, ...] = ("good",)
    member_for: Duration = NOTHING
    paid_up: bool = False
    active_within: Duration = Duration(30 * 86_400_000)
    mandate: str = ""


def _share(share: str) -> Predicate:
    return parse(f"endorsements >= {share} of eligible", names=("endorsements", "eligible"))


class Gates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must have happened before a vote may open."""

    proposer: Proposer = "members"
    endorsements: int = 0
    endorsement_share: str = ""
    discussion: Duration = NOTHING

    def endorsements_of(self, eligible: int) -> int:
        """How many members have to endorse where so many may vote: the number, or the smallest that is at least
        the share."""
        if not self.endorsement_share:
            return self.endorsements
        enough = _share(self.endorsement_share)
        low, high = 0, eligible
        while low < high:
            middle = (low + high) // 2
            if enough.holds({"endorsements": middle, "eligible": eligible}):
                high = middle
            else:
                low = middle + 1
        return max(self.endorsements, low)


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a vote is open. `urgent` is the shorter minimum with a written justification. With
    `early_close` a vote ends as soon as those who have not answered could not turn it: answers given are taken
    to stand, so whoever wants them to be changed until the end leaves it off. With `quiet_ending` a vote that
    turns within this span before its end goes on for that span, once. Rankings and budgets, where each ballot may
    move every option, end early only when everybody has answered, and never quietly."""

    minimum: Duration
    maximum: Duration = Duration(90 * 86_400_000)
    urgent: Duration | None = None
    early_close: bool = False
    quiet_ending: Duration | None = None

    def __post_init__(self) -> None:
        if self.maximum < self.minimum:
            raise ValueError(f"the longest window ({self.maximum}) is under the shortest ({self.minimum})")
        if self.urgent is not None and self.urgent > self.minimum:
            raise ValueError(f"the urgent window ({self.urgent}) is over the ordinary one ({self.minimum})")


class BallotRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be answered, and who sees it when. `kinds` are the ballots that a proposal under this rule may
    ask for: those beside consent choose between several options, by their own methods. `quorum` is what must then
    hold for the result to count."""

    options: tuple[Choice, ...] = ("agree", "abstain", "disagree", "block")
    reason_for: tuple[Choice, ...] = ()
    secrecy: Literal["open", "pseudonymous"] = "open"
    results: Literal["live", "after_voting", "after_closing"] = "live"
    change: bool = True
    kinds: tuple[BallotKind, ...] = ("consent",)
    quorum: str = ""

    def __post_init__(self) -> None:
        if not self.kinds or len(set(self.kinds)) != len(self.kinds):
            raise ValueError("the kinds of ballots must name each kind once, and one at least")
        if self.quorum:
            parse(self.quorum, names=QUORUM_COUNTS)
        if "agree" not in self.options or len(set(self.options)) != len(self.options):
            raise ValueError("the options must include agree and name each option once")
        if stray := set(self.reason_for) - set(self.options):
            raise ValueError(f"a reason is asked for {', '.join(sorted(stray))}, which is no option")


class After(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What follows a passed proposal: after a `delay` the server carries it out, or the holder of the office that
    is the `executor` presses the button; after `review` it is put before the members again, and after `expiry` its
    acts are undone by themselves."""

    delay: Duration = NOTHING
    executor: str = ""
    review: Duration | None = None
    expiry: Duration | None = None


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way of deciding. It is copied into a proposal when voting opens, so that later changes do not
    reach it."""

    window: Window
    passes: str
    says: str = ""
    electorate: ElectorateRule = ElectorateRule()
    gates: Gates = Gates()
    ballot: BallotRule = BallotRule()
    after: After = After()
    raise_to: str = ""

    def __post_init__(self) -> None:
        parse(self.passes)
        if self.gates.endorsement_share:
            _share(self.gates.endorsement_share)

    @property
    def predicate(self) -> Predicate:
        """The parsed `passes`."""
        return parse(self.passes)

    def takes_over(self, smaller: "Rule") -> bool:
        """Whether an open vote under a smaller rule can go on under this one: the same options, asked of the same
        people, and nothing that had to happen before but a discussion, which can be had meanwhile."""
        return (
            self.ballot.options == smaller.ballot.options
            and self.electorate == smaller.electorate
            and not self.gates.endorsements
            and not self.gates.endorsement_share
        )

    @property
    def open_when_raised(self) -> int:
        """How long a vote that is raised to this rule is open from then on at least, in milliseconds: the
        discussion that it would have begun with, and the shortest window."""
        return self.gates.discussion.ms + self.window.minimum.ms


class Power(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a moderator may do alone, and within what time members must ratify it or it expires."""

    ratify_within: Duration | None = None


class Appeals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long somebody may appeal, and how many sit on the panel."""

    within: Duration = Duration(14 * 86_400_000)
    panel: int = 3


class Constitution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules in force: named ways of deciding and, per kind of object, which of them applies. After `probation`
    whoever was admitted on probation is a member in good standing by themselves; without it only by an act.
    `admission` says whether whoever runs the server admits members without a vote, or, once there is a first
    proposal, only a vote does."""

    name: str
    title: str
    summary: str
    rules: dict[str, Rule]
    kinds: dict[str, str]
    moderators: dict[str, Power] = {}
    appeals: Appeals = Appeals()
    roll: Literal["public", "members", "closed"] = "members"
    dues: str = ""
    probation: Duration | None = None
    admission: Literal["operator", "vote"] = "operator"

    def __post_init__(self) -> None:
        if missing := [kind for kind in KINDS if kind not in self.kinds]:
            raise ValueError(f"no rule is named for the kind {', '.join(missing)}")
        if stray := [kind for kind in self.kinds if kind not in KINDS]:
            raise ValueError(f"{', '.join(stray)} is no kind; the kinds are {', '.join(KINDS)}")
        for kind, rule in self.kinds.items():
            if rule not in self.rules:
                raise ValueError(f'the kind {kind} names the rule "{rule}", which is not there')
        for name, each in self.rules.items():
            if each.raise_to and each.raise_to not in self.rules:
                raise ValueError(f'the rule "{name}" is raised to "{each.raise_to}", which is not there')

    def rule_for(self, kind: str) -> Rule:
        """The rule for a kind of object. Raises KeyError for what is no kind."""
        return self.rules[self.kinds[kind]]
