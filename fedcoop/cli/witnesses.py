"""Witnesses of the public record on the command line: who signs for us, and for whom we sign. What they do is
`moderation.witness`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from fedcoop import clock
from fedcoop.cli.asking import asking
from fedcoop.config import Config
from fedcoop.db import opened
from fedcoop.errors import Invalid, NotFound

if TYPE_CHECKING:
    from fedcoop.cli import Words


def add_commands(ledger: Words) -> None:
    parser = ledger.command("witness", witness, "have another server sign our checkpoints")
    parser.add_argument(
        "url", metavar="URL", help="the server, or the address of any tlog-witness with --key"
    )
    parser.add_argument("--key", metavar="VKEY", help="the witness's key; without it the server is asked")
    parser = ledger.command("dismiss", dismiss, "have a witness sign no more")
    parser.add_argument("name", metavar="NAME")
    parser = ledger.command("watch", watch, "sign checkpoints of another server's ledger as its witness")
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--key", metavar="VKEY", help="the log's key; without it the server is asked")
    parser = ledger.command("unwatch", unwatch, "sign checkpoints of a log no more")
    parser.add_argument("origin", metavar="ORIGIN")
    ledger.command("witnesses", list_, "who signs for us and for whom we sign, and how that goes")


async def witness(config: Config, args: argparse.Namespace) -> int:
    from moderation.witness import asking as asked

    url, vkey = args.url.rstrip("/"), args.key
    if vkey is None:
        about = await _about(config, url)
        url, vkey = about.url, about.witness
    with _readable(vkey):
        async with opened(config) as db, db.write() as tx:
            added = await asked.add(tx, vkey, url)
    print(f"{added.name} is asked to sign from now on. Its key: {added.vkey}")
    print(f"Its admin has to agree, with: fedcoop ledger watch {config.base_url}")
    return 0


async def dismiss(config: Config, args: argparse.Namespace) -> int:
    from moderation.witness import asking as asked

    async with opened(config) as db, db.write() as tx:
        await asked.remove(tx, args.name)
    print(f"{args.name} is asked no more. What it signed stays.")
    return 0


async def watch(config: Config, args: argparse.Namespace) -> int:
    from moderation.witness import cosigning

    vkey = args.key or (await _about(config, args.url.rstrip("/"))).log
    with _readable(vkey):
        async with opened(config) as db, db.write() as tx:
            log = await cosigning.watch(tx, vkey)
    print(f"Checkpoints of {log.origin} are signed from now on, as long as each continues the one before it.")
    print(f"Its key: {log.vkey}")
    return 0


async def unwatch(config: Config, args: argparse.Namespace) -> int:
    from moderation.witness import cosigning

    async with opened(config) as db, db.write() as tx:
        await cosigning.unwatch(tx, args.origin)
    print(f"{args.origin} is witnessed no more.")
    return 0


async def list_(config: Config, args: argparse.Namespace) -> int:
    """Exit code 1 where a log that we witness has signed two histories."""
    from moderation.witness import queries

    async with opened(config) as db, db.read() as tx:
        asked = await tx.all(queries.WITNESSES)
        watched = await tx.all(queries.LOGS)
    for each in asked:
        state = (
            f"last signed {clock.iso(each.cosigned_at)[:19]}" if each.cosigned_at else "has not signed yet"
        )
        print(
            f"signs for us    {each.name}: {state}" + (f"; fails: {each.failure}" if each.failed_at else "")
        )
    for log in watched:
        seen = f"{log.size} entries, seen {clock.iso(log.seen_at)[:19]}" if log.seen_at else "not seen yet"
        print(f"we sign for     {log.origin}: {seen}")
        if log.fork:
            print(
                f"FORK            {log.origin} has signed two histories. Both checkpoints:\n{log.note}\n{log.fork}"
            )
    if not asked and not watched:
        print("Nobody signs our checkpoints, and we sign nobody's. Begin with: fedcoop ledger witness URL")
    return 1 if any(log.fork for log in watched) else 0


@contextmanager
def _readable(vkey: str) -> Iterator[None]:
    """Raises `Invalid` with the key where what is done with it finds that it is none."""
    from moderation.ledger.notes import NoteError

    try:
        yield
    except NoteError as problem:
        raise Invalid(f"{vkey}: {problem}") from None


class _About(msgspec.Struct):
    log: str
    witness: str
    url: str


async def _about(config: Config, url: str) -> _About:
    """What a fedcoop server says about its keys."""
    async with asking(config, url) as client:
        found = await client.get(f"{url}/api/fedcoop/v1/witness", accept="application/json")
    try:
        return msgspec.json.decode(found.body, type=_About)
    except msgspec.DecodeError:
        raise NotFound(f"{url} does not say which keys it has; name it with --key.") from None
