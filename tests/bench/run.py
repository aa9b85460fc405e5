"""`make bench`: measures this server by itself, prints a table of medians, and keeps it in `bench-results/`.

    python tests/bench/run.py --quick                       # a look, in about two minutes
    python tests/bench/run.py --only reads,posting --reps 5
    python tests/bench/run.py --against ../shared/bench     # by a harness that measures any server

What the figures mean stands in docs/performance.md.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Run as a script, this folder would hide modules of the same names, and `tests` would not be found.
sys.path[0] = str(ROOT)

from tests.bench import (  # noqa: E402
    federating,
    figures,
    finding,
    growth,
    harness,
    history,
    listening,
    scenarios,
    uploading,
)
from tests.bench.instance import Instance  # noqa: E402
from tests.bench.seeding import Town, populate, seed  # noqa: E402

GROUPS = ("start", "reads", "posting", "ingest", "fanout", "growth", "search", "streams", "upload")
RESULTS = ROOT / "bench-results"


def main(words: Sequence[str] | None = None) -> int:
    # Not FEDCOOP_…: the server refuses settings that it does not know.
    harness_folder = os.environ.get("BENCH_HARNESS")
    args, more = _parser(harness_folder).parse_known_args(words)
    if not Path("/proc/self/stat").exists():
        print("CPU and memory are read from /proc, which this system does not have.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="fedcoop-bench-") as work:
        if args.against:
            return harness.run(args.against, Path(work), [*_for_harness(args), *more])
        if more:
            _parser(None).error(f"unknown: {' '.join(more)}")
        report = figures.begun(
            {
                name: getattr(args, name)
                for name in ("quick", "only", "reps", "seconds", "people", "followers")
            }
        )
        _measure(args, Path(work), report)
    print(report.table())
    report.write(args.json or RESULTS / f"{report.when.replace(':', '')}.json")
    if history.draw(figures.read_all(RESULTS), RESULTS / "history.svg"):
        print(f"{RESULTS / 'history.svg'} shows all runs.", file=sys.stderr)
    return 0


def _for_harness(args: argparse.Namespace) -> list[str]:
    """Those of our options that every harness has."""
    reps = ["--reps", str(args.reps)] if args.reps else []
    return reps + (["--secs", f"{args.seconds:.0f}"] if args.seconds else [])


def _parser(harness_folder: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure fedcoop.", allow_abbrev=False)
    parser.add_argument("--quick", action="store_true", help="less of everything: a look, no figures to keep")
    parser.add_argument(
        "--only", type=_groups, default=",".join(GROUPS), metavar="LIST", help=f"of {', '.join(GROUPS)}"
    )
    parser.add_argument("--reps", type=int, default=None, help="repetitions of each figure (3)")
    parser.add_argument("--seconds", type=float, default=None, help="length of one read or posting run (6)")
    parser.add_argument("--people", type=int, default=None, help="local accounts that post (50)")
    parser.add_argument("--followers", type=int, default=200, help="servers that one post goes out to (200)")
    parser.add_argument("--json", type=Path, help="where to write the figures instead of bench-results/")
    parser.add_argument(
        "--against",
        type=Path,
        default=harness_folder,
        metavar="FOLDER",
        help="run the harness in this folder instead; other options go to it (or set BENCH_HARNESS)",
    )
    return parser


def _groups(text: str) -> str:
    strange = set(text.split(",")) - set(GROUPS)
    if strange:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(sorted(strange))}")
    return text


def _measure(args: argparse.Namespace, work: Path, report: figures.Report) -> None:
    only = set(args.only.split(","))
    reps = args.reps or (1 if args.quick else 3)
    seconds = args.seconds or (2 if args.quick else 6)
    if only - {"growth", "search", "streams"}:
        server = Instance(work / "data")
        try:
            print("Making accounts and tokens …", file=sys.stderr, flush=True)
            town = populate(server, args.people or (8 if args.quick else 50))
            _over_http(args, town, report, only, reps, seconds)
        finally:
            server.stop()
    if "growth" in only:
        print("Filling two databases, one with 200,000 statuses …", file=sys.stderr, flush=True)
        many = growth.MANY // 10 if args.quick else growth.MANY
        asyncio.run(growth.measure(report, work, reps=reps, seconds=seconds, many=many))
    if "search" in only:
        print("Filling databases with 200,000 statuses to search …", file=sys.stderr, flush=True)
        many = finding.MANY // 10 if args.quick else finding.MANY
        asyncio.run(finding.measure(report, work, many=many))
    if "streams" in only:
        print("Opening streams …", file=sys.stderr, flush=True)
        listeners, idle = (100, 500) if args.quick else (1000, 5000)
        asyncio.run(listening.measure(report, work, reps=reps, listeners=listeners, idle=idle))


def _over_http(
    args: argparse.Namespace, town: Town, report: figures.Report, only: set[str], reps: int, seconds: float
) -> None:
    server = town.server
    for _ in range(reps if "start" in only else 0):
        scenarios.start(town, report)
        server.stop()
    server.started()
    print("Seeding …", file=sys.stderr, flush=True)
    seed(town, 25 if args.quick else 40)
    if "reads" in only:
        scenarios.warm_up(town)
    for _ in range(reps):
        if "reads" in only:
            scenarios.reads(town, report, seconds)
        if "posting" in only:
            scenarios.posting(town, report, seconds)
        if "upload" in only:
            uploading.upload(town, report)
    if only & {"ingest", "fanout"}:
        elsewhere = federating.Elsewhere(town, args.followers if "fanout" in only else 0)
        try:
            _federating(elsewhere, report, only, reps, 200 if args.quick else 400)
        finally:
            elsewhere.stop()
    server.settle()
    report.add("memory after load", rss_mib=server.resident())


def _federating(
    elsewhere: federating.Elsewhere, report: figures.Report, only: set[str], reps: int, count: int
) -> None:
    if "ingest" in only:
        federating.befriend(elsewhere)
        for number in range(reps):
            federating.ingest(elsewhere, report, count, f"ingest{number}")
    if "fanout" in only:
        federating.gain_followers(elsewhere, report)
        for number in range(reps):
            federating.fan_out(elsewhere, report, f"fanout{number}")


if __name__ == "__main__":
    sys.exit(main())
