"""What the server says to all members, for whoever runs the machine."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fedcoop import clock
from fedcoop.config import Config
from fedcoop.db import opened
from fedcoop.errors import Invalid, NotFound
from fedcoop.ids import parse_id

if TYPE_CHECKING:
    from fedcoop.cli import Words

NEWEST = 200
TIME = "2026-05-01 or 2026-05-01T18:00, in UTC"


def add_commands(words: Words) -> None:
    announcement = words.group("announcement", "say something to all members")
    parser = announcement.command("create", create, "show this to all members in their apps")
    parser.add_argument("text", metavar="TEXT")
    parser.add_argument("--starts", metavar="TIME", help=f"when what is announced begins: {TIME}")
    parser.add_argument("--ends", metavar="TIME", help="when it ends; it is not shown any longer")
    parser.add_argument("--all-day", action="store_true", help="only the days of these times matter")
    announcement.command("list", list_, "list the announcements, also those that are over")
    parser = announcement.command("delete", delete, "show an announcement no more")
    parser.add_argument("id", metavar="ID")


async def create(config: Config, args: argparse.Namespace) -> int:
    from fedcoop import announcements

    async with opened(config) as db, db.write() as tx:
        made = await announcements.announce(
            tx,
            config,
            args.text,
            starts_at=_time(args.starts),
            ends_at=_time(args.ends),
            all_day=args.all_day,
            because="admin:command line",
        )
    print(f"{made.id}: shown to all members{' until ' + clock.iso(made.ends_at) if made.ends_at else ''}.")
    return 0


async def list_(config: Config, args: argparse.Namespace) -> int:
    from fedcoop.announcements import access

    async with opened(config) as db, db.scan() as tx:
        found = await access.everything(tx, NEWEST)
    for each in found:
        over = each.ends_at is not None and each.ends_at <= clock.now()
        print(f"{each.id}  {clock.day(each.published_at)}  {'(over) ' if over else ''}{each.text[:100]}")
    if not found:
        print("Nothing is announced.")
    return 0


async def delete(config: Config, args: argparse.Namespace) -> int:
    from fedcoop import announcements

    async with opened(config) as db, db.write() as tx:
        try:
            await announcements.withdraw(tx, parse_id(args.id))
        except NotFound:
            raise Invalid(f"There is no announcement {args.id}.") from None
    print("It is not shown any more.")
    return 0


def _time(text: str | None) -> int | None:
    """Raises `Invalid` for what is no time."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"“{text[:50]}” is no time; write {TIME}.") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * clock.SECOND)
