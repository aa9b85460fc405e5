"""Lists in pages, as Mastodon gives them: the bounds a client asks for, and the `Link` header that tells where
the neighbours are. How a page is read from the database is `fedcoop.paging`.
https://docs.joinmastodon.org/api/guidelines/#pagination"""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from fedcoop.ids import LARGEST
from fedcoop.paging import Page


class PageParams(msgspec.Struct, kw_only=True):
    """What every listing takes. Handlers' own structs inherit from it."""

    max_id: str | None = None
    since_id: str | None = None
    min_id: str | None = None
    limit: int | None = None

    def page(self, default: int = 20, most: int = 40) -> Page:
        """The page that was asked for, with at least one and at most `most` entries."""
        return Page(
            max_id=_bound(self.max_id, LARGEST),
            since_id=_bound(self.since_id, 0),
            min_id=_bound(self.min_id, 0) if self.min_id else None,
            limit=min(max(default if self.limit is None else abs(self.limit), 1), most),
        )


def _bound(text: str | None, otherwise: int) -> int:
    """Ids of other servers' clients may be larger than ours, or no numbers: bounds, not references, so they
    are read generously."""
    if not text:
        return otherwise
    if text.isascii() and text.isdigit():
        return min(int(text[:40]), LARGEST)
    return otherwise


class Listing:
    """One page of items, newest first. `first` and `last` are the ids that pages are bounded by, which need
    not be the items' own; `full` tells whether there may be more."""

    __slots__ = ("backward", "first", "items", "last")

    def __init__(
        self,
        items: list[Any],
        first: int | str | None,
        last: int | str | None,
        *,
        backward: Literal["min_id", "since_id"] = "min_id",
    ) -> None:
        self.items = items
        self.first = first
        self.last = last
        self.backward = backward

    def link(self, request: web.Request, base_url: str) -> str | None:
        """The `Link` header, or None for an empty page."""
        if self.first is None or self.last is None:
            return None
        url = request.rel_url
        kept = ""
        if url.raw_query_string:
            pairs = [pair for pair in url.query.items() if pair[0] not in ("max_id", "since_id", "min_id")]
            if pairs:
                kept = urlencode(pairs) + "&"
        address = f"{base_url}{url.raw_path}?{kept}"
        return (
            f'<{address}max_id={self.last}>; rel="next", <{address}{self.backward}={self.first}>; rel="prev"'
        )
