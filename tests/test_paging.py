"""Pages of things ordered by id, on both databases. The code is `fedcoop/paging.py`."""

import pytest
from sqlalchemy import insert, select

from fedcoop.db import Database, statement
from fedcoop.db.schema.statuses import tags
from fedcoop.paging import Page, Paged, newest_first
from web.paging import PageParams

PUT = statement(insert(tags))
TAGS = Paged(select(tags.c.id, tags.c.name), tags.c.id)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Page(limit=3), [9, 8, 7]),
        (Page(limit=3, max_id=5), [4, 3, 2]),
        (Page(limit=3, since_id=4), [9, 8, 7]),
        (Page(limit=3, since_id=7), [9, 8]),
        (Page(limit=3, min_id=4), [7, 6, 5]),
        (Page(limit=3, min_id=4, max_id=7), [6, 5]),
        (Page(limit=3, min_id=9), []),
    ],
)
async def test_each_bound_gives_its_page_newest_first(db: Database, page: Page, expected: list[int]) -> None:
    async with db.write() as tx:
        rows = [{"id": n, "name": f"t{n}", "display_name": "", "last_status_at": None} for n in range(1, 10)]
        await tx.many(PUT, rows)
    async with db.read() as tx:
        assert await TAGS.ids(tx, page) == expected
        (rows_of_batch,) = await tx.batch(TAGS.bind(page))
        assert [row[0] for row in newest_first(page, rows_of_batch)] == expected


def test_a_limit_is_kept_within_bounds() -> None:
    assert PageParams(limit=0).page().limit == 1
    assert PageParams(limit=1000).page().limit == 40
    assert PageParams(limit=1000).page(most=80).limit == 80
    assert PageParams().page().limit == 20


def test_a_bound_that_cannot_be_bounds_nothing() -> None:
    assert PageParams(max_id="12", since_id="3", min_id="4").page() == Page(max_id=12, since_id=3, min_id=4)
    assert PageParams(max_id="abc", since_id="²").page() == Page()
