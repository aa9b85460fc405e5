"""Reads a shared list: the CSV that Mastodon exports and imports, one domain in a line, or a FIRES dataset.
https://docs.joinmastodon.org/admin/moderation/#import-and-export"""

import csv
from io import StringIO

from fedcoop.errors import Invalid
from fedcoop.text.domains import canonical

from . import fires
from .types import Listed

MOST = 20_000
LONGEST_COMMENT = 500
_TRUE = ("true", "1", "yes", "t")
_SEVERITIES = {"suspend": "suspend", "silence": "limit", "limit": "limit", "": "suspend"}


def read(text: str) -> list[Listed]:
    """What a list says, each server once; lines that name none are passed over, and so are those that ask for
    nothing (`noop`). Raises Invalid for what is no list at all."""
    document = fires.decoded(text)
    if document is not None:
        return fires.read(document)
    try:
        rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))
    except csv.Error as wrong:
        raise Invalid(f"This is no list of servers: {wrong}.") from None
    if len(rows) > MOST:
        raise Invalid(f"A list has at most {MOST} lines.")
    head = [cell.strip().lower().lstrip("#") for cell in rows[0]] if rows else []
    names, body = (head, rows[1:]) if "domain" in head else (["domain"], rows)
    found: dict[str, Listed] = {}
    for row in body:
        entry = _entry(dict(zip(names, (cell.strip() for cell in row), strict=False)))
        if entry is not None:
            found.setdefault(entry.domain, entry)
    if not found:
        raise Invalid("There is no server in this list.")
    return list(found.values())


def _entry(cells: dict[str, str]) -> Listed | None:
    severity = _SEVERITIES.get(cells.get("severity", "").lower())
    try:
        domain = canonical(cells.get("domain", ""))
    except Invalid:
        return None
    if severity is None or "." not in domain:
        return None
    return Listed(
        domain=domain,
        severity="limit" if severity == "limit" else "suspend",
        reject_media=cells.get("reject_media", "").lower() in _TRUE,
        reject_reports=cells.get("reject_reports", "").lower() in _TRUE,
        obfuscate=cells.get("obfuscate", "").lower() in _TRUE,
        comment=" ".join(cells.get("public_comment", "").split())[:LONGEST_COMMENT],
    )
