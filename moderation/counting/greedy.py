"""Spending a budget on what most want: projects in the order of their approvals, each one that still fits. Its
fairer counterpart is `shares`."""

from collections.abc import Collection, Sequence

from .types import Count, Lot, Stage, nothing, votes

ENGINE = "greedy/1"


def greedy(
    ballots: Sequence[Collection[int]], names: Sequence[str], costs: Sequence[int], budget: int, lot: Lot
) -> Count:
    """Which projects are paid, from the voters' approvals. Costs and budget are whole numbers of the same money;
    equally wanted ones come by lot."""
    supporters: list[list[int]] = [[] for _ in costs]
    for voter, ballot in enumerate(ballots):
        for project in ballot:
            supporters[project].append(voter)
    if not any(supporters):
        return nothing(ENGINE, len(names))
    totals: list[str | None] = [str(len(each)) for each in supporters]
    chosen, left = [], budget
    stages = [Stage(title="Approvals", words=[f"{votes(len(ballots), 'ballot')} counted."], totals=totals)]
    for project in most_wanted(supporters, lot):
        wanted = votes(len(supporters[project]), "approval")
        if fits := 0 < costs[project] <= left:
            chosen.append(project)
            left -= costs[project]
            said = f"With {wanted} it costs {costs[project]}; {left} are left."
        else:
            said = f"With {wanted} it costs {costs[project]}, more than the {left} that are left."
        title = f"“{names[project]}” {'is paid' if fits else 'does not fit'}"
        elected = [project] if fits else []
        stages.append(Stage(title=title, words=[said], totals=totals, elected=elected))
    return Count(engine=ENGINE, winners=chosen, stages=stages, spent=budget - left)


def most_wanted(supporters: Sequence[Collection[int]], lot: Lot) -> list[int]:
    """Projects that somebody wants, most wanted first."""
    wanted = [project for project, each in enumerate(supporters) if each]
    return sorted(wanted, key=lambda project: (-len(supporters[project]), lot.order(project)))


def fill(order: Sequence[int], costs: Sequence[int], left: int, chosen: Collection[int]) -> list[int]:
    """Which of those in `order` that are not `chosen` are paid with what is left, each that still fits."""
    added = []
    for project in order:
        if project not in chosen and 0 < costs[project] <= left:
            added.append(project)
            left -= costs[project]
    return added
