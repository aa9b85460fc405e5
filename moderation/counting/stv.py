"""The single transferable vote as Scotland counts it for its councils: weighted inclusive Gregory, to five
decimals. The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52. Its
counterpart for those who would rather have every surplus shared again is `meek`."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from .types import DRAWN, Count, Flow, Lot, Stage, listed, nothing, votes

ENGINE = "stv-scottish/1"
ONE = 100_000
"""A vote, in hundred-thousandths, below which the rules truncate."""


class _Paper:
    """Equal ballots that lie together: their ranking, how many they are, what each is worth now."""

    __slots__ = ("number", "ranking", "value")

    def __init__(self, ranking: tuple[int, ...], number: int, value: int) -> None:
        self.ranking, self.number, self.value = ranking, number, value


class _Counting:
    """The table on which the papers lie while they are counted."""

    def __init__(self, papers: Mapping[tuple[int, ...], int], names: Sequence[str], seats: int, lot: Lot):
        self.names, self.seats, self.lot = names, seats, lot
        self.piles: defaultdict[int, list[_Paper]] = defaultdict(list)
        self.held = [0] * len(names)
        for ranking, number in papers.items():
            self.piles[ranking[0]].append(_Paper(ranking, number, ONE))
            self.held[ranking[0]] += number * ONE
        self.valid = sum(papers.values())
        self.quota = (self.valid // (seats + 1) + 1) * ONE
        self.aside = 0
        self.continuing = list(range(len(names)))
        self.excluded: set[int] = set()
        self.surpluses: list[int] = []
        self.elected: list[int] = []
        self.history: list[dict[int, int]] = []
        self.stages: list[Stage] = []

    def run(self) -> Count:
        self._after("First preferences", [self._about_quota()], [], [])
        while len(self.elected) < self.seats and self.continuing:
            if self.surpluses:
                self._transfer_surplus()
            else:
                self._exclude()
        return Count(engine=ENGINE, winners=self.elected, stages=self.stages, quota=str(self.quota // ONE))

    def _transfer_surplus(self) -> None:
        most = max(self.held[option] for option in self.surpluses)
        largest = [option for option in self.surpluses if self.held[option] == most]
        source, why = decide_tie(largest, self.history, self.names, self.lot, least=False)
        self.surpluses.remove(source)
        held, surplus = self.held[source], self.held[source] - self.quota
        moved: Counter[int | None] = Counter()
        for paper in self.piles.pop(source):
            value = surplus * paper.value // held
            to = self._next(paper.ranking)
            if to is not None:
                moved[to] += value * paper.number
                self.piles[to].append(_Paper(paper.ranking, paper.number, value))
        lost = surplus - sum(moved.values())
        self.held[source] = self.quota
        self.aside += lost
        for to, amount in moved.items():
            self.held[to or 0] += amount
        said = [
            f"“{self.names[source]}” has {shown(surplus)} more than the quota. All their ballots move on, each at"
            f" {shown(surplus)} / {shown(held)} of what it was worth."
        ]
        said += self._said(moved, lost, why)
        self._after(f"The surplus of “{self.names[source]}”", said, [], _flows(source, moved, lost))

    def _exclude(self) -> None:
        fewest = min(self.held[option] for option in self.continuing)
        lowest = [option for option in self.continuing if self.held[option] == fewest]
        source, why = decide_tie(lowest, self.history, self.names, self.lot, least=True)
        self.continuing.remove(source)
        self.excluded.add(source)
        moved: Counter[int | None] = Counter()
        lost = 0
        for paper in self.piles.pop(source, []):
            to = self._next(paper.ranking)
            if to is None:
                lost += paper.value * paper.number
            else:
                moved[to] += paper.value * paper.number
                self.piles[to].append(paper)
        self.held[source] = 0
        self.aside += lost
        for to, amount in moved.items():
            self.held[to or 0] += amount
        said = [
            f"Nobody else has a surplus. “{self.names[source]}” has the fewest votes, {shown(fewest)}, and is out;"
            " their ballots move on at what they are worth."
        ]
        said += self._said(moved, lost, why)
        self._after(f"“{self.names[source]}” goes out", said, [source], _flows(source, moved, lost))

    def _after(self, title: str, said: list[str], excluded: list[int], flows: list[Flow]) -> None:
        """What every stage ends with: who has reached the quota, and whether the last seats are filled."""
        reached = [option for option in self.continuing if self.held[option] >= self.quota]
        reached.sort(key=lambda option: (-self.held[option], option))
        for option in reached:
            said.append(
                f"“{self.names[option]}” has {shown(self.held[option])}, reaches the quota and is elected."
            )
            self._elect(option)
        vacant = self.seats - len(self.elected)
        last: list[int] = []
        if 0 < len(self.continuing) <= vacant:
            last = sorted(self.continuing, key=lambda option: (-self.held[option], option))
            said.append(f"As many are left as there are seats: {listed(self._named(last))} elected.")
            for option in last:
                self._elect(option)
        self.history.append(dict(enumerate(self.held)))
        self.stages.append(
            Stage(
                title=title,
                words=said,
                totals=[
                    None if option in self.excluded and option not in excluded else decimals(held)
                    for option, held in enumerate(self.held)
                ],
                elected=[*reached, *last],
                excluded=excluded,
                flows=flows,
                aside=decimals(self.aside),
            )
        )

    def _elect(self, option: int) -> None:
        self.continuing.remove(option)
        self.elected.append(option)
        if self.held[option] > self.quota:
            self.surpluses.append(option)

    def _next(self, ranking: tuple[int, ...]) -> int | None:
        continuing = self.continuing
        return next((option for option in ranking if option in continuing), None)

    def _named(self, options: Collection[int]) -> list[str]:
        return [self.names[option] for option in options]

    def _about_quota(self) -> str:
        return (
            f"{votes(self.valid, 'valid ballot')} for {votes(self.seats, 'seat')}: the quota is"
            f" {self.valid} / {self.seats + 1}, rounded down, and one more: {self.quota // ONE}."
        )

    def _said(self, moved: Mapping[int | None, int], lost: int, why: str) -> list[str]:
        said = [why] if why else []
        to = [
            f"{shown(amount)} to “{self.names[option or 0]}”"
            for option, amount in sorted(moved.items(), key=str)
        ]
        if to:
            said.append(f"So {', '.join(to)}.")
        if lost:
            said.append(f"{shown(lost)} come to nobody: no further preference, or lost in rounding down.")
        return said


def scottish_stv(ballots: Sequence[Sequence[int]], names: Sequence[str], seats: int, lot: Lot) -> Count:
    """Count rankings, best first, for several seats. Without votes nobody is elected."""
    papers = Counter(tuple(ballot) for ballot in ballots if ballot)
    if not papers:
        return nothing(ENGINE, len(names))
    return _Counting(papers, names, seats, lot).run()


def decide_tie(
    tied: list[int], history: Sequence[Mapping[int, int]], names: Sequence[str], lot: Lot, *, least: bool
) -> tuple[int, str]:
    """Which of those that tie has the least (or the most) by the most recent stage at which they were not all
    equal; by lot where they always were. And a sentence, empty where there was no tie."""
    if len(tied) == 1:
        return tied[0], ""
    left = tied
    for held in reversed(history[:-1]):
        bound = (min if least else max)(held[option] for option in left)
        left = [option for option in left if held[option] == bound]
        if len(left) == 1:
            word = "fewest" if least else "most"
            return left[0], (
                f"{listed([names[option] for option in tied])} tie; “{names[left[0]]}” had the {word} at the"
                " latest stage at which they differed."
            )
    drawn = lot.draw(left, len(history))
    return (
        drawn,
        f"{listed([names[option] for option in left])} tie and always did; {DRAWN}: “{names[drawn]}”.",
    )


def decimals(value: int) -> str:
    """Hundred-thousandths as a decimal number with five places."""
    return f"{value // ONE}.{value % ONE:05}"


def shown(value: int) -> str:
    """The same without zeros at the end, for sentences."""
    return decimals(value).rstrip("0").rstrip(".")


def _flows(source: int, moved: Mapping[int | None, int], lost: int) -> list[Flow]:
    flows = [Flow(source, to, decimals(amount)) for to, amount in sorted(moved.items(), key=str)]
    return [*flows, Flow(source, None, decimals(lost))] if lost else flows
