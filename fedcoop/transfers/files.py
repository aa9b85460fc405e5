"""CSV as Mastodon writes and reads it. Nothing here knows the database; every reading is bounded, since a file
comes from anywhere (docs/security.md, F16)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from fedcoop.errors import Invalid
from fedcoop.text.domains import canonical
from fedcoop.text.safe import is_link
from fedcoop.transfers.types import LARGEST_FILE, MOST_ROWS, Kind, Line

_NAME = re.compile(r"[a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?", re.ASCII)
LONGEST_CELL = 2048
NOT_CSV = "This is not a CSV file as Mastodon and fedcoop export it."


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A whole file; without a header where Mastodon writes none."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def read(kind: Kind, raw: bytes) -> list[Line]:
    """What a file asks for, each thing once, in its order. Raises `Invalid` for what is no such file, or too
    much of one; nothing of it is taken then."""
    if len(raw) > LARGEST_FILE:
        raise Invalid("This file is too large: a megabyte is the most.")
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise Invalid(NOT_CSV) from None
    rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS:
        raise Invalid(f"This file has too many lines: {MOST_ROWS} are the most.")
    if any(len(cell) > LONGEST_CELL or "\x00" in cell for row in rows for cell in row):
        raise Invalid(NOT_CSV)
    named = _columns(rows[0]) if rows else {}
    lines = [_line(kind, named, row) for row in (rows[1:] if named else rows)]
    if not lines:
        raise Invalid("There is nothing in this file.")
    return list(dict.fromkeys(lines))


def _columns(row: list[str]) -> dict[str, int]:
    """Where each column is, if the row is a header."""
    if not row[0].lower().startswith(("account address", "#domain")):
        return {}
    return {name.lower(): at for at, name in enumerate(row)}


def _line(kind: Kind, named: dict[str, int], row: list[str]) -> Line:
    def cell(name: str) -> str:
        at = named.get(name, -1)
        return row[at] if 0 <= at < len(row) else ""

    match kind:
        case "lists":
            if len(row) < 2:
                raise Invalid(NOT_CSV)
            return Line(_handle(row[1]), list=row[0][:255])
        case "bookmarks":
            if not is_link(row[0]):
                raise Invalid(f"“{row[0][:100]}” is not the address of a post.")
            return Line(row[0])
        case "following":
            return Line(
                _handle(row[0]),
                reblogs=_yes(cell("show boosts"), True),
                notify=_yes(cell("notify on new posts"), False),
                languages=tuple(filter(_LANGUAGE.fullmatch, re.split(r"[,\s]+", cell("languages"))))[:20],
            )
        case "mutes":
            return Line(_handle(row[0]), notifications=_yes(cell("hide notifications"), True))
        case "domain_blocks":
            return Line(_domain(row[0]))
        case "blocks":
            return Line(_handle(row[0]))


def _yes(text: str, otherwise: bool) -> bool:
    return text.lower() in ("true", "1", "yes") if text else otherwise


def _domain(text: str) -> str:
    try:
        name = canonical(text)
    except Invalid:
        name = ""
    if "." not in name:
        raise Invalid(f"“{text[:100]}” is not the name of a server.")
    return name


def _handle(text: str) -> str:
    name, _, domain = text.removeprefix("@").lower().partition("@")
    try:
        if _NAME.fullmatch(name):
            return f"{name}@{canonical(domain)}"
    except Invalid:
        pass
    raise Invalid(f"“{text[:100]}” is not the address of an account.")
