"""Reads lists that are FIRES datasets: recommendations about servers with labels and words, and their retraction.
Ours is served by `moderation.lists.dataset`. https://fires.fedimod.org/reference/protocol/data-model/datasets.html"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from fedcoop.errors import Invalid
from fedcoop.text.domains import canonical

from .types import Listed

MOST_PAGES = 50
LONGEST_COMMENT = 500
MOST_LABELS = 10
POLICIES: dict[str, Literal["limit", "suspend"]] = {"drop": "suspend", "reject": "suspend", "filter": "limit"}
"""What a dataset recommends, in our words; `accept` asks for nothing, and so does an Advisory."""


async def whole(fetch: Callable[[str], Awaitable[str]], url: str) -> str:
    """A list as it is read: the text at `url`, and of a dataset what its snapshot says on all its pages, from the
    same server. Raises `Invalid` where it leads elsewhere or nowhere, and what `fetch` raises."""
    text = await fetch(url)
    document = decoded(text)
    if document is None or document.get("type") != "Dataset":
        return text
    endpoints = document.get("endpoints")
    at = endpoints.get("snapshot") if isinstance(endpoints, dict) else None
    entries: list[Any] = []
    asked: set[str] = set()
    while at:
        address = _beside(url, at)
        if address in asked or len(asked) >= MOST_PAGES:
            raise Invalid(f"This dataset has more than {MOST_PAGES} pages, or leads in circles.")
        asked.add(address)
        page = decoded(await fetch(address))
        while page is not None:
            entries += _items(page)
            first = page.get("first")
            at = page.get("next") or (first if isinstance(first, str) else None)
            page = first if isinstance(first, dict) else None
    if not asked:
        raise Invalid("This dataset does not say where its snapshot is.")
    return msgspec.json.encode({"type": "OrderedCollection", "orderedItems": entries}).decode()


def decoded(text: str) -> dict[str, Any] | None:
    """The document that a text is; None where it is something else, such as CSV."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return None
    try:
        found = msgspec.json.decode(text.removeprefix("\ufeff"))
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise Invalid(f"This is no list of servers: {wrong}.") from None
    return found if isinstance(found, dict) else None


def read(document: dict[str, Any]) -> list[Listed]:
    """The servers that a collection of changes recommends to restrict, each as its latest change says; what was
    retracted is not among them. Raises `Invalid` for a document that is no such collection."""
    changes = [change for change in _items(document) if isinstance(change, dict) and _text(change, "type")]
    if (
        document.get("type") not in ("Collection", "OrderedCollection", "OrderedCollectionPage")
        or not changes
    ):
        raise Invalid("There is no server in this list.")
    latest: dict[str, dict[str, Any]] = {}
    for change in changes:
        domain = _domain(change)
        known = latest.get(domain) if domain else change
        if domain and (known is None or _text(change, "published") > _text(known, "published")):
            latest[domain] = change
    found = (_listed(domain, change) for domain, change in latest.items())
    return [entry for entry in found if entry is not None]


def _listed(domain: str, change: dict[str, Any]) -> Listed | None:
    severity = POLICIES.get(_text(change, "recommendedPolicy"))
    if change.get("type") != "Recommendation" or severity is None:
        return None
    filters = [_last(one) for one in _several(change.get("recommendedFilters"))]
    labels = [_last(one).replace("-", " ") for one in _several(change.get("labels"))[:MOST_LABELS]]
    words = " ".join((_text(change, "comment") or _text(change, "summary")).split())
    said = [words, f"Labels: {', '.join(labels)}" if labels else "", _text(change, "url")]
    return Listed(
        domain=domain,
        severity=severity,
        reject_media="reject-media" in filters,
        reject_reports="reject-reports" in filters,
        obfuscate=False,
        comment=" · ".join(each for each in said if each)[:LONGEST_COMMENT],
    )


def _domain(change: dict[str, Any]) -> str:
    """The server that a change is about; empty for one about something else."""
    if _text(change, "entityKind").lower() != "domain":
        return ""
    try:
        domain = canonical(_text(change, "entityKey"))
    except Invalid:
        return ""
    return domain if "." in domain else ""


def _items(document: dict[str, Any]) -> list[Any]:
    return _several(document.get("orderedItems") or document.get("items"))


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(document: dict[str, Any], key: str) -> str:
    value = document.get(key)
    return value if isinstance(value, str) else ""


def _last(value: Any) -> str:
    """The end of an address, by which people call a label or a filter; a label may also be there as a whole."""
    if isinstance(value, dict):
        return _text(value, "name") or _last(value.get("id"))
    return value.rstrip("/").replace("#", "/").rpartition("/")[2][:100] if isinstance(value, str) else ""


def _beside(url: str, found: Any) -> str:
    """An address in a document, which must be of the server that the list is read from. Raises `Invalid`."""
    if not isinstance(found, str) or urlsplit(found)[:2] != urlsplit(url)[:2]:
        raise Invalid("This dataset leads to another server.")
    return found
