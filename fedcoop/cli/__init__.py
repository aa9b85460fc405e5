"""The command line: what an admin types. Each group of commands is a module; `main` reads the words.

Imports of what a command needs stand in the command, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvloop

from fedcoop import __version__, config
from fedcoop.config import Config
from fedcoop.errors import Problem, Unavailable

Command = Callable[[Config, argparse.Namespace], Awaitable[int | None]]

DESCRIPTION = """\
fedcoop runs a social network server that belongs to its members: they use any Mastodon app, other servers
hear of them over ActivityPub, and they decide by vote what the server does.
"""
EPILOG = """\
first steps:
  fedcoop init --data ./data --domain coop.example
  fedcoop account create alice --email alice@coop.example --member --admin --data ./data
  fedcoop serve --data ./data

Settings are in config.toml in the data directory, or in the environment (FEDCOOP_DOMAIN, FEDCOOP_PORT, …).
Exit codes: 0 done, 1 something is wrong (it is said in one line), 2 the command was not understood.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = _parser().parse_args(argv)
    # What is made is for its owner alone: the database holds keys and password hashes.
    os.umask(0o077)
    try:
        settings = config.load(args.data, overrides=_overrides(args))
        logging.basicConfig(
            level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
        )
        # Alembic tells of each plugin it finds.
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(args.run(settings, args)) or 0
    except (Problem, Unavailable) as problem:
        print(f"fedcoop: {problem.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _overrides(args: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(args, name, None) for name in ("port", "host", "domain", "scheme")}
    return {name: value for name, value in given.items() if value is not None}


def _parser() -> argparse.ArgumentParser:
    from fedcoop.cli import (
        announcing,
        demo,
        emoji,
        federation,
        governance,
        instance,
        ledger,
        people,
        searching,
        serving,
    )

    parser = argparse.ArgumentParser(
        prog="fedcoop",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"fedcoop {__version__}")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", metavar="DIR", help="the data directory (default: FEDCOOP_DATA, or ./data)")
    words = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (
        instance,
        serving,
        people,
        governance,
        federation,
        searching,
        demo,
        ledger,
        announcing,
        emoji,
    ):
        module.add_commands(_Words(words, shared))
    return parser


class _Words:
    """Adds commands that all take `--data`."""

    def __init__(self, parsers: Any, shared: argparse.ArgumentParser) -> None:
        self._parsers = parsers
        self._shared = shared

    def command(self, name: str, run: Command, help_: str) -> argparse.ArgumentParser:
        """A command `name` that does `run`."""
        parser: argparse.ArgumentParser = self._parsers.add_parser(
            name,
            parents=[self._shared],
            help=help_,
            description=help_,
            formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        )
        parser.set_defaults(run=run)
        return parser

    def group(self, name: str, help_: str) -> _Words:
        """A word that is followed by another."""
        parser = self._parsers.add_parser(name, help=help_, description=help_)
        inner = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
        return _Words(inner, self._shared)


Words = _Words
