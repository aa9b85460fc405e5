"""What every method gives back: who won, and how it came to that, in stages. `moderation.questions.types` says
what is asked, `choose` which method counts it."""

from collections.abc import Collection
from hashlib import sha256

import msgspec


class Flow(msgspec.Struct, frozen=True):
    """Votes that went from one option to another, or, where `to` is None, to nobody any more. `amount` is a
    decimal number."""

    source: int
    to: int | None
    amount: str


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a count. `words` say in whole sentences what happened; `totals` are what each option holds
    after it, as decimal numbers, None for one that is out; `aside` what nobody holds any more."""

    title: str
    words: list[str]
    totals: list[str | None]
    elected: list[int] = []
    excluded: list[int] = []
    flows: list[Flow] = []
    aside: str = "0"


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """A count. Options are places in the list of options, from 0. `winners` stand in the order in which they
    won; `tied` are those between whom this method does not decide. `pairs[a][b]` are the voters who prefer a
    to b, `paths[a][b]` the strength of the strongest path from a to b, where the method compares pairs."""

    engine: str
    winners: list[int]
    tied: list[int] = []
    stages: list[Stage]
    quota: str = ""
    spent: int = 0
    pairs: list[list[int]] = []
    paths: list[list[int]] = []


class Lot:
    """The lots that a method's rules may ask for, drawn so that everybody can draw them again: of the options
    that tie, the one whose SHA-256 of seed, stage and place is smallest."""

    def __init__(self, seed: str) -> None:
        self.seed = seed

    def order(self, option: int, stage: int = 0) -> str:
        """By what options are sorted where lots decide."""
        return sha256(f"{self.seed}\n{stage}\n{option}".encode()).hexdigest()

    def draw(self, among: Collection[int], stage: int) -> int:
        """One of those that tie at a stage."""
        return min(among, key=lambda option: self.order(option, stage))


NOBODY = "Nobody voted for any of the options."
DRAWN = "where the rules draw lots, the smallest hash decides, and everybody can compute it again"


def nothing(engine: str, options: int) -> Count:
    """The count of no votes: nobody wins."""
    stage = Stage(title="No votes", words=[NOBODY], totals=["0"] * options, aside="0")
    return Count(engine=engine, winners=[], stages=[stage])


def listed(names: list[str]) -> str:
    """Names in a sentence: “A”, “B” and “C”."""
    quoted = [f"“{name}”" for name in names]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1] if quoted else ""]))


def votes(number: int | str, word: str = "vote") -> str:
    """“1 vote”, “2 votes”."""
    return f"{number} {word}{'' if str(number) == '1' else 's'}"
