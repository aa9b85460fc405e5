"""Whether an election follows from what the record says: who stood, that the ballot has exactly those, and that
the seats go to whoever won and accepted, or to the next in the count. Votes as such are in `replay`."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from moderation.acts.types import to_data
from moderation.elections.ballot import asking, grants, next_in_count

from .entries import SYSTEM, Entry
from .fold import Wrong

if TYPE_CHECKING:
    from .held import Held, Race
    from .replay import Replay


def candidacy(replay: Replay, index: int, entry: Entry) -> None:
    """A member stands, or stands no longer."""
    vote = replay.vote(entry)
    race = vote.race
    if race is None or vote.opened is not None or vote.withdrawn:
        raise Wrong("a candidacy where nobody can stand, or not any more")
    before = race.once.get(entry.actor)
    # The first rests on the call as it was then; amendments of its words do not matter to it.
    if before is not None and entry.refs != (before,):
        raise Wrong("a candidacy that does not follow the one before it")
    race.once[entry.actor] = index
    if not entry.body["stands"]:
        if race.candidates.pop(entry.actor, None) is None:
            raise Wrong("somebody stands down who did not stand")
        return
    race.candidates[entry.actor] = index
    if replay.standings.get(entry.actor) != "good":
        raise Wrong("a candidacy of somebody who is no member in good standing")


def opens(vote: Held, body: dict[str, Any]) -> None:
    """Voting opens: those who stand are the options."""
    race = vote.race
    if race is None:
        if "candidates" in body:
            raise Wrong("candidates in a vote that is no election")
        return
    race.ballot = sorted(race.candidates)
    if not race.ballot or body["candidates"] != race.ballot or vote.question is None:
        raise Wrong("the ballot has not exactly those who stand")
    vote.question = asking(vote.question, race.ballot, race.seats)
    vote.acts = [to_data(act) for act in grants(race.ballot, race.office, race.term)]


def counted(vote: Held, race: Race, answers: list[str]) -> None:
    """The votes were counted: those who won are asked."""
    race.answers = answers
    if vote.passed:
        race.asked = {option for option in vote.won if option < len(race.ballot)}


def answer(replay: Replay, index: int, entry: Entry) -> None:
    """Somebody who was elected accepts, or does not, and the next is asked."""
    vote, body = replay.vote(entry), entry.body
    race, option = vote.race, body["option"] - 1
    if race is None or vote.question is None or vote.tally is None or entry.refs != (vote.tally,):
        raise Wrong("an answer to no election that was counted")
    if option not in race.asked or option in race.accepted | race.out:
        raise Wrong("an answer of somebody who was not asked, or a second one")
    own = body["because"] == "own wish"
    if entry.actor != (race.ballot[option] if own else SYSTEM) or (body["accepts"] and not own):
        raise Wrong("an answer by somebody else than who was elected")
    if body["accepts"]:
        race.accepted.add(option)
        return
    race.out.add(option)
    seed = base64.b64encode(vote.root).decode()
    following = next_in_count(vote.question, race.answers, seed, out=race.out, asked=race.asked)
    if following is not None:
        race.asked.add(following)
    if body["next"] != (None if following is None else race.ballot[following]):
        raise Wrong("asks somebody else than the next in the count")
