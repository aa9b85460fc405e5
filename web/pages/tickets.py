"""A proposal as a ticket: what the list of decisions and the proposal's own page both show of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fedcoop import clock
from web.pages import charts, wording

if TYPE_CHECKING:
    from moderation.proposals.types import ProposalEntity

AHEAD = ("draft", "discussion")
WORDS = "resolve"
"""An act that is words: when it passes there is nothing that the server would do."""


class Option(msgspec.Struct, frozen=True):
    """One answer of a ballot. `votes` is 0 while results are hidden."""

    key: str
    label: str
    votes: int
    hint: str


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """Times are milliseconds since the epoch. `can_vote` says that this visitor has not answered yet and may;
    `cast` is None while the rule hides results."""

    id: str
    number: int
    url: str
    title: str
    state: str
    state_word: str
    kind: str
    kind_word: str
    urgent: str
    opens_at: int | None
    closes_at: int | None
    decided_at: int | None
    options: list[Option]
    cast: int | None
    electorate_size: int
    my_choice: str
    can_vote: bool
    verdict: str
    created_at: int
    body_html: str
    endorsements: int
    endorsements_needed: int

    @property
    def counts_visible(self) -> bool:
        return self.cast is not None and self.state not in AHEAD


def does_something(proposal: ProposalEntity) -> bool:
    """Whether the server would change something by itself."""
    return any(act.type != WORDS for act in proposal.acts)


def ticket(proposal: ProposalEntity, verdict: str = "") -> Ticket:
    """`verdict` is what to say while there is none."""
    counts = proposal.counts
    # Words that passed are not carried out by anybody: they hold.
    enacted = proposal.state == "enacted" and not does_something(proposal)
    return Ticket(
        id=proposal.id,
        number=proposal.number,
        url=f"/coop/{proposal.number}",
        title=proposal.title,
        state=proposal.state,
        state_word=wording.STATES["passed" if enacted else proposal.state],
        kind=proposal.kind,
        kind_word=wording.kind_label(proposal.kind),
        urgent=proposal.urgent,
        opens_at=_ms(proposal.opens_at),
        closes_at=_ms(proposal.closes_at),
        decided_at=_ms(proposal.closed_at),
        options=_options(proposal),
        cast=counts["cast"] if counts else None,
        electorate_size=proposal.electorate_size or 0,
        my_choice=(proposal.my_ballot.words or proposal.my_ballot.choice) if proposal.my_ballot else "",
        can_vote=proposal.may_vote and proposal.my_ballot is None,
        verdict=proposal.verdict or verdict,
        created_at=clock.parse(proposal.created_at),
        body_html=proposal.html,
        endorsements=proposal.endorsements,
        endorsements_needed=proposal.endorsements_needed,
    )


def _options(proposal: ProposalEntity) -> list[Option]:
    if proposal.question is not None:
        return [
            Option(f"tone-{charts.tone(at)}", choice.title, choice.support or 0, "")
            for at, choice in enumerate(proposal.choices)
        ]
    counts = proposal.counts or {}
    return [Option(key, key, counts.get(key, 0), wording.ANSWERS.get(key, "")) for key in proposal.options]


def _ms(moment: str | None) -> int | None:
    return None if moment is None else clock.parse(moment)
