"""Who finds which statuses: one's library, and what is public by authors who allow it. Never what one may not see.
https://docs.joinmastodon.org/methods/search/"""

from __future__ import annotations

from typing import Any

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.db import Bound, Tx
from fedcoop.db.fulltext import Phrase, Wanted, asked
from fedcoop.search import grammar, marks, queries
from fedcoop.search.types import Asked, Page
from fedcoop.timelines.refs import Ref

DEEPEST = 2_000
"""So many results can be turned through."""


async def statuses(tx: Tx, viewer: int, text: str, page: Page, *, account_id: int = 0) -> list[Ref]:
    """What `viewer` finds by this text, the newest first; only by `account_id`, if that is not 0. Nobody in
    particular finds nothing. Raises `Invalid` as `grammar.understand` does. Open the transaction with `scan`."""
    question = grammar.understand(text)
    if not viewer or question.nothing or page.offset > DEEPEST:
        return []
    authors = await _accounts(tx, viewer, question.authors)
    booster = viewer
    if question.boosted and authors:
        # Who is named has boosted, not written.
        booster, authors = authors[0], authors[1:]
    if account_id:
        authors.append(account_id)
    having = [*question.having, *(_mark(marks.by(id_)) for id_ in authors)]
    unwanted = await _accounts(tx, viewer, question.no_authors)
    lacking = [*question.lacking, *(_mark(marks.by(id_)) for id_ in unwanted)]
    shared: dict[str, Any] = {
        "viewer": viewer,
        "now": clock.now(),
        "above": max(question.above, page.above),
        "below": min(question.below, page.below),
        "boosted": _boosted(question),
        "booster": booster,
        "most": page.offset + page.limit,
    }
    calls: list[Bound[Ref]] = []
    if question.where != "public":
        words = asked(Wanted((_mark(marks.ANY), *having), tuple(lacking)), tx.dialect)
        calls.append(queries.IN_LIBRARY.bind(asked=words, **shared))
    if question.where != "library":
        words = asked(Wanted((_mark(marks.PUBLIC), *having), tuple(lacking)), tx.dialect)
        calls.append(queries.AMONG_PUBLIC.bind(asked=words, **shared))
    found = {ref.id: ref for refs in await tx.batch(*calls) for ref in refs}
    newest = sorted(found.values(), key=lambda ref: ref.id, reverse=True)
    return newest[page.offset : page.offset + page.limit]


async def _accounts(tx: Tx, viewer: int, handles: list[str]) -> list[int]:
    """Their ids; one that nobody has for a handle that is not known."""
    ids = []
    for handle in handles:
        if handle.lower() == "me":
            ids.append(viewer)
        else:
            account = await accounts.by_handle(tx, handle)
            ids.append(account.id if account else 0)
    return ids


def _boosted(question: Asked) -> int:
    if question.boosted is None:
        return queries.ANYHOW
    return queries.BOOSTED if question.boosted else queries.NOT_BOOSTED


def _mark(mark: str) -> Phrase:
    return Phrase((mark,))
