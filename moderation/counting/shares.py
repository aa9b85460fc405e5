"""Spending a budget by the method of equal shares: the money is divided equally among those who voted, and a
project is paid by those who want it, if they can. Peters, Pierczyński and Skowron, NeurIPS 2021, with the
cost of a project as what its supporters gain. Its plain counterpart is `greedy`.

Money is left over where supporters are too few. So everybody's share is raised by a twentieth as long as what is
chosen still fits the budget, and what then remains goes to the most wanted projects that fit."""

import heapq
from collections.abc import Collection, Sequence
from fractions import Fraction
from math import gcd

import msgspec

from .greedy import fill, most_wanted
from .types import Count, Lot, Stage, nothing, votes

ENGINE = "equal-shares/1"
STEPS = 20
"""A share is raised by this part of itself at a time."""
MOST_STEPS = 10_000


class Bought(msgspec.Struct, frozen=True):
    """A project that its supporters paid, each `price` at most."""

    project: int
    price: Fraction


def equal_shares(
    ballots: Sequence[Collection[int]], names: Sequence[str], costs: Sequence[int], budget: int, lot: Lot
) -> Count:
    """Which projects are paid, from the voters' approvals. Costs and budget are whole numbers of the same
    money; a project of no cost, or dearer than the budget, is left out."""
    supporters = supporters_of(ballots, costs, budget)
    if not any(supporters):
        return nothing(ENGINE, len(names))
    share = Fraction(budget, len(ballots))
    bought, raised = complete(supporters, len(ballots), costs, budget, lot)
    chosen = [each.project for each in bought]
    spent = sum(costs[project] for project in chosen)
    stages = [_divided(ballots, names, supporters, budget, share, share * (STEPS + raised) / STEPS, raised)]
    for each in bought:
        wanted = votes(len(supporters[each.project]), "supporter")
        words = (
            f"“{names[each.project]}” costs {costs[each.project]} and has {wanted}, who pay {money(each.price)} at"
            " most: the lowest price for what it is worth."
        )
        stages.append(_stage(f"“{names[each.project]}” is paid", words, supporters, [each.project]))
    rest = fill(most_wanted(supporters, lot), costs, budget - spent, chosen)
    if rest:
        spent += sum(costs[project] for project in rest)
        added = ", ".join(f"“{names[project]}” for {costs[project]}" for project in rest)
        words = f"What is left goes to the most wanted projects that still fit: {added}."
        stages.append(_stage("The rest is spent", words, supporters, rest))
    words = f"{spent} of {budget} are spent; {budget - spent} are left."
    stages.append(_stage("Result", words, supporters, []))
    return Count(engine=ENGINE, winners=[*chosen, *rest], stages=stages, spent=spent)


def supporters_of(ballots: Sequence[Collection[int]], costs: Sequence[int], budget: int) -> list[list[int]]:
    """The voters of each project that could be paid, by their place among the ballots."""
    supporters: list[list[int]] = [[] for _ in costs]
    for voter, ballot in enumerate(ballots):
        for project in ballot:
            if 0 < costs[project] <= budget:
                supporters[project].append(voter)
    return supporters


def complete(
    supporters: Sequence[list[int]], voters: int, costs: Sequence[int], budget: int, lot: Lot
) -> tuple[list[Bought], int]:
    """What is paid with the largest shares with which it still fits the budget, and by how many steps the
    shares were raised for that."""
    found = buy(supporters, voters, costs, Fraction(budget, voters), lot)
    for raised in range(1, MOST_STEPS):
        left = budget - sum(costs[each.project] for each in found)
        have = {each.project for each in found}
        if not any(
            costs[project] <= left
            for project in range(len(costs))
            if supporters[project] and project not in have
        ):
            return found, raised - 1
        more = buy(supporters, voters, costs, Fraction(budget * (STEPS + raised), voters * STEPS), lot)
        if sum(costs[each.project] for each in more) > budget:
            return found, raised - 1
        found = more
    return found, MOST_STEPS - 1


def buy(
    supporters: Sequence[list[int]], voters: int, costs: Sequence[int], share: Fraction, lot: Lot
) -> list[Bought]:
    """One run with a share for each voter. Balances are whole numbers of 1/`unit`, made finer whenever a price
    is none: exact, and many times faster than fractions."""
    unit = share.denominator
    balance = [share.numerator] * voters
    heap = [
        (Fraction(1, len(each)), -len(each), lot.order(project), project)
        for project, each in enumerate(supporters)
        if each
    ]
    heapq.heapify(heap)
    bought: list[Bought] = []
    while heap:
        _, wanted, order, project = heapq.heappop(heap)
        owed, payers = _price([balance[voter] for voter in supporters[project]], costs[project] * unit)
        if not payers:
            continue  # Balances only fall, so it can never be paid.
        # What it costs its supporters for each unit of money that it is worth: prices only rise, so a project
        # that is still cheapest after reckoning anew is cheapest.
        exact = (Fraction(owed, payers * costs[project] * unit), wanted, order, project)
        if heap and exact > heap[0]:
            heapq.heappush(heap, exact)
            continue
        finer = payers // gcd(owed, payers)
        if finer > 1:
            unit *= finer
            balance = [each * finer for each in balance]
        price = owed * finer // payers
        for voter in supporters[project]:
            balance[voter] = max(0, balance[voter] - price)
        bought.append(Bought(project, Fraction(price, unit)))
    return bought


def _price(balances: list[int], cost: int) -> tuple[int, int]:
    """What those pay equally who are not used up by it, together, and how many they are; (0, 0) when all
    together cannot pay."""
    left = len(balances)
    if min(balances) * left >= cost:
        return cost, left
    for each in sorted(balances):
        if each * left >= cost:
            return cost, left
        cost -= each
        left -= 1
    return 0, 0


def money(value: Fraction) -> str:
    """With two decimals, cut."""
    cents = value.numerator * 100 // value.denominator
    return f"{cents // 100}.{cents % 100:02}" if value.denominator > 1 else str(value.numerator)


def _divided(
    ballots: Sequence[Collection[int]],
    names: Sequence[str],
    supporters: Sequence[list[int]],
    budget: int,
    share: Fraction,
    last: Fraction,
    raised: int,
) -> Stage:
    words = [f"{budget} divided among {votes(len(ballots), 'voter')} is {money(share)} for each."]
    if raised:
        words.append(
            f"That left money over, so each share was raised by twentieths to {money(last)}, the most with which"
            " everything paid still fits the budget."
        )
    dear = [names[project] for project, each in enumerate(supporters) if not each]
    if dear:
        words.append(f"Nobody wants, or the budget cannot pay: {', '.join(dear)}.")
    return Stage(title="Equal shares", words=words, totals=_totals(supporters))


def _stage(title: str, words: str, supporters: Sequence[list[int]], elected: list[int]) -> Stage:
    return Stage(title=title, words=[words], totals=_totals(supporters), elected=elected)


def _totals(supporters: Sequence[list[int]]) -> list[str | None]:
    return [str(len(each)) for each in supporters]
