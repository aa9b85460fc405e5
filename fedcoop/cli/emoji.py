"""Custom emoji, for whoever runs the machine."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from fedcoop.config import Config
from fedcoop.db import Database, opened
from fedcoop.errors import Invalid, NotFound, Problem

if TYPE_CHECKING:
    from fedcoop.cli import Words

PICTURES = (".png", ".gif", ".webp", ".jpg", ".jpeg", ".avif")


def add_commands(words: Words) -> None:
    emoji = words.group("emoji", "make, list and remove custom emoji")
    parser = emoji.command("add", add, "add one emoji, written :NAME: in posts")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("file", metavar="FILE", type=Path, help="a picture of at most 256 KiB")
    parser.add_argument("--category", default="", metavar="C", help="the heading it stands under")
    parser.add_argument("--hidden", action="store_true", help="usable, but not offered to choose from")
    emoji.command("list", list_, "list the emoji of this server")
    parser = emoji.command("remove", remove, "remove an emoji; posts that have it keep it")
    parser.add_argument("name", metavar="NAME")
    parser = emoji.command("import", import_, "add every picture of a folder under the name of its file")
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--category", default="", metavar="C", help="the heading they stand under")


async def add(config: Config, args: argparse.Namespace) -> int:
    name = args.name.strip(":")
    async with opened(config) as db:
        await _add(db, config, name, args.file, args.category, hidden=args.hidden)
    print(f":{name}: can be used from now on.")
    return 0


async def list_(config: Config, args: argparse.Namespace) -> int:
    from fedcoop import emoji

    async with opened(config) as db, db.scan() as tx:
        for each in await emoji.access.listed(tx):
            hidden = "" if each.visible_in_picker else "hidden"
            print(f":{each.shortcode}:\t{each.category}\t{each.url}\t{hidden}".rstrip())
    return 0


async def remove(config: Config, args: argparse.Namespace) -> int:
    from fedcoop import emoji

    name = args.name.strip(":")
    async with opened(config) as db, db.write() as tx:
        try:
            await emoji.actions.remove(tx, name)
        except NotFound:
            raise Invalid(f"There is no emoji called :{name}: here.") from None
    print(f":{name}: cannot be used in new posts any more.")
    return 0


async def import_(config: Config, args: argparse.Namespace) -> int:
    if not args.folder.is_dir():
        raise Invalid(f"{args.folder} is no folder.")
    paths = sorted(path for path in args.folder.iterdir() if path.suffix.lower() in PICTURES)
    if not paths:
        raise Invalid(f"There are no pictures ({', '.join(PICTURES)}) in {args.folder}.")
    failed = 0
    async with opened(config) as db:
        for path in paths:
            try:
                await _add(db, config, path.stem, path, args.category, hidden=False)
            except Problem as problem:
                failed += 1
                print(f"{path.name}: {problem.message}")
    print(f"{len(paths) - failed} of {len(paths)} emoji were added.")
    return 1 if failed else 0


async def _add(db: Database, config: Config, name: str, path: Path, category: str, *, hidden: bool) -> None:
    from fedcoop import emoji, media
    from fedcoop.emoji.types import LARGEST

    emoji.actions.check(name)
    try:
        file = path.open("rb")
    except OSError as problem:
        raise Invalid(f"{path}: {problem.strerror}") from None
    storage = media.storage.opened(config)
    with file:
        if file.seek(0, os.SEEK_END) > LARGEST:
            raise Invalid(f"{path} is too large for an emoji (the most is {LARGEST // 1024} KiB).")
        async with media.processing.taken(storage, config, file, "emoji") as made, db.write() as tx:
            await emoji.actions.add(
                tx,
                name,
                url=storage.address(made.full.name),
                static_url=storage.address((made.still or made.full).name),
                category=category,
                visible_in_picker=not hidden,
            )
