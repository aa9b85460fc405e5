"""Relays from the command line: which there are, and proposing to join or to leave one. Everybody's public posts
go to a relay, so members decide about it; whoever looks after the machine can only ask them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fedcoop import clock
from fedcoop.config import Config
from fedcoop.db import opened
from fedcoop.errors import Invalid
from fedcoop.relays import access
from fedcoop.relays.types import Relay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fedcoop.cli import Words


def add_commands(federation: Words) -> None:
    """Below `fedcoop federation`."""
    relay = federation.group("relay", "show relays, and propose to members to join or to leave one")
    relay.command("list", listed, "show each relay, what it has answered, and what was decided")
    parser = relay.command("add", add, "propose to belong to a relay; it is asked once members have agreed")
    parser.add_argument("url", metavar="URL", help="its inbox (…/inbox), or its actor")
    parser = relay.command("remove", remove, "propose to belong to a relay no more")
    parser.add_argument("url", metavar="URL")


async def listed(config: Config, args: argparse.Namespace) -> int:
    async with opened(config) as db, db.read() as tx:
        found = await access.listed(tx)
    show(found)
    return 0


async def add(config: Config, args: argparse.Namespace) -> int:
    return await _propose(config, args.url, joined=True)


async def remove(config: Config, args: argparse.Namespace) -> int:
    async with opened(config) as db, db.read() as tx:
        known = [relay.url for relay in await access.listed(tx)]
    if args.url not in known:
        raise Invalid(f"This server does not belong to the relay {args.url}.")
    return await _propose(config, args.url, joined=False)


def show(relays: Sequence[Relay]) -> None:
    """Print relays, one a line."""
    for relay in relays:
        since = clock.iso(relay.since)[:19]
        print(f"relay {relay.state:9} {relay.url}  {since}  {relay.because}  {relay.problem}".rstrip())
    if not relays:
        print("This server belongs to no relay.")


async def _propose(config: Config, url: str, *, joined: bool) -> int:
    from moderation.relaying import propose

    async with opened(config) as db, db.write(durable=True) as tx:
        number = await propose(tx, url, joined=joined, config=config)
    print(f"Proposal {number} asks members; nothing changes before they have decided.")
    return 0
