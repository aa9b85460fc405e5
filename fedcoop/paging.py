"""Pages of things ordered by id: what a client asks for, and statements made once that answer it.

How a page's neighbours are told to clients (`Link`) is `web`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import msgspec
from sqlalchemy import BigInteger, bindparam

from fedcoop.db import Bound, Row, Statement, Tx, statement
from fedcoop.ids import LARGEST

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.sql.elements import ColumnElement

T = TypeVar("T")


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Mastodon's three bounds, all exclusive. `since_id` gives the newest above it, `min_id` those right
    above it; both come newest first. https://docs.joinmastodon.org/api/guidelines/#pagination"""

    max_id: int = LARGEST
    since_id: int = 0
    min_id: int | None = None
    limit: int = 20


class Paged(Generic[T]):
    """A query whose pages are ordered by `id_column`: one statement from above and one from below, whose
    bounds are always there. A module's constant, in `queries.py`.

        HOME = Paged(select(home_entries.c.status_id).where(…), home_entries.c.status_id)
        rows = await HOME.all(tx, page, account_id=account.id)
    """

    __slots__ = ("from_above", "from_below")

    @overload
    def __init__(
        self: Paged[Row], query: Select[Any], id_column: ColumnElement[Any], into: None = None
    ) -> None: ...
    @overload
    def __init__(
        self: Paged[T], query: Select[Any], id_column: ColumnElement[Any], into: Callable[..., T]
    ) -> None: ...
    def __init__(
        self, query: Select[Any], id_column: ColumnElement[Any], into: Callable[..., Any] | None = None
    ) -> None:
        bounded = query.where(
            id_column < bindparam("page_below", type_=BigInteger()),
            id_column > bindparam("page_above", type_=BigInteger()),
        ).limit(bindparam("page_limit", type_=BigInteger()))
        self.from_above: Statement[Any] = _made(bounded.order_by(id_column.desc()), into)
        self.from_below: Statement[Any] = _made(bounded.order_by(id_column), into)

    def bind(self, page: Page, **params: Any) -> Bound[T]:
        """The page's statement, for `Tx.batch`; its rows must go through `newest_first`."""
        params["page_below"] = page.max_id
        params["page_limit"] = page.limit
        if page.min_id is None:
            params["page_above"] = page.since_id
            return self.from_above.bind(**params)
        params["page_above"] = page.min_id
        return self.from_below.bind(**params)

    async def all(self, tx: Tx, page: Page, **params: Any) -> list[T]:
        """The page's rows, newest first."""
        call = self.bind(page, **params)
        return newest_first(page, await tx.all(call.statement, **call.params))

    async def ids(self, tx: Tx, page: Page, **params: Any) -> list[Any]:
        """The first column of the page's rows, newest first."""
        return [row[0] for row in await self.all(tx, page, **params)]  # type: ignore[index] # of Rows


def newest_first(page: Page, rows: list[T]) -> list[T]:
    """Rows as `Paged.bind` gave them, in the order in which a page shows them."""
    return rows if page.min_id is None else rows[::-1]


def _made(query: Select[Any], into: Callable[..., Any] | None) -> Statement[Any]:
    return statement(query) if into is None else statement(query, into=into)
