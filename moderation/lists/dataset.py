"""What was decided here about servers, as a FIRES dataset: every recommendation and retraction in its order, with
the entry of the record as evidence. Reading the datasets of others is `moderation.lists.fires`.
https://fires.fedimod.org/reference/protocol/data-model/changes.html"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from fedcoop.config import Config
from fedcoop.db import Database
from moderation.ledger import queries
from moderation.ledger.entries import Entry, decode
from moderation.ledger.fold import ACTING
from moderation.ledger.types import StoredEntry

CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://fires.fedimod.org/context/fires.jsonld"]
LABELS = {
    "act": ("by-vote", "Decided by vote", "Members have voted for it."),
    "act_expired": ("by-vote", "Decided by vote", "Members have voted for it."),
    "power": (
        "by-moderator",
        "Done by a moderator",
        "A moderator did it within what members allow; they may undo it.",
    ),
    "power_expired": ("by-moderator", "Done by a moderator", "Members did not confirm what a moderator did."),
}
_POLICIES = {"suspend_domain": "reject", "limit_domain": "filter"}
_LIFTING = ("lift_domain", "allow_domain")
_FILTERS = ("reject_media", "reject_reports")


async def changes(db: Database, config: Config) -> list[dict[str, Any]]:
    """Every change without its context, the newest last. Servers whose names members show in part only are left
    out."""
    async with db.scan() as tx:
        rows = await tx.all(queries.ALL_OF_TYPES, types=list(ACTING))
    return await asyncio.to_thread(_told, rows, config.base_url)


def latest(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last word about each server, the newest first."""
    last: dict[str, dict[str, Any]] = {}
    for change in found:
        last.pop(change["entityKey"], None)
        last[change["entityKey"]] = change
    return list(reversed(last.values()))


def dataset(config: Config) -> dict[str, Any]:
    """What the dataset is and where its parts are, without context."""
    identity = _address(config.base_url)
    return {
        "id": identity,
        "url": f"{config.base_url}/about",
        "type": "Dataset",
        "name": f"Servers restricted by {config.title}",
        "summary": "Decided by members, for themselves; each change leads to its entry in the public record.",
        "endpoints": {"snapshot": f"{identity}/snapshot", "changes": f"{identity}/changes"},
    }


def labels(config: Config) -> dict[str, Any]:
    """The labels of the dataset, without context."""
    identity = f"{config.base_url}/fires/labels"
    known = dict.fromkeys(LABELS[kind] for kind in ("act", "power"))
    items = [
        {"id": f"{identity}#{name}", "type": "Label", "name": title, "summary": summary}
        for name, title, summary in known
    ]
    return {"id": identity, "type": "Collection", "totalItems": len(items), "items": items}


def _address(base_url: str) -> str:
    return f"{base_url}/fires/datasets/servers"


def _told(rows: Sequence[StoredEntry], base_url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    standing: set[str] = set()
    for row in rows:
        entry = decode(bytes(row.entry))
        act = entry.body.get("act")
        kind = act.get("type", "") if isinstance(act, dict) else ""
        if not isinstance(act, dict) or kind not in (*_POLICIES, *_LIFTING):
            continue
        domain = str(act["domain"])
        shown = kind in _POLICIES and not act.get("obfuscate")
        if shown:
            standing.add(domain)
        elif domain not in standing:
            continue
        else:
            standing.discard(domain)
        found.append(_change(row.position, entry, act, base_url, recommended=shown))
    return found


def _change(
    position: int, entry: Entry, act: dict[str, Any], base_url: str, *, recommended: bool
) -> dict[str, Any]:
    change: dict[str, Any] = {
        "id": f"{_address(base_url)}/changes#{position}",
        "type": "Recommendation" if recommended else "Retraction",
        "published": f"{entry.time[:19]}Z",
        "url": f"{base_url}/coop/ledger/{position}",
        "entityKind": "domain",
        "entityKey": act["domain"],
    }
    if not recommended:
        return change
    filters = [name for name in _FILTERS if act.get(name)]
    if act["type"] == "limit_domain":
        filters.insert(0, "limit")
    change |= {
        "labels": [f"{base_url}/fires/labels#{LABELS[entry.type][0]}"],
        "recommendedPolicy": _POLICIES[act["type"]],
        "recommendedFilters": [f"{base_url}/fires/filters#{name.replace('_', '-')}" for name in filters],
    }
    words = str(act.get("public_comment", ""))
    if words and not words.startswith("sha256:"):
        change["comment"] = words
    return change
