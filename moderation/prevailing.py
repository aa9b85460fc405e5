"""Which of several competing proposals that passed prevails, without clock or database: `competing` asks it, and
`ledger.replay_rivals` again."""

from collections.abc import Mapping


def prevailing(passed: Mapping[str, Mapping[str, int]]) -> str | None:
    """The one with which most agree; of equals the one with the fewest against it; None where that is equal too:
    ties are shown, never guessed. `passed` has the counts of each."""

    def support(name: str) -> tuple[int, int]:
        counts = passed[name]
        return counts["agree"], -counts["disagree"] - counts["block"]

    best = max(map(support, passed), default=None)
    found = [name for name in passed if support(name) == best]
    return found[0] if len(found) == 1 else None
