"""What members decided, as the command line shows it. The record of it is looked after in `ledger`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fedcoop import clock
from fedcoop.config import Config
from fedcoop.db import opened

if TYPE_CHECKING:
    from fedcoop.cli import Words

NEWEST = 200


def add_commands(words: Words) -> None:
    proposal = words.group("proposal", "look at proposals")
    parser = proposal.command("list", list_, "list proposals, newest first")
    parser.add_argument("--state", metavar="STATE", help="only those in this state (open, passed, …)")


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
