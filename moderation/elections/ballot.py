"""What an election asks, without clock or database: the ballot made of those who stand, and who comes next when
somebody does not accept. Counting is `moderation.choosing`."""

from collections.abc import Collection, Sequence

import msgspec

from moderation import choosing
from moderation.acts.types import GrantMandate
from moderation.questions.answers import ABSTAIN, FIELDS, approvals, ranking, scores
from moderation.questions.types import Option, Question

from .types import NOBODY


def asking(question: Question, names: Sequence[str], seats: int) -> Question:
    """The question with everybody who stands, each with the act that gives them the office, and nobody last."""
    options = (*(Option(name, acts=(at,)) for at, name in enumerate(names)), Option(NOBODY))
    return msgspec.structs.replace(question, options=options, seats=min(seats, len(names)))


def grants(names: Sequence[str], office: str, term: str) -> list[GrantMandate]:
    """What is carried out for each who is elected and accepts."""
    return [GrantMandate(account=name, office=office, term=term) for name in names]


def next_in_count(
    question: Question, answers: Sequence[str], seed: str, *, out: Collection[int], asked: Collection[int]
) -> int | None:
    """Who gets the seat that somebody did not accept: the ballots are counted again as if those in `out` had not
    stood, and the first who wins then and was not `asked` yet is next. None where that is nobody."""
    left = [option for option in range(len(question.options)) if option not in out]
    nobody = len(question.options) - 1
    if len(left) < 2:
        return None
    place = {option: at for at, option in enumerate(left)}
    smaller = msgspec.structs.replace(
        question,
        options=tuple(question.options[option] for option in left),
        seats=min(question.seats, len(left) - 1),
    )
    count = choosing.choose(smaller, [_without(question, answer, place) for answer in answers], seed)
    winners = [left[option] for option in count.winners]
    return next((option for option in winners if option != nobody and option not in asked), None)


def _without(question: Question, answer: str, place: dict[int, int]) -> str:
    """An answer as if only those had stood who have a `place`."""
    if answer == ABSTAIN:
        return ABSTAIN
    match FIELDS[question.kind]:
        case "approvals":
            kept = ",".join(str(place[option] + 1) for option in approvals(answer) if option in place)
        case "ranking":
            ranks = [[place[option] for option in tied if option in place] for tied in ranking(answer)]
            kept = ">".join("=".join(str(option + 1) for option in tied) for tied in ranks if tied)
        case _:
            given = {place[option]: points for option, points in scores(answer).items() if option in place}
            kept = ",".join(f"{option + 1}={points}" for option, points in given.items())
    return kept or ABSTAIN
