"""`make fuzz`: damaged input for as long as one likes, each time other than before.

    python -m tests.fuzz --seconds 3600            # every target in turn
    python -m tests.fuzz --only html --seed 4711   # one input again
    python -m tests.fuzz --only parsing --atheris  # the chance from atheris, where it is installed

A finding is an exception that the code is not meant to raise, more than a second of CPU for one input, or
memory that grows without end. Findings are written into `fuzz-findings/`.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import resource
import sys
import tempfile
import time
import traceback
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from tests.fuzz import targets
from tests.fuzz.targets import Target

FINDINGS = Path("fuzz-findings")
SLOW = 1.0
"""Seconds of CPU for one input."""
TURN = 10.0
"""Seconds that one target has before the next."""
GROWTH = 200
"""MiB by which memory may grow after the first turn of every target."""
MOST_MEMORY = 4 * 2**30
"""Bytes of address space; what wants more fails with a MemoryError, and is found."""
NAMES = (*targets.PURE, "inbox")


def memory() -> float:
    """Resident memory of this process, MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Run:
    """What was tried and found."""

    def __init__(self) -> None:
        self.tried: dict[str, int] = {}
        self.found: dict[str, str] = {}
        self.slowest: dict[str, float] = {}

    async def one(self, name: str, target: Target, seed: int) -> None:
        """Try one input."""
        began = time.process_time()
        trouble = ""
        try:
            await target(Random(seed))
        except Exception as problem:
            last = traceback.extract_tb(problem.__traceback__)[-1]
            trouble = f"{type(problem).__name__} at {last.filename}:{last.lineno}"
            self._keep(name, seed, trouble, traceback.format_exc())
        took = time.process_time() - began
        self.tried[name] = self.tried.get(name, 0) + 1
        self.slowest[name] = max(took, self.slowest.get(name, 0))
        if took > SLOW and not trouble:
            self._keep(name, seed, f"{name} slow", f"{took:.2f} s of CPU")

    def _keep(self, name: str, seed: int, trouble: str, details: str) -> None:
        """Write a finding down, once for each place."""
        if trouble in self.found:
            return
        self.found[trouble] = f"--only {name} --seed {seed}"
        FINDINGS.mkdir(exist_ok=True)
        (FINDINGS / f"{name}-{seed}.txt").write_text(f"{self.found[trouble]}\n{trouble}\n\n{details}")
        print(f"FOUND    {trouble}: python -m tests.fuzz {self.found[trouble]}", flush=True)

    def say(self) -> None:
        counts = "  ".join(
            f"{name} {count:,} ({self.slowest[name] * 1000:.0f} ms)" for name, count in self.tried.items()
        )
        print(f"{time.strftime('%H:%M:%S')} {memory():5.0f} MiB  {counts}", flush=True)


async def run(names: list[str], seconds: float, seed: int | None) -> Run:
    """Try the targets in turn until the time is over, or one seed alone."""
    told = Run()
    number = int(time.time()) * 1_000_000 if seed is None else seed
    began, settled = time.monotonic(), 0.0
    while seed is not None or time.monotonic() - began < seconds:
        for name in names:
            async with AsyncExitStack() as stack:
                target = targets.PURE.get(name)
                if target is None:
                    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="fedcoop-fuzz-"))
                    target = await stack.enter_async_context(targets.inbox(Path(folder)))
                turn = time.monotonic()
                while seed is not None or time.monotonic() - turn < min(TURN, seconds):
                    await told.one(name, target, number)
                    if seed is not None:
                        break
                    number += 1
            told.say()
        if seed is not None:
            break
        gc.collect()
        settled = settled or memory()
        if memory() - settled > GROWTH:
            told.found["memory"] = f"grew from {settled:.0f} to {memory():.0f} MiB"
            break
    return told


def guided(name: str) -> None:
    """Let atheris choose the bytes that chance is made of. Ends at the first finding."""
    import atheris

    with atheris.instrument_imports(include=["activitypub", "fedcoop"]):
        from tests.fuzz import targets as instrumented
    loop = asyncio.new_event_loop()

    def one(data: bytes) -> None:
        loop.run_until_complete(instrumented.PURE[name](Random(data)))

    atheris.Setup([sys.argv[0]], one)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--atheris", action="store_true")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    if args.atheris:
        guided(args.only or "parsing")
        return 0
    told = asyncio.run(run([args.only] if args.only else list(NAMES), args.seconds, args.seed))
    for trouble, how in told.found.items():
        print(f"finding  {trouble}: {how}")
    print(f"{sum(told.tried.values()):,} inputs, {len(told.found)} findings")
    return 1 if told.found else 0


if __name__ == "__main__":
    sys.exit(main())
