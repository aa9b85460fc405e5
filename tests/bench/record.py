"""`make bench-ledger`: the public record at a size that no co-operative has reached yet. It is made from
scratch, put into a folder and a database, and then checked, proven and added to with the functions and
commands that the server uses.

    python tests/bench/record.py --entries 1000000
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import text

ROOT = Path(__file__).resolve().parents[2]
sys.path[0] = str(ROOT)

from fedcoop import clock  # noqa: E402
from fedcoop.db import Database, migrate, statement  # noqa: E402
from moderation import constitution as constitutions  # noqa: E402
from moderation.constitution.force import fingerprint  # noqa: E402
from moderation.constitution.read import to_data  # noqa: E402
from moderation.ledger import actions, merkle, queries, serve, tiles  # noqa: E402
from moderation.ledger.entries import Entry, commitment, encode  # noqa: E402
from moderation.ledger.notes import Checkpoint, Signer  # noqa: E402
from moderation.tally import ENGINE, Electorate, Vote, tally  # noqa: E402
from tests.keys import VAULT  # noqa: E402

VOTERS = 200
SIGNER = Signer("coop.example/ledger", bytes(range(32)))
BEGAN = 1_700_000_000_000
WEEK = 6 * clock.DAY


def entries(number: int) -> Iterator[bytes]:
    """A record of `number` entries that holds: one vote of 200 voters after another, each counted rightly."""
    rules = constitutions.load("social-coop")
    kind = "policy"
    rule = rules.rule_for(kind)
    now = BEGAN
    index = -1

    def entry(
        type_: str,
        body: dict[str, Any],
        refs: tuple[int, ...] = (),
        actor: str = "server",
        commit: str | None = None,
    ) -> bytes:
        nonlocal index
        index += 1
        return encode(Entry(type_, clock.iso(now), actor, refs, body, commit))

    yield entry("log_opened", {"origin": SIGNER.name, "key": SIGNER.verifier.vkey})
    named = {
        "name": rules.name,
        "because": "founding",
        "kinds": dict(rules.kinds),
        "rules": {name: fingerprint(each) for name, each in rules.rules.items()},
    }
    yield entry("constitution", named)
    for _ in range(VOTERS):
        yield entry("member", {"member": secrets.token_hex(8), "standing": "good", "because": "founding"})
    proposal = 0
    while index < number - 1:
        proposal += 1
        name = str(10**17 + proposal)
        body = {
            "proposal": name,
            "number": proposal,
            "kind": kind,
            "title": f"Proposal {proposal}",
            "acts": [],
        }
        yield entry("proposal", body)
        voters = sorted(secrets.token_hex(16) for _ in range(VOTERS))
        leaves = [merkle.leaf_hash(voter.encode()) for voter in voters]
        subtree = merkle.subtree_of(leaves)
        made = index
        electorate = {
            "size": VOTERS,
            "active": VOTERS,
            "root": base64.b64encode(merkle.root(leaves)).decode(),
        }
        body = {
            "proposal": name,
            "kind": kind,
            "rule": to_data(rule),
            "urgent": False,
            "closes_at": clock.iso(now + WEEK),
            "electorate": electorate,
        }
        yield entry("proposal_opened", body, (made, 1))
        opened = index
        votes = []
        for position, voter in enumerate(voters):
            choice = ("agree", "agree", "agree", "abstain", "disagree")[position % 5]
            path = [base64.b64encode(each).decode() for each in merkle.inclusion(position, VOTERS, subtree)]
            body = {"proposal": name, "choice": choice, "number": 1, "position": position, "path": path}
            needs = choice in rule.ballot.reason_for
            yield entry(
                "ballot", body, (opened,), voter, commitment(bytes(32), {"reason": "x"}) if needs else None
            )
            votes.append(Vote(voter, choice, index))
        now += WEEK
        outcome = tally(votes, Electorate(VOTERS, VOTERS), rule)
        body = {
            "proposal": name,
            "engine": ENGINE,
            "counts": outcome.counts,
            "passed": outcome.passed,
            "verdict": outcome.verdict,
            "from": opened + 1,
        }
        yield entry("tally", body, (opened,))


def write(folder: Path, number: int) -> tuple[int, int]:
    """The record as files; its entries and their bytes."""
    leaves: list[bytes] = []
    bundle: list[bytes] = []
    size = 0

    def put(path: str, content: bytes) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)

    for entry in entries(number):
        leaves.append(merkle.leaf_hash(entry))
        bundle.append(entry)
        size += len(entry)
        if len(bundle) == tiles.WIDTH:
            put(tiles.Tile(None, len(leaves) // tiles.WIDTH - 1).path, tiles.pack(bundle))
            bundle.clear()
    if bundle:
        put(tiles.Tile(None, len(leaves) // tiles.WIDTH, len(bundle)).path, tiles.pack(bundle))
    hashes, level = leaves, 0
    while hashes:
        for at in range(0, len(hashes), tiles.WIDTH):
            part = hashes[at : at + tiles.WIDTH]
            put(tiles.Tile(level, at // tiles.WIDTH, len(part)).path, b"".join(part))
        full = range(0, len(hashes) - tiles.WIDTH + 1, tiles.WIDTH)
        hashes, level = [merkle.root(hashes[at : at + tiles.WIDTH]) for at in full], level + 1
    checkpoint = Checkpoint(SIGNER.name, len(leaves), merkle.root(leaves))
    put("checkpoint", SIGNER.sign(checkpoint.text).encode())
    return len(leaves), size


def verify(folder: Path) -> tuple[float, float]:
    """Seconds and MiB that `fedcoop ledger verify FOLDER` takes, in a process of its own."""
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "fedcoop", "ledger", "verify", str(folder)],
        stdout=subprocess.PIPE,
        env={**os.environ, "FEDCOOP_DATA": str(folder / "none")},
    )
    assert child.stdout is not None
    said = child.stdout.read().decode()
    _, code, used = os.wait4(child.pid, 0)
    if code or not said.endswith("Everything fits.\n"):
        raise SystemExit(said[-2000:])
    return time.perf_counter() - began, used.ru_maxrss / 1024


async def load(db: Database, folder: Path, size: int) -> None:
    """The same record in a database, as appending would have left it."""
    async with db.write() as tx:
        await actions.open_log(tx, "coop.example")
    async with db.write() as tx:
        for bundle in tiles.bundles_of(size):
            rows = [
                {
                    "position": bundle.start + at,
                    "type": "ballot",
                    "time": BEGAN,
                    "entry": entry,
                    "leaf": merkle.leaf_hash(entry),
                }
                for at, entry in enumerate(tiles.unpack((folder / bundle.path).read_bytes()))
            ]
            await tx.many(queries.ADD_ENTRY, rows if bundle.start else rows[1:])
        for tile in tiles.tiles_of(size):
            if tile.level:
                hashes = tiles.hashes_in((folder / tile.path).read_bytes())
                rows = [
                    {"level": tile.level, "position": tile.start + at, "hash": each}
                    for at, each in enumerate(hashes)
                ]
                await tx.many(queries.ADD_HASH, rows)
        await tx.execute(statement(text("UPDATE ledger SET size = :size")), size=size)
    async with db.write() as tx:
        await actions.sign(tx)


async def prove(db: Database, size: int, times: int = 200) -> list[float]:
    """Milliseconds for each of `times` proofs of entries all over the record."""
    taken = []
    for number in range(times):
        async with db.read() as tx:
            began = time.perf_counter()
            await serve.proof(tx, number * (size // times))
            taken.append((time.perf_counter() - began) * 1000)
    return taken


async def append(db: Database, seconds: float) -> tuple[float, list[float]]:
    """Entries a second, each in a durable transaction of its own, while a checkpoint is signed every second;
    and how long each took, in ms."""
    taken: list[float] = []
    began = signed = time.perf_counter()
    while (now := time.perf_counter()) - began < seconds:
        async with db.write(durable=True) as tx:
            await actions.append(tx, "member", body={"member": secrets.token_hex(8), "standing": "good"})
        taken.append((time.perf_counter() - now) * 1000)
        if now - signed >= 1:
            signed = now
            async with db.write(durable=True) as tx:
                await actions.sign(tx)
    return len(taken) / (time.perf_counter() - began), taken


async def measure(number: int, work: Path) -> None:
    began = time.perf_counter()
    size, length = await asyncio.to_thread(write, work / "log", number)
    say(f"made {size:,} entries, {length / 2**20:.0f} MiB, in {time.perf_counter() - began:.0f} s")
    seconds, memory = await asyncio.to_thread(verify, work / "log")
    say(f"| `ledger verify`, {size:,} entries | {seconds:.1f} s, {memory:.0f} MiB |")
    url = f"sqlite:///{work / 'record.sqlite3'}"
    await migrate.upgrade(url)
    db = Database(url, vault=VAULT)
    await db.open()
    try:
        await load(db, work / "log", size)
        proofs = await prove(db, size)
        middle = statistics.median(proofs)
        say(f"| a proof among {size:,} entries, median (worst) | {middle:.2f} ({max(proofs):.2f}) ms |")
        rate, taken = await append(db, 10)
        say(f"| appending, one durable transaction each, signed every second | {rate:.0f} a second |")
        worst = sorted(taken)[len(taken) * 99 // 100]
        say(f"| … an entry, median (99 %) | {statistics.median(taken):.2f} ({worst:.2f}) ms |")
    finally:
        await db.close()


def say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fedcoop-bench-") as work:
        asyncio.run(measure(args.entries, Path(work)))
    say(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
