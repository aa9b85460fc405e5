"""The single transferable vote by Meek's method: whoever is elected keeps just as large a part of every ballot
as makes up the quota, and the rest goes on. Hill, Wichmann and Woodall, Algorithm 123, The Computer Journal 30
(1987), with nine decimals. The legal count by hand is `stv`."""

from collections import Counter
from collections.abc import Mapping, Sequence

from .stv import decide_tie
from .types import Count, Lot, Stage, listed, nothing

ENGINE = "stv-meek/1"
ONE = 10**9
"""A vote in the smallest parts that are reckoned with."""
SMALL = 1000
"""A surplus so small that it is not shared any further: a millionth of a vote."""


class _Counting:
    def __init__(self, papers: Mapping[tuple[int, ...], int], names: Sequence[str], seats: int, lot: Lot):
        self.papers, self.names, self.seats, self.lot = papers, names, seats, lot
        self.keep = [ONE] * len(names)
        self.held = [0] * len(names)
        self.hopeful = list(range(len(names)))
        self.elected: list[int] = []
        self.quota = self.aside = 0
        self.history: list[dict[int, int]] = []
        self.stages: list[Stage] = []

    def run(self) -> Count:
        title, why, out = "First preferences", "", -1
        while True:
            new = self._settle()
            if len(self.elected) + len(self.hopeful) <= self.seats:
                new += self._elect_rest()
            self._after(title, why, out, new)
            if len(self.elected) >= self.seats or not self.hopeful:
                return Count(engine=ENGINE, winners=self.elected, stages=self.stages, quota=shown(self.quota))
            if new and self._surplus() >= SMALL:
                title, why, out = "Surpluses are shared", "", -1
                continue
            out, why = self._out()
            title = f"“{self.names[out]}” goes out"
            self.hopeful.remove(out)
            self.keep[out] = 0

    def _settle(self) -> list[int]:
        """Share until somebody is newly elected, or there is no surplus worth sharing."""
        before = None
        while True:
            self._distribute()
            surplus = self._surplus()
            reached = [option for option in self.hopeful if self.held[option] >= self.quota]
            if reached:
                reached.sort(key=lambda option: (-self.held[option], option))
                reached = reached[: self.seats - len(self.elected)]
                for option in reached:
                    self.hopeful.remove(option)
                    self.elected.append(option)
                return reached
            if surplus < SMALL or (before is not None and surplus >= before):
                return []
            before = surplus
            self._lower_keeps()

    def _distribute(self) -> None:
        self.held = [0] * len(self.names)
        left_over = 0
        for ranking, number in self.papers.items():
            weight = ONE
            for option in ranking:
                keep = self.keep[option]
                if keep:
                    kept = -(-weight * keep // ONE)
                    self.held[option] += kept * number
                    weight -= kept
                    if weight <= 0:
                        break
            left_over += weight * number
        self.aside = left_over
        self.quota = sum(self.held) // (self.seats + 1) + 1

    def _lower_keeps(self) -> None:
        for option in self.elected:
            kept = -(-self.keep[option] * self.quota // ONE)
            self.keep[option] = -(-kept * ONE // self.held[option])

    def _surplus(self) -> int:
        return sum(max(0, self.held[option] - self.quota) for option in self.elected)

    def _elect_rest(self) -> list[int]:
        rest = sorted(self.hopeful, key=lambda option: (-self.held[option], option))
        self.elected += rest
        self.hopeful = []
        return rest

    def _out(self) -> tuple[int, str]:
        fewest = min(self.held[option] for option in self.hopeful) + self._surplus()
        lowest = [option for option in self.hopeful if self.held[option] <= fewest]
        return decide_tie(lowest, self.history, self.names, self.lot, least=True)

    def _after(self, title: str, why: str, out: int, new: list[int]) -> None:
        said = [why] if why else []
        if out >= 0:
            said.append(f"“{self.names[out]}” has the fewest votes and is out; their ballots go on in full.")
        said.append(f"{shown(sum(self.held))} votes count, so the quota is {shown(self.quota)}.")
        if new:
            said.append(f"{listed([self.names[option] for option in new])} elected.")
        keeps = [
            f"“{self.names[option]}” keeps {shown(self.keep[option])}"
            for option in self.elected
            if self.keep[option] < ONE
        ]
        if keeps:
            said.append(f"Of each vote that reaches them, {', '.join(keeps)}; the rest goes on.")
        self.history.append(dict(enumerate(self.held)))
        self.stages.append(
            Stage(
                title=title,
                words=said,
                totals=[
                    decimals(held) if self.keep[option] else None for option, held in enumerate(self.held)
                ],
                elected=new,
                excluded=[] if out < 0 else [out],
                aside=decimals(self.aside),
            )
        )


def meek(ballots: Sequence[Sequence[int]], names: Sequence[str], seats: int, lot: Lot) -> Count:
    """Count rankings, best first, for several seats. Without votes nobody is elected."""
    papers = Counter(tuple(ballot) for ballot in ballots if ballot)
    if not papers:
        return nothing(ENGINE, len(names))
    return _Counting(papers, names, seats, lot).run()


def decimals(value: int) -> str:
    """Billionths of a vote as a decimal number, with six places, cut."""
    return f"{value // ONE}.{value % ONE // 1000:06}"


def shown(value: int) -> str:
    """The same without zeros at the end, for sentences."""
    return decimals(value).rstrip("0").rstrip(".")
