"""Finding accounts by words of their handle, name and, where they wish to be discovered, bio."""

from __future__ import annotations

from fedcoop import jobs
from fedcoop.accounts import queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.db.fulltext import Phrase, Wanted, asked, stored
from fedcoop.ids import LARGEST
from fedcoop.jobs.types import IndexAccount
from fedcoop.text import plain, tokens

MOST_WORDS = 8
AT_ONCE = 500
"""Accounts whose words are kept in one transaction."""


async def search(
    tx: Tx, viewer: int, text: str, *, limit: int = 20, offset: int = 0, following: bool = False
) -> list[Account]:
    """Accounts known here that have words which begin like all of those in the text; of those whose name begins
    with it, and those whom `viewer` follows, first. `following` leaves only these. Reads many rows: open the
    transaction with `db.scan()`."""
    wanted = tokens.words(text)[:MOST_WORDS]
    if not wanted:
        return []
    phrases = tuple(Phrase((word,), begun=True) for word in wanted)
    return await tx.all(
        queries.SEARCH,
        asked=asked(Wanted(phrases), tx.dialect),
        handle=text.strip().removeprefix("@").lower(),
        viewer=viewer,
        following=following,
        limit=limit,
        offset=offset,
    )


async def index(tx: Tx, accounts: list[Account]) -> None:
    """Keep the words by which these accounts are found."""
    await tx.many(
        queries.KEEP_WORDS,
        [
            {"account_id": account.id, "words": stored(_words(account), (), tx.dialect)}
            for account in accounts
        ],
    )


async def index_changed(tx: Tx, before: Account, account: Account) -> None:
    """The same for one that is described anew; what it wrote follows if it changed its mind about being found."""
    if _words(before) != _words(account):
        await index(tx, [account])
    if before.indexable != account.indexable:
        await jobs.add(tx, IndexAccount(account_id=account.id))


async def index_unkept(tx: Tx, below: int = LARGEST) -> tuple[int, int]:
    """Keep the words of some accounts that have none kept, the newest below this id. Says how many, and where
    to go on."""
    accounts = await tx.all(queries.UNKEPT, below=below, limit=AT_ONCE)
    await index(tx, accounts)
    return len(accounts), accounts[-1].id if accounts else below


def _words(account: Account) -> list[str]:
    texts = [account.handle, account.display_name]
    if account.discoverable:
        texts.append(plain(account.note))
    return tokens.words("\n".join(texts))
