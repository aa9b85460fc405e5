"""What a member would take along, as a file, and how their imports stand."""

from __future__ import annotations

import msgspec

from fedcoop.config import Config
from fedcoop.db import Row, Tx
from fedcoop.errors import NotFound
from fedcoop.ids import AccountId
from fedcoop.transfers import files, queries
from fedcoop.transfers.types import EXPORTS, MOST_SHOWN, Import, ImportLine, Kind, Line

STATEMENTS = {
    "following": queries.FOLLOWING,
    "followers": queries.FOLLOWERS,
    "blocks": queries.BLOCKS,
    "domain_blocks": queries.DOMAIN_BLOCKS,
    "mutes": queries.MUTES,
    "lists": queries.LISTS,
    "bookmarks": queries.BOOKMARKS,
}


async def export(tx: Tx, config: Config, account_id: AccountId, kind: str) -> str:
    """One of `EXPORTS` as CSV. Reads everything of its kind: open the transaction with `db.scan()`. Raises
    `NotFound` for a file that there is not."""
    if kind not in EXPORTS:
        raise NotFound
    rows = await tx.all(STATEMENTS[kind], account_id=account_id)
    return files.written(EXPORTS[kind].header, [_cells(config, kind, row) for row in rows])


async def named(tx: Tx, config: Config, account_id: AccountId, kind: Kind) -> set[str]:
    """Whom or what a member follows, blocks, mutes or keeps now, in the words of a file."""
    at = 1 if kind == "lists" else 0
    rows = await tx.all(STATEMENTS[kind], account_id=account_id)
    return {_cells(config, kind, row)[at] for row in rows}


async def imports(tx: Tx, account_id: AccountId) -> list[tuple[Import, list[ImportLine]]]:
    """A member's latest imports, each with what could not be done."""
    found = await tx.all(queries.OF_ACCOUNT, account_id=account_id)
    if not found:
        return []
    failed = await tx.batch(
        *(queries.FAILED_LINES.bind(import_id=each.id, most=MOST_SHOWN) for each in found)
    )
    return list(zip(found, map(list, failed), strict=True))


def line_of(stored: ImportLine) -> Line:
    return msgspec.json.decode(stored.line, type=Line)


def _cells(config: Config, kind: str, row: Row) -> list[str]:
    if kind == "bookmarks":
        return [row["uri"]]
    if kind == "domain_blocks":
        return [row["domain"]]
    handle = row["handle"] if row["domain"] is not None else f"{row['handle']}@{config.domain}"
    match kind:
        case "following":
            languages = msgspec.json.decode(row["languages"] or "[]", type=list[str])
            return [handle, _word(row["reblogs"]), _word(row["notify"]), ", ".join(languages)]
        case "mutes":
            return [handle, _word(row["notifications"])]
        case "lists":
            return [row["title"], handle]
    return [handle]


def _word(flag: bool) -> str:
    return "true" if flag else "false"
