"""Keeping the words of statuses, in the transaction that stores or changes them, and of those that were stored
before. They go with their status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from fedcoop import jobs
from fedcoop.db import Bound, Row, Tx
from fedcoop.db.fulltext import stored
from fedcoop.db.statement import DialectName
from fedcoop.ids import LARGEST
from fedcoop.jobs.types import IndexAccount
from fedcoop.search import marks, queries
from fedcoop.search.types import Attached, Source
from fedcoop.text import plain, tokens

AT_ONCE = 200
"""Statuses whose words are kept in one transaction."""

_options = msgspec.json.Decoder(list[str])


async def index(tx: Tx, ids: list[int]) -> None:
    """Keep the words of these statuses as they are now; reblogs have none."""
    sources, media = await tx.batch(queries.SOURCES.bind(ids=ids), queries.MEDIA.bind(ids=ids))
    attached: defaultdict[int, list[Attached]] = defaultdict(list)
    for row in media:
        attached[row["status_id"]].append(Attached(row["type"], row["description"]))
    await tx.many(queries.KEEP, [_row(source, attached[source.id], tx.dialect) for source in sources])


def kept(source: Source, media: Sequence[Attached], dialect: DialectName) -> Bound[Row]:
    """The statement that keeps the words of a status just made, of which nothing has to be read."""
    return queries.KEEP.bind(**_row(source, media, dialect))


def _row(source: Source, media: Sequence[Attached], dialect: DialectName) -> dict[str, Any]:
    words = stored(_words(source, media), marks.of(source, media), dialect)
    return {"status_id": source.id, "words": words}


async def index_account(tx: Tx, job: IndexAccount) -> None:
    """Keep anew the words of an account's statuses, whose finding it has just allowed or forbidden: the newest
    first, some now and the others in a later job."""
    ids = await tx.scalars(
        queries.OF_ACCOUNT, account_id=job.account_id, below=job.below or LARGEST, limit=AT_ONCE
    )
    if ids:
        await index(tx, ids)
        await jobs.add(tx, IndexAccount(account_id=job.account_id, below=ids[-1]))


async def index_unkept(tx: Tx, below: int = LARGEST) -> tuple[int, int]:
    """Keep the words of some statuses that have none kept, the newest below this id. Says how many, and where
    to go on."""
    ids = await tx.scalars(queries.UNKEPT, below=below, limit=AT_ONCE)
    if not ids:
        return 0, below
    await index(tx, ids)
    return len(ids), ids[-1]


async def forget_all(tx: Tx) -> None:
    """Forget all words, of statuses and of accounts, to keep them anew."""
    await tx.batch(queries.FORGET_STATUSES.bind(), queries.FORGET_ACCOUNTS.bind())


def _words(source: Source, media: Sequence[Attached]) -> list[str]:
    texts = [source.spoiler_text, plain(source.content)]
    if source.poll_options:
        texts += _options.decode(source.poll_options)
    texts += [each.description for each in media if each.description]
    return tokens.words("\n".join(texts))
