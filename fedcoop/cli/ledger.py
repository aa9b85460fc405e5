"""The public record on the command line: checking it, keeping copies of it, its witnesses, its key. What it
records is listed by `governance`."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fedcoop import clock
from fedcoop.cli import witnesses
from fedcoop.cli.asking import asking
from fedcoop.config import Config
from fedcoop.db import opened
from fedcoop.errors import Invalid

if TYPE_CHECKING:
    from fedcoop.cli import Words
    from moderation.ledger.notes import Checkpoint
    from moderation.ledger.verify import Get, Report

    Checked = Callable[[Get], Awaitable[Report]]

LARGEST_FILE = 4 * 1024 * 1024


def add_commands(words: Words) -> None:
    ledger = words.group("ledger", "check and look after the public record")
    parser = ledger.command(
        "verify", verify, "check signatures, proofs, counts and acts of this server's ledger, or of another's"
    )
    parser.add_argument(
        "place",
        nargs="?",
        metavar="URL",
        help="another server, such as https://coop.example, or a folder of copies",
    )
    parser.add_argument("--key", metavar="VKEY", help="the log's public key, if its operator has told you")
    parser.add_argument(
        "--witness",
        metavar="VKEY",
        action="append",
        default=[],
        help="a witness that must have signed; may be repeated",
    )
    parser.add_argument(
        "--remember",
        metavar="FILE",
        help="compare with the checkpoint kept here, and keep the new one if all is well",
    )
    parser = ledger.command(
        "export", export, "write the ledger's files into a folder, to keep or to serve elsewhere"
    )
    parser.add_argument("folder", metavar="FOLDER")
    parser = ledger.command(
        "erase", erase, "erase the words beside an entry; the log stays whole and says so"
    )
    parser.add_argument("index", metavar="INDEX", type=int)
    parser.add_argument("--because", metavar="REASON", required=True, help="why, for the record")
    ledger.command("rotate-key", rotate_key, "sign with a new key from now on, which the old one endorses")
    witnesses.add_commands(ledger)


async def verify(config: Config, args: argparse.Namespace) -> int:
    """Exit code 1 when anything is wrong."""
    from moderation.ledger.cosignatures import read_witness
    from moderation.ledger.notes import NoteError
    from moderation.ledger.verify import verify as check

    known = _remembered(args.remember)
    try:
        asked = [read_witness(vkey) for vkey in args.witness]
    except NoteError as problem:
        raise Invalid(f"--witness: {problem}") from None

    async def checked(get: Get) -> Report:
        return await check(get, vkey=args.key, known=known, witnesses=asked)

    place = args.place
    if place and "://" not in place:
        report = await checked(_folder(Path(place)))
    elif place:
        report = await _with_remote(config, place, checked)
    else:
        report = await _with_own(config, checked)
    if missing := [each.name for each in asked if each.name not in report.witnesses]:
        found = [f"{name} has not signed this checkpoint." for name in missing]
        report = msgspec.structs.replace(report, problems=report.problems + found)
    _say(report)
    if report.sound and args.remember:
        _remember(args.remember, report.note)
    return 0 if report.sound else 1


def _remembered(file: str | None) -> list[Checkpoint]:
    from moderation.ledger.notes import NoteError, read_checkpoint

    if not file or not Path(file).exists():
        return []
    text = Path(file).read_text(encoding="utf-8")
    try:
        return [read_checkpoint(text, text.partition("\n")[0])]
    except NoteError as problem:
        raise Invalid(f"{file} holds no checkpoint: {problem}") from None


def _remember(file: str, note: str) -> None:
    Path(file).write_text(note, encoding="utf-8")


def _folder(folder: Path) -> Get:
    async def get(path: str) -> bytes:
        return (folder / path).read_bytes()

    return get


async def _with_own(config: Config, checked: Checked) -> Report:
    """Beside what strangers can check: whether the database still is as the record says."""
    from moderation import reconcile
    from moderation.ledger import serve

    async with opened(config) as db, db.scan() as tx:

        async def get(path: str) -> bytes:
            return await serve.file(tx, path)

        report = await checked(get)
        drift = await reconcile.drift(tx, report)
    return msgspec.structs.replace(report, problems=report.problems + drift)


async def _with_remote(config: Config, url: str, checked: Checked) -> Report:
    async with asking(config, url) as client:

        async def get(path: str) -> bytes:
            address = f"{url.rstrip('/')}/ledger/{path}"
            return (await client.get(address, accept="*/*", limit=LARGEST_FILE)).body

        return await checked(get)


def _say(report: Report) -> None:
    print(f"ledger   {report.origin}: {report.size} entries, root {report.root}")
    print(f"key      {report.vkey} ({report.key_source})")
    for kind, count in sorted(report.entries.items()):
        print(f"         {count:6} {kind}")
    for recount in report.recounts:
        mark = "✓" if recount.agrees else "✗"
        print(f"vote     {mark} proposal {recount.number} “{recount.title}”: {recount.verdict}")
    for domain, severity in sorted(report.restrictions.items()):
        print(f"act      {severity}_domain {domain}")
    if report.by_operator:
        many = "standing was" if report.by_operator == 1 else "standings were"
        print(f"members  {report.by_operator} {many} given by whoever runs the server, without a vote")
    for name, at in sorted(report.witnesses.items()):
        print(f"witness  {name} saw this checkpoint at {clock.iso(at * clock.SECOND)[:19]} UTC")
    for problem in report.problems:
        print(f"PROBLEM  {problem}")
    print(
        "Everything fits." if report.sound else f"{len(report.problems)} problems: do not trust this record."
    )


async def export(config: Config, args: argparse.Namespace) -> int:
    from moderation.ledger import serve
    from moderation.ledger.tiles import WIDTH, bundles_of, tiles_of

    folder = Path(args.folder)
    async with opened(config) as db, db.scan() as tx:
        signed = await serve.checkpoint(tx)
        files = [*tiles_of(signed.size), *bundles_of(signed.size)]
        for number, tile in enumerate(files, 1):
            path = folder / tile.path
            # A full tile never changes, so that a copy is brought up to date quickly.
            if tile.width < WIDTH or not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(await serve.file(tx, tile.path))
            if number % 100 == 0:
                print(f"{number} of {len(files)} files", flush=True)
        # Last, so that what it promises is there.
        (folder / "checkpoint").write_bytes(await serve.file(tx, "checkpoint"))
    print(f"{signed.size} entries in {folder}; check them with: fedcoop ledger verify {folder}")
    return 0


async def erase(config: Config, args: argparse.Namespace) -> int:
    from moderation.ledger import actions

    async with opened(config) as db, db.write(durable=True) as tx:
        logged = await actions.erase_words(tx, args.index, because=args.because)
        await actions.sign(tx)
    print(
        f"The words beside entry {args.index} are gone; entry {logged.index} says so. Backups may still have them."
    )
    return 0


async def rotate_key(config: Config, args: argparse.Namespace) -> int:
    from moderation.ledger import actions

    async with opened(config) as db, db.write(durable=True) as tx:
        log = await actions.rotate_key(tx)
    print(
        f"The ledger is signed with {log.signer(db.vault).verifier.vkey} from now on. Tell those who keep its key."
    )
    return 0
