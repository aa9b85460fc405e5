"""Both lists of servers as files: what is restricted here in Mastodon's CSV, and what another list asks for, which
becomes proposals. Reading a list is `moderation.lists.reading`."""

from __future__ import annotations

import argparse
import csv
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from fedcoop.config import Config
from fedcoop.db import opened
from fedcoop.domains.types import Restriction
from fedcoop.errors import Invalid

if TYPE_CHECKING:
    from fedcoop.cli import Words

HEAD = ("#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate")
LARGEST = 2_000_000


def add_commands(federation: Words) -> None:
    """Below `fedcoop federation`."""
    blocks = federation.group("blocks", "write and read lists of restricted servers, as Mastodon's CSV")
    parser = blocks.command("export", export, "write what is restricted here")
    parser.add_argument("file", metavar="FILE", nargs="?", help="where to; without one it is printed")
    parser = blocks.command(
        "import", import_, "propose to members what a list asks for; nothing is restricted without a vote"
    )
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--title", metavar="TITLE", default="", help="what people call the list")
    parser.add_argument(
        "--preview", action="store_true", help="say what would be proposed, and change nothing"
    )


async def export(config: Config, args: argparse.Namespace) -> int:
    from fedcoop import domains

    async with opened(config) as db, db.read() as tx:
        found = await domains.all_restrictions(tx)
    text = written(found)
    if args.file:
        _write(args.file, text)
        print(f"{len(found)} restrictions are in {args.file}, with the names that are hidden in public.")
    else:
        print(text, end="")
    return 0


async def import_(config: Config, args: argparse.Namespace) -> int:
    from moderation.lists import importing

    text = _read(args.file)
    title = args.title or Path(args.file).name
    async with opened(config) as db:
        async with db.read() as tx:
            found = await importing.wanted(tx, text, config=config)
        if args.preview:
            for each in found:
                print(f"{each.severity:8} {each.domain}  {each.comment}".rstrip())
            print(f"{len(found)} servers would be proposed; nothing was changed.")
            return 0
        async with db.write(durable=True) as tx:
            made = await importing.propose(tx, title, text, config=config)
    servers = f"{len(found)} servers stand in {made} proposal{'s' if made != 1 else ''}"
    print(f"{servers}; members decide about them." if made else "Everything in this list holds here already.")
    return 0


def written(restrictions: list[Restriction]) -> str:
    """A list as Mastodon reads and writes it: `silence` for limited, names in full."""
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(HEAD)
    for each in restrictions:
        severity = "suspend" if each.suspended else "silence"
        flags = [str(flag).lower() for flag in (each.reject_media, each.reject_reports)]
        lines.writerow([each.domain, severity, *flags, each.public_comment, str(each.obfuscate).lower()])
    return out.getvalue()


def _write(file: str, text: str) -> None:
    try:
        Path(file).write_text(text, "utf-8")
    except OSError as problem:
        raise Invalid(f"{file} cannot be written: {problem.strerror}.") from None


def _read(file: str) -> str:
    try:
        if Path(file).stat().st_size > LARGEST:
            raise Invalid(f"{file} has more than {LARGEST} bytes; a list of servers is smaller.")
        return Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise Invalid(f"{file} cannot be read: {problem}.") from None
