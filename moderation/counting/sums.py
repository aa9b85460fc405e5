"""Methods that add up: approval, where each mark is one, and score and dots, where voters give points. The most
win. A tie for the last seat is shown and never guessed: whoever ties has not won."""

from collections.abc import Collection, Mapping, Sequence

from .types import Count, Stage, listed, nothing, votes

APPROVAL, SCORE = "approval/1", "score/1"


def approval(ballots: Sequence[Collection[int]], names: Sequence[str], seats: int = 1) -> Count:
    """The `seats` options that most voters approve of."""
    marked = [dict.fromkeys(ballot, 1) for ballot in ballots]
    return _most(marked, names, seats, APPROVAL, "approval")


def score(ballots: Sequence[Mapping[int, int]], names: Sequence[str], seats: int = 1) -> Count:
    """The `seats` options with the most points. What a voter did not score has none from them."""
    return _most(ballots, names, seats, SCORE, "point")


def _most(
    ballots: Sequence[Mapping[int, int]], names: Sequence[str], seats: int, engine: str, unit: str
) -> Count:
    sums = [0] * len(names)
    for ballot in ballots:
        for option, points in ballot.items():
            sums[option] += points
    if not any(sums):
        return nothing(engine, len(names))
    totals: list[str | None] = [str(each) for each in sums]
    ordered = sorted((option for option in range(len(names)) if sums[option]), key=lambda o: (-sums[o], o))
    last = sums[ordered[min(seats, len(ordered)) - 1]]
    winners = [option for option in ordered if sums[option] > last]
    at_last = [option for option in ordered if sums[option] == last]
    tied = at_last if len(winners) + len(at_last) > seats else []
    winners += [] if tied else at_last
    added = [f"{votes(len(ballots), 'ballot')} counted."]
    added += [f"“{names[option]}” has {votes(sums[option], unit)}." for option in ordered]
    stages = [Stage(title="Adding up", words=added, totals=totals)]
    said = [f"{votes(seats, 'seat')} to fill: the most {unit}s win."]
    if winners:
        said.append(f"{listed([names[option] for option in winners])} won.")
    if tied:
        left = votes(seats - len(winners), "seat")
        said.append(
            f"{listed([names[option] for option in tied])} tie with {votes(last, unit)} each for {left}:"
            " the vote does not decide between them."
        )
    stages.append(Stage(title="Result", words=said, totals=totals, elected=winners))
    return Count(engine=engine, winners=winners, tied=tied, stages=stages)
