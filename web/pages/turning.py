"""Turning pages: what stands on this one, and the addresses of the newer and the older."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar
from urllib.parse import urlencode

import msgspec

from fedcoop.ids import LARGEST
from fedcoop.paging import Page
from web.paging import PageParams

LENGTH = 20


class Listed(Protocol):
    """Anything that pages are bounded by the id of."""

    @property
    def id(self) -> int | str: ...


T = TypeVar("T", bound=Listed)


class Leaf(NamedTuple, Generic[T]):
    """One page. The addresses are empty where nothing follows."""

    shown: Sequence[T]
    newer_url: str
    older_url: str


def asked(params: PageParams) -> Page:
    """The page that was asked for, and one row more, which tells whether there is another page."""
    return msgspec.structs.replace(params.page(LENGTH, LENGTH), limit=LENGTH + 1)


def leaf(page: Page, rows: Sequence[T], path: str, **kept: str) -> Leaf[T]:
    """What `asked` brought, newest first, without the one that was too many. `kept` goes into the
    addresses."""
    more = len(rows) > LENGTH
    upwards = page.min_id is not None
    shown = rows[-LENGTH:] if upwards else rows[:LENGTH]
    if not shown:
        first = path if upwards or page.max_id != LARGEST else ""
        return Leaf([], "" if upwards else first, first if upwards else "")
    newer = more if upwards else page.max_id != LARGEST
    older = upwards or more
    return Leaf(
        shown,
        f"{path}?{urlencode({**kept, 'min_id': shown[0].id})}" if newer else "",
        f"{path}?{urlencode({**kept, 'max_id': shown[-1].id})}" if older else "",
    )
