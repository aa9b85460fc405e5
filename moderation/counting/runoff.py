"""Instant run-off: one seat, ranked ballots. Whoever has the fewest votes goes out, and their ballots go to the
next in order, until somebody has more than half of the votes that still count. Ties are broken as in `stv`."""

from collections import Counter
from collections.abc import Sequence

from .stv import decide_tie
from .types import Count, Flow, Lot, Stage, nothing, votes

ENGINE = "instant-runoff/1"


def instant_runoff(ballots: Sequence[Sequence[int]], names: Sequence[str], lot: Lot) -> Count:
    """Count rankings, best first; what is not ranked comes to nobody. Raises nothing: without votes nobody
    wins."""
    papers = Counter(tuple(ballot) for ballot in ballots if ballot)
    if not papers:
        return nothing(ENGINE, len(names))
    continuing = list(range(len(names)))
    stages: list[Stage] = []
    history: list[dict[int, int]] = []
    out, why = -1, ""
    while True:
        held = dict.fromkeys(continuing, 0)
        flows: Counter[int | None] = Counter()
        for ranking, number in papers.items():
            at = next((option for option in ranking if option in held), None)
            if at is not None:
                held[at] += number
            if _held_by(ranking, out, continuing):
                flows[at] += number
        counted = sum(held.values())
        leader = max(continuing, key=lambda option: held[option])
        won = 2 * held[leader] > counted or len(continuing) == 1
        said = _moved(flows, out, names) if stages else []
        said += [f"{votes(counted)} count, so more than {counted // 2} win."]
        said += [why] if why else []
        if won:
            said.append(f"“{names[leader]}” has {votes(held[leader])} and wins.")
        stages.append(
            Stage(
                title="First preferences" if out < 0 else f"“{names[out]}” goes out",
                words=said,
                totals=[str(held[option]) if option in held else None for option in range(len(names))],
                elected=[leader] if won else [],
                excluded=[] if out < 0 else [out],
                flows=[Flow(out, to, str(number)) for to, number in sorted(flows.items(), key=_nobody_last)],
                aside=str(papers.total() - counted),
            )
        )
        if won:
            return Count(engine=ENGINE, winners=[leader], stages=stages)
        history.append(held)
        fewest = min(held.values())
        lowest = [option for option in continuing if held[option] == fewest]
        out, why = decide_tie(lowest, history, names, lot, least=True)
        continuing.remove(out)


def _held_by(ranking: tuple[int, ...], out: int, continuing: list[int]) -> bool:
    """Whether a ballot stood with the one who has just gone out."""
    return next((option for option in ranking if option == out or option in continuing), None) == out


def _moved(flows: Counter[int | None], out: int, names: Sequence[str]) -> list[str]:
    if not flows:
        return [f"“{names[out]}” had the fewest votes, none, and is out."]
    moved = [
        f"{number} to “{names[to]}”"
        for to, number in sorted(flows.items(), key=_nobody_last)
        if to is not None
    ]
    said = f"“{names[out]}” had the fewest votes and is out; their {votes(flows.total())} move on"
    said += f": {', '.join(moved)}." if moved else "."
    return [said, f"{votes(flows[None])} name nobody further."] if flows[None] else [said]


def _nobody_last(flow: tuple[int | None, int]) -> tuple[bool, int]:
    return flow[0] is None, flow[0] or 0
