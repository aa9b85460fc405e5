"""`make bench-votes`: how long counting takes at sizes that no co-operative has reached yet. The votes are random,
with a fixed seed; what is measured is counting alone, from the kept answers to the result in words."""

from __future__ import annotations

import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Run as a script, this folder would hide modules of the same names.
sys.path[0] = str(ROOT)

from moderation.constitution import Rule, load  # noqa: E402
from moderation.questions.types import Option, Question  # noqa: E402
from moderation.tally import Electorate, Outcome, Vote, tally  # noqa: E402

REPETITIONS = 3
DICE = random.Random(2026)
RULE: Rule = load("social-coop").rule_for("federation")


def cast(answers: Sequence[str]) -> list[Vote]:
    return [Vote(f"{number:064x}", answer, number) for number, answer in enumerate(answers)]


def counting(votes: list[Vote], question: Question | None = None) -> Callable[[], Outcome]:
    electorate = Electorate(len(votes), len(votes), frozenset(vote.voter for vote in votes))
    return lambda: tally(votes, electorate, RULE, question=question, seed="seed")


def consent(voters: int) -> Callable[[], Outcome]:
    answers = DICE.choices(("agree", "abstain", "disagree", "block"), (60, 15, 20, 5), k=voters)
    return counting(cast(answers))


def ranked(voters: int, candidates: int, seats: int, method: str) -> Callable[[], Outcome]:
    options = tuple(Option(f"Candidate {number}") for number in range(1, candidates + 1))
    question = Question(kind="ranked", method=method, options=options, seats=seats)
    answers = [
        ">".join(map(str, DICE.sample(range(1, candidates + 1), DICE.randint(1, candidates))))
        for _ in range(voters)
    ]
    return counting(cast(answers), question)


def pairs(voters: int, candidates: int) -> Callable[[], Outcome]:
    options = tuple(Option(f"Candidate {number}") for number in range(1, candidates + 1))
    question = Question(kind="condorcet", method="schulze", options=options)
    answers = [">".join(map(str, DICE.sample(range(1, candidates + 1), candidates))) for _ in range(voters)]
    return counting(cast(answers), question)


def budget(voters: int, projects: int, method: str) -> Callable[[], Outcome]:
    options = tuple(Option(f"Project {number}", DICE.randint(1_000, 50_000)) for number in range(projects))
    question = Question(kind="budget", method=method, options=options, budget=1_000_000)
    answers = [
        ",".join(map(str, sorted(DICE.sample(range(1, projects + 1), DICE.randint(5, 30)))))
        for _ in range(voters)
    ]
    return counting(cast(answers), question)


CASES: tuple[tuple[str, Callable[[], Callable[[], Outcome]], float], ...] = (
    ("consent, 100,000 ballots", lambda: consent(100_000), 1),
    (
        "Scottish STV, 10,000 ballots, 20 candidates, 5 seats",
        lambda: ranked(10_000, 20, 5, "scottish-stv"),
        5,
    ),
    ("Meek, 10,000 ballots, 20 candidates, 5 seats", lambda: ranked(10_000, 20, 5, "meek"), 10),
    ("instant run-off, 10,000 ballots, 20 candidates", lambda: ranked(10_000, 20, 1, "instant-runoff"), 5),
    ("Schulze, 10,000 ballots, 20 candidates", lambda: pairs(10_000, 20), 5),
    ("equal shares, 10,000 voters, 100 projects", lambda: budget(10_000, 100, "equal-shares"), 10),
    ("greedy, 10,000 voters, 100 projects", lambda: budget(10_000, 100, "greedy"), 5),
)
"""What is counted, and within how many seconds it should be."""


def main() -> int:
    say("| counted | seconds | should be under |")
    say("|---|---|---|")
    slow = False
    for name, made, limit in CASES:
        count = made()
        seconds = statistics.median(timed(count) for _ in range(REPETITIONS))
        slow = slow or seconds > limit
        say(f"| {name} | {seconds:.2f} | {limit:g} |")
    say(f"\nPeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB.")
    return 1 if slow else 0


def timed(count: Callable[[], Outcome]) -> float:
    begun = time.perf_counter()
    count()
    return time.perf_counter() - begun


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
