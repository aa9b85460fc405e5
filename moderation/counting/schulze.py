"""Condorcet by Schulze's method: every two options are compared, and whoever cannot be beaten along the strongest
paths wins. Markus Schulze, Social Choice and Welfare 36 (2011), with the winning votes as a link's strength.
Where several cannot be beaten they tie, and that is shown, not guessed."""

from collections.abc import Sequence

from .types import Count, Stage, listed, nothing

ENGINE = "schulze/1"


def schulze(ballots: Sequence[Sequence[Sequence[int]]], names: Sequence[str]) -> Count:
    """Count rankings, best first, in which options may stand side by side. What is not ranked stands below
    all that is."""
    size = len(names)
    if not any(ballots):
        return nothing(ENGINE, size)
    pairs = compared(ballots, size)
    paths = strongest(pairs)
    beats = [[paths[a][b] > paths[b][a] for b in range(size)] for a in range(size)]
    unbeaten = [a for a in range(size) if not any(beats[b][a] for b in range(size))]
    winners, tied = (unbeaten, []) if len(unbeaten) == 1 else ([], unbeaten)
    totals: list[str | None] = [str(sum(row)) for row in beats]
    stages = [
        Stage(title="Every two compared", words=_duels(pairs, names), totals=_wins(pairs)),
        Stage(
            title="The strongest paths",
            words=[
                "A path leads from one option to another by way of duels that were won. It is as strong as the"
                " weakest of them, counted in voters; the strongest path between two options counts.",
                *_paths(paths, names),
            ],
            totals=totals,
        ),
    ]
    if winners:
        said = f"No path to “{names[winners[0]]}” is stronger than the one back: it wins."
    else:
        said = (
            f"{listed([names[option] for option in tied])} cannot be beaten: they tie, and the vote does not"
        )
        said += " decide between them."
    order = sorted(range(size), key=lambda option: (-sum(beats[option]), option))
    ranks = ", ".join(f"“{names[option]}” beats {sum(beats[option])}" for option in order)
    words = [said, f"Along their strongest paths {ranks}."]
    stages.append(Stage(title="Result", words=words, totals=totals, elected=winners))
    return Count(engine=ENGINE, winners=winners, tied=tied, stages=stages, pairs=pairs, paths=paths)


def compared(ballots: Sequence[Sequence[Sequence[int]]], size: int) -> list[list[int]]:
    """How many prefer a to b, for each a and b."""
    pairs = [[0] * size for _ in range(size)]
    for ballot in ballots:
        below = set(range(size))
        for rank in ballot:
            below.difference_update(rank)
            for a in rank:
                row = pairs[a]
                for b in below:
                    row[b] += 1
    return pairs


def strongest(pairs: Sequence[Sequence[int]]) -> list[list[int]]:
    """The strength of the strongest path from each option to each other one, 0 without any."""
    size = len(pairs)
    paths = [[pairs[a][b] if pairs[a][b] > pairs[b][a] else 0 for b in range(size)] for a in range(size)]
    for by in range(size):
        for a in range(size):
            if a != by:
                first, row, via = paths[a][by], paths[a], paths[by]
                for b in range(size):
                    if b not in (a, by):
                        row[b] = max(row[b], min(first, via[b]))
    return paths


def _wins(pairs: list[list[int]]) -> list[str | None]:
    size = len(pairs)
    return [str(sum(pairs[a][b] > pairs[b][a] for b in range(size))) for a in range(size)]


def _duels(pairs: list[list[int]], names: Sequence[str]) -> list[str]:
    said = []
    for a in range(len(names)):
        for b in range(a + 1, len(names)):
            first, second = (a, b) if pairs[a][b] >= pairs[b][a] else (b, a)
            most, fewer = pairs[first][second], pairs[second][first]
            how = f"{most} to {fewer}"
            said.append(
                f"“{names[first]}” and “{names[second]}” are even, {how}."
                if most == fewer
                else f"“{names[first]}” beats “{names[second]}”, {how}."
            )
    return said


def _paths(paths: list[list[int]], names: Sequence[str]) -> list[str]:
    return [
        f"From “{names[a]}” to “{names[b]}”: {paths[a][b]}; back: {paths[b][a]}."
        for a in range(len(names))
        for b in range(a + 1, len(names))
    ]
