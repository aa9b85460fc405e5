"""What a request costs this version and another commit: `python tests/bench/compare.py COMMIT`.

Both serve the same pages from databases filled alike, and are asked in turns over one connection. CPU time is
the lowest of several rounds, as others' work on the machine only ever adds to it. With `--instructions` valgrind
counts instead: it takes longer and leaves out what the kernel does, but no other work disturbs it. Both run on
this environment's packages.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Run as a script, this folder would hide modules of the same names, and `tests` would not be found.
sys.path[0] = str(ROOT)

from tests.bench import load, machine, scenarios  # noqa: E402
from tests.bench.instance import Instance  # noqa: E402
from tests.bench.seeding import Town, populate, seed  # noqa: E402

PEOPLE, POSTS_EACH = 50, 40
WARM_UP = 60
"""Requests before the first that counts."""

Cost = Callable[[Town, list[str]], float]
"""What the server of a town spent on each of these requests."""


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare what a request costs with another commit.")
    parser.add_argument("commit")
    parser.add_argument("--instructions", action="store_true", help="let valgrind count instead of a clock")
    parser.add_argument("--rounds", type=int, default=9, help="of which the lowest counts (9)")
    parser.add_argument(
        "--requests", type=int, default=1500, help="in each round (1500; a tenth by valgrind)"
    )
    args = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="fedcoop-bench-") as work:
        then, now = Path(work) / "then", Path(work) / "now"
        towns = [_filled(then, _checked_out(args.commit, Path(work))), _filled(now, ROOT)]
        try:
            if args.instructions:
                rows = _compared(towns, counted, 1, max(1, args.requests // 10))
            else:
                rows = _compared(towns, clocked, args.rounds, args.requests)
        finally:
            for town in towns:
                town.server.stop()
    print(f"| {'1,000 instructions' if args.instructions else 'CPU ms'} | {args.commit} | now | ratio |")
    print("|---|---:|---:|---:|")
    for name, (before, after) in rows.items():
        print(f"| {name} | {before:.3f} | {after:.3f} | {after / before:.2f} |")
    return 0


def _checked_out(commit: str, work: Path) -> Path:
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(work / "source", filter="data")
    return work / "source"


def _filled(folder: Path, source: Path) -> Town:
    print(f"Filling a database with {source} …", file=sys.stderr, flush=True)
    town = populate(Instance(folder, source), PEOPLE)
    town.connections = 1
    town.server.started()
    seed(town, POSTS_EACH)
    town.server.settle()
    town.server.stop()
    return town


def _compared(towns: list[Town], cost: Cost, rounds: int, requests: int) -> dict[str, list[float]]:
    """The lowest cost of each kind of request on each server."""
    asked = []
    for town in towns:
        town.server.started(WATCHED if cost is counted else ())
        asked.append(_requests(town))
    rows: dict[str, list[float]] = {}
    for name in asked[0]:
        costs: list[list[float]] = [[], []]
        for number in range(rounds + 1):
            for town, wanted, found in zip(towns, asked, costs, strict=True):
                spent = cost(town, list(islice(cycle(wanted[name]), requests if number else WARM_UP)))
                found += [spent] if number else []
        rows[name] = [min(found) for found in costs]
        print(name, *rows[name], file=sys.stderr, flush=True)
    return rows


def _requests(town: Town) -> dict[str, list[str]]:
    found = {}
    for name, (path, token) in scenarios.paths(town).items():
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        found[name] = [load.raw(town.server, "GET", path, headers)]
    return found | {"posting": scenarios.posts(town)}


def _send(town: Town, requests: list[str]) -> None:
    answered = load.send(town.server, requests, connections=1)
    if answered.refused:
        raise RuntimeError(f"{answered.refused} of these were refused: {requests[0]}")
    if requests[0].startswith("POST"):
        town.server.settle()


def clocked(town: Town, requests: list[str]) -> float:
    """CPU milliseconds, of all threads."""
    before = machine.thread_seconds(town.server.pid)
    _send(town, requests)
    return 1000 * (machine.thread_seconds(town.server.pid) - before) / len(requests)


WATCHED = ("valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=callgrind.out.%p")


def counted(town: Town, requests: list[str]) -> float:
    """Thousands of instructions, outside the kernel."""
    pid = str(town.server.pid)
    subprocess.run(["callgrind_control", "--instr=on", pid], check=True, capture_output=True)
    subprocess.run(["callgrind_control", "--zero", pid], check=True, capture_output=True)
    _send(town, requests)
    subprocess.run(["callgrind_control", "--dump", pid], check=True, capture_output=True)
    (written,) = town.server.folder.glob(f"callgrind.out.{pid}.*")
    total = re.search(r"^(?:summary|totals): (\d+)", written.read_text(), re.MULTILINE)
    written.unlink()
    assert total
    return int(total[1]) / 1000 / len(requests)


if __name__ == "__main__":
    sys.exit(main())
