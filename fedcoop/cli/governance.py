"""What members decided, as the command line shows it: `proposal list`, `ledger verify`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import msgspec

from fedcoop import clock
from fedcoop.config import Config
from fedcoop.db import opened
from fedcoop.errors import Invalid

if TYPE_CHECKING:
    from fedcoop.cli import Words
    from moderation.ledger.verify import Report

NEWEST = 200
LARGEST_FILE = 4 * 1024 * 1024


def add_commands(words: Words) -> None:
    proposal = words.group("proposal", "look at proposals")
    parser = proposal.command("list", list_, "list proposals, newest first")
    parser.add_argument("--state", metavar="STATE", help="only those in this state (open, passed, …)")

    ledger = words.group("ledger", "check the public record")
    parser = ledger.command(
        "verify", verify, "check signatures, proofs, counts and acts of this server's ledger, or of another's"
    )
    parser.add_argument("url", nargs="?", metavar="URL", help="another server, such as https://coop.example")
    parser.add_argument("--key", metavar="VKEY", help="the log's public key, if its operator has told you")


async def list_(config: Config, args: argparse.Namespace) -> int:
    from moderation.proposals import access

    async with opened(config) as db, db.scan() as tx:
        page = await access.newest(tx, state=args.state, limit=NEWEST)
    for proposal in page:
        closes = clock.day(proposal.closes_at) if proposal.closes_at else "-"
        print(f"{proposal.number:5}  {proposal.state:11} closes {closes:10}  {proposal.title}")
    if not page:
        print("There are no proposals." if not args.state else f"No proposal is {args.state}.")
    return 0


async def verify(config: Config, args: argparse.Namespace) -> int:
    """Exit code 1 when anything is wrong."""
    report = await (_verify_remote(config, args.url, args.key) if args.url else _verify_own(config, args.key))
    _say(report)
    return 0 if report.sound else 1


async def _verify_own(config: Config, key: str | None) -> Report:
    """Beside what strangers can check: whether the database still is as the record says."""
    from moderation import reconcile
    from moderation.ledger import serve
    from moderation.ledger.verify import verify as check

    async with opened(config) as db, db.scan() as tx:

        async def get(path: str) -> bytes:
            return await serve.file(tx, path)

        report = await check(get, vkey=key)
        drift = await reconcile.drift(tx, report)
    return msgspec.structs.replace(report, problems=report.problems + drift)


async def _verify_remote(config: Config, url: str, key: str | None) -> Report:
    from activitypub.errors import FetchError
    from activitypub.federation import new_client
    from moderation.ledger.verify import verify as check

    client = new_client(config)
    await client.start()

    async def get(path: str) -> bytes:
        address = f"{url.rstrip('/')}/ledger/{path}"
        return (await client.get(address, accept="*/*", limit=LARGEST_FILE)).body

    try:
        return await check(get, vkey=key)
    except FetchError as problem:
        hint = (
            "" if config.allow_private_peers else " (plain http and private addresses: allow_private_peers)"
        )
        raise Invalid(f"{url} could not be read: {problem}{hint}") from None
    finally:
        await client.close()


def _say(report: Report) -> None:
    print(f"ledger   {report.origin}: {report.size} entries, root {report.root}")
    print(f"key      {report.vkey} ({report.key_source})")
    for kind, count in sorted(report.entries.items()):
        print(f"         {count:6} {kind}")
    for recount in report.recounts:
        mark = "✓" if recount.agrees else "✗"
        print(f"vote     {mark} proposal {recount.number} “{recount.title}”: {recount.verdict}")
    for domain, severity in sorted(report.restrictions.items()):
        print(f"act      {severity}_domain {domain}")
    for problem in report.problems:
        print(f"PROBLEM  {problem}")
    print(
        "Everything fits." if report.sound else f"{len(report.problems)} problems: do not trust this record."
    )
