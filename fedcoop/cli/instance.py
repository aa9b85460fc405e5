"""The instance itself: `init` makes one, `migrate` brings its database up to date, `doctor` looks for trouble."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from fedcoop.config import FILE_NAME, Config
from fedcoop.errors import Conflict, Invalid

if TYPE_CHECKING:
    from fedcoop.cli import Words

CONFIG_TEXT = """\
# Settings of this fedcoop instance. Every setting is explained in deploy/config.example.toml.
domain = {domain}
scheme = {scheme}
title = {title}
"""


def add_commands(words: Words) -> None:
    parser = words.command("init", init, "make an instance: data directory, database, keys, constitution")
    parser.add_argument(
        "--constitution",
        metavar="NAME|FILE",
        default="social-coop",
        help="how members decide: a starter constitution's name, or a TOML file of your own",
    )
    parser.add_argument("--domain", metavar="DOMAIN", help="the part of every handle after the @")
    parser.add_argument("--scheme", choices=("https", "http"), help="http only for a trial machine")
    words.command("migrate", migrate, "bring the database to this version's schema")
    words.command(
        "doctor", doctor, "look at domain, TLS, database, queue, clock and disk, and say what to do"
    )


async def init(config: Config, args: argparse.Namespace) -> int:
    from fedcoop.cli.founding import found

    make_data_directory(config)
    print(f"Making an instance for {config.base_url} in {config.data_dir} …", flush=True)
    try:
        async for step in found(config, args.constitution):
            print(f"  {step}", flush=True)
    except Conflict:
        # The file of settings is written last: without it, an `init` was cut off just before.
        if (config.data_dir / FILE_NAME).exists() or not config.database.startswith("sqlite"):
            raise
    write_config(config)
    print("Done. Next, make the first member and serve:")
    print(f"  {command(config, 'account create NAME --email YOU@EXAMPLE --member --admin')}")
    print(f"  {command(config, 'serve')}")
    return 0


def make_data_directory(config: Config) -> None:
    """For its owner alone: keys and password hashes lie there. Raises `Invalid` where it cannot be made."""
    try:
        config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise Invalid(f"{config.data}: {problem.strerror}") from None


def command(config: Config, words: str) -> str:
    """A command as it can be typed here: with the path of the program where the shell would not find it."""
    program = "fedcoop" if which("fedcoop") else os.path.relpath(sys.argv[0])
    data = f" --data {config.data}" if config.data != Config().data else ""
    return f"{program} {words}{data}"


def write_config(config: Config) -> None:
    path = Path(config.data) / FILE_NAME
    if not path.exists():
        # JSON strings are TOML strings.
        text = CONFIG_TEXT.format(
            domain=json.dumps(config.domain), scheme=json.dumps(config.scheme), title=json.dumps(config.title)
        )
        path.write_text(text, "utf-8")


async def migrate(config: Config, args: argparse.Namespace) -> int:
    from fedcoop.db import migrate as migrations
    from fedcoop.db import opened
    from fedcoop.db.locking import lock_keys

    if not config.database_exists():
        raise Invalid(f"There is no instance in {config.data}; make one with `fedcoop init`.")
    await migrations.upgrade(config.database)
    async with opened(config) as db:
        if await lock_keys(db):
            print(
                f"Private keys are locked now; what opens them is {config.key_path}. Keep a copy of it elsewhere."
            )
    print(f"The database has schema {migrations.newest()}.")
    return 0


async def doctor(config: Config, args: argparse.Namespace) -> int:
    from fedcoop.cli.diagnosis import examine

    trouble = 0
    async for finding in examine(config):
        print(f"{finding.mark} {finding.what}: {finding.how}")
        if finding.advice:
            print(f"    → {finding.advice}")
        trouble += finding.mark == "✗"
    print("All well." if not trouble else f"{trouble} thing{'s' if trouble > 1 else ''} to put right.")
    return 1 if trouble else 0
