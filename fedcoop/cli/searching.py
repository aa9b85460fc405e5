"""What is found: `search index` keeps the words of what was stored before there was a search."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fedcoop.config import Config

if TYPE_CHECKING:
    from fedcoop.cli import Words


def add_commands(words: Words) -> None:
    group = words.group("search", "what members find by words")
    parser = group.command(
        "index",
        index,
        "make what is stored already found; it can be stopped and started again, while serving",
    )
    parser.add_argument("--anew", action="store_true", help="forget all words first, and keep them again")


async def index(config: Config, args: argparse.Namespace) -> int:
    from fedcoop.accounts import finding
    from fedcoop.db import opened
    from fedcoop.ids import LARGEST
    from fedcoop.search import actions, queries

    async with opened(config) as db:
        if args.anew:
            async with db.write() as tx:
                await actions.forget_all(tx)
        below, more = LARGEST, True
        while more:
            async with db.write() as tx:
                count, below = await finding.index_unkept(tx, below)
            more = count > 0
        async with db.scan() as tx:
            rows = await tx.all(queries.COUNT)
        total, done = rows[0]
        below, more = LARGEST, True
        while more:
            async with db.write() as tx:
                count, below = await actions.index_unkept(tx, below)
            more = count > 0
            done += count
            if done % 10_000 < count:
                print(f"  {done:,} of {total:,} statuses", flush=True)
        if db.dialect == "postgresql":
            async with db.write() as tx:
                await tx.all(queries.ANALYSE)
    print(f"{done:,} statuses can be found by their words.")
    return 0
