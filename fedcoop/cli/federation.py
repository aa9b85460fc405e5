"""What passes between us and other servers: what waits, what fails and why, and what to do about it. The page
with the same is `web.pages.admin.federation`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import msgspec

from fedcoop import clock
from fedcoop.cli import blocks, relays
from fedcoop.config import Config
from fedcoop.db import opened
from fedcoop.errors import NotFound
from fedcoop.jobs import dead
from fedcoop.jobs.types import DeadJob, Lane
from fedcoop.relays import access as relay_access

if TYPE_CHECKING:
    from fedcoop.cli import Words

INBOX: Lane = "inbox"


def add_commands(words: Words) -> None:
    federation = words.group("federation", "look after deliveries to other servers")
    federation.command("status", status, "show each server: last success, what waits, what fails and why")
    parser = federation.command(
        "retry", retry, "try everything for a server again now, also what was given up"
    )
    parser.add_argument("host", metavar="HOST")
    parser = federation.command("stop", stop, "give up everything that waits for a server")
    parser.add_argument("host", metavar="HOST")
    parser = federation.command(
        "replay", replay, "show what arrived and could not be processed, or process it again"
    )
    parser.add_argument("id", metavar="ID", nargs="?", type=int, help="one of those that are shown")
    parser.add_argument("--all", action="store_true", help="everything")
    blocks.add_commands(federation)
    relays.add_commands(federation)


async def status(config: Config, args: argparse.Namespace) -> int:
    from activitypub import delivery

    async with opened(config) as db, db.scan() as tx:
        found = await delivery.hosts(tx)
        belonging = await relay_access.listed(tx)
    print(f"{'server':40} {'waiting':>8} {'given up':>9} {'failures':>9}  last success         last error")
    for host in found:
        success = clock.iso(host.last_success_at)[:19] if host.last_success_at else "never"
        counts = f"{host.waiting:8} {host.given_up:9} {host.failures:9}"
        print(f"{host.domain:40} {counts}  {success:20} {host.last_error}".rstrip())
    if belonging:
        print()
        relays.show(belonging)
    return 0


async def retry(config: Config, args: argparse.Namespace) -> int:
    from activitypub import delivery

    async with opened(config) as db, db.write() as tx:
        count = await delivery.retry_host(tx, args.host)
    _say(count, args.host, "tried again")
    return 0


async def stop(config: Config, args: argparse.Namespace) -> int:
    from activitypub import delivery

    async with opened(config) as db, db.write() as tx:
        count = await delivery.stop_host(tx, args.host)
    _say(count, args.host, "given up")
    return 0


async def replay(config: Config, args: argparse.Namespace) -> int:
    async with opened(config) as db, db.write() as tx:
        if args.all:
            print(f"{await dead.revive_all(tx, INBOX)} activities are processed again.")
        elif args.id is not None:
            await dead.revive(tx, args.id)
            print("It is processed again.")
        else:
            found = await dead.dead(tx, INBOX)
            for job in found:
                print(f"{job.id}  {clock.iso(job.died_at)[:19]}  {told(job)}  {job.error[:200]}")
            print(
                f"{len(found)} activities could not be processed." if found else "Everything was processed."
            )
    return 0


def told(job: DeadJob) -> str:
    """What arrived, in a few words: the kind of activity and who sent it."""
    body = msgspec.json.decode(job.body)
    activity = {} if not body.get("body") else msgspec.json.decode(body["body"])
    return f"{activity.get('type', job.kind)} from {body.get('actor_uri') or body.get('uri', '?')}"


def _say(count: int, host: str, what: str) -> None:
    if not count:
        raise NotFound(f"Nothing waits for {host}.")
    print(f"{count} deliveries to {host} are {what}.")
