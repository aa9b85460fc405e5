"""What finding costs among 200,000 statuses, and what keeping their words adds to storing one, on both databases.

Half of the authors allow being found; the reader's library has a thousand statuses. Words are as frequent as in a
language: the commonest stands in most statuses, the rarest in few. Part of `run`; alone:
`python tests/bench/run.py --only search`. PostgreSQL is measured where `FEDCOOP_TEST_POSTGRES` leads to one.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import msgspec
from sqlalchemy import text

from fedcoop import clock, ids
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Database, migrate, statement
from fedcoop.favourites import queries as favourites
from fedcoop.search import access, actions
from fedcoop.search.types import Page
from fedcoop.statuses import queries as statuses
from fedcoop.statuses.types import Status
from tests.bench import crowd
from tests.bench.figures import Report
from tests.keys import VAULT
from tests.people import member

MANY = 200_000
LIBRARY = 1_000
WORDS = 18
VOCABULARY = 20_000
AT_ONCE = 2_000
TIMES = 15

QUESTIONS = {
    "the commonest word": "word0",
    "a common word": "word9",
    "two common words": "word4 word7",
    "a phrase": '"word1 word2"',
    "a rare word": "word15000",
    "a word nobody used": "walnut",
    "the library, the commonest word": "in:library word0",
    "the library, a rare word": "in:library word9000",
    "by somebody": "from:author3@town3.test word5",
    "replies to nobody": "is:reply",
    "all but the commonest word": "-word0",
}


async def measure(report: Report, folder: Path, *, many: int = MANY) -> None:
    """Both databases, one after the other."""
    await _measured(report, f"sqlite:///{folder / 'search.sqlite3'}", many)
    postgres = os.environ.get("FEDCOOP_TEST_POSTGRES")
    if postgres:
        async with _database(postgres) as url:
            await _measured(report, url, many)


@asynccontextmanager
async def _database(postgres: str) -> AsyncIterator[str]:
    admin = await asyncpg.connect(postgres)
    name = f"fedcoop_bench_search_{os.getpid()}"
    await admin.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{postgres.rpartition('/')[0]}/{name}"
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


async def _measured(report: Report, url: str, many: int) -> None:
    await migrate.upgrade(url)
    db = Database(url, vault=VAULT)
    await db.open()
    try:
        async with db.write() as tx:
            reader = await member(tx, "reader")
        authors = await crowd.accounts(db)
        await _write(report, db, reader, authors, many)
        for name, question in QUESTIONS.items():
            await _ask(report, db, reader, name, question)
    finally:
        await db.close()


async def _write(report: Report, db: Database, reader: Account, authors: list[Account], many: int) -> None:
    """Statuses as rows, their words by the verb; the reader likes some of them."""
    chance = random.Random(7)
    weights = [1 / (place + 2) for place in range(VOCABULARY)]
    vocabulary = [f"word{place}" for place in range(VOCABULARY)]
    async with db.write() as tx:
        for author in authors[::2]:
            await tx.execute(
                account_queries.SAVE_PROFILE,
                account_id=author.id,
                **{f"new_{name}": getattr(author, name) for name in account_queries.PROFILE}
                | {"new_indexable": True},
            )
    first = clock.now() - crowd.SPAN
    seconds = 0.0
    for begin in range(0, many, AT_ONCE):
        made = [
            _status(
                authors[number % len(authors)],
                first + crowd.SPAN * number // many,
                " ".join(chance.choices(vocabulary, weights, k=WORDS)),
            )
            for number in range(begin, begin + AT_ONCE)
        ]
        async with db.write() as tx:
            await tx.many(statuses.INSERT, [msgspec.structs.asdict(status) for status in made])
            liked = [status.id for status in made if status.id % (many // LIBRARY) == 0]
            await tx.many(
                favourites.INSERT,
                [{"account_id": reader.id, "status_id": id_, "id": id_, "uri": ""} for id_ in liked],
            )
        since = time.perf_counter()
        async with db.write() as tx:
            for place in range(0, AT_ONCE, actions.AT_ONCE):
                await actions.index(tx, [status.id for status in made[place : place + actions.AT_ONCE]])
        seconds += time.perf_counter() - since
    if db.dialect == "postgresql":
        async with db.write() as tx:
            await tx.all(statement(text("ANALYZE")))  # as PostgreSQL does by itself, a little later
    report.add(f"search: {db.dialect}, keeping words in bulk", ms_each=1000 * seconds / many)


async def _ask(report: Report, db: Database, reader: Account, name: str, question: str) -> None:
    taken = []
    for _ in range(TIMES):
        since = time.perf_counter()
        async with db.scan() as tx:
            found = await access.statuses(tx, reader.id, question, Page(limit=20))
        taken.append(1000 * (time.perf_counter() - since))
    report.add(
        f"search: {db.dialect}, {name}", ms=statistics.median(taken), slowest_ms=max(taken), found=len(found)
    )


def _status(author: Account, at: int, text: str) -> Status:
    id_ = ids.id_at(at)
    return Status(
        id=id_,
        uri=f"{author.uri}/statuses/{id_}",
        url=f"{author.url}/{id_}",
        account_id=author.id,
        local=False,
        visibility="public",
        reblog_of_id=None,
        in_reply_to_id=None,
        in_reply_to_account_id=None,
        in_reply_to_uri=None,
        conversation_id=id_,
        content=f"<p>{text}</p>",
        text="",
        content_type="text/html",
        spoiler_text="",
        sensitive=False,
        language="en",
        app_id=None,
        emojis="[]",
        poll_id=None,
        replies_count=0,
        reblogs_count=0,
        favourites_count=0,
        quotes_count=0,
        created_at=at,
        edited_at=None,
        revision=0,
    )
