"""Making, changing and removing filters. Each change grows the member's revision and is told to their streams."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from fedcoop import ids
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.events import FiltersChanged
from fedcoop.filters import access, queries
from fedcoop.filters.types import (
    ACTIONS,
    CONTEXTS,
    LONGEST_KEYWORD,
    LONGEST_TITLE,
    MOST_FILTERS,
    MOST_KEYWORDS,
    Filter,
    FilterChange,
    FilteredStatus,
    Keyword,
    KeywordChange,
)
from fedcoop.ids import FilteredId, FilterId, KeywordId, StatusId
from fedcoop.text import fit


async def create(tx: Tx, account_id: int, change: FilterChange) -> Filter:
    """A new filter. Raises `Invalid` without title or context, or when there are too many."""
    if await tx.scalar(queries.COUNT, account_id=account_id) >= MOST_FILTERS:
        raise Invalid(f"Validation failed: You can have at most {MOST_FILTERS} filters")
    empty = Filter(FilterId(ids.new_id()), account_id, "", "[]", "warn", None)
    made = _changed(empty, change)
    await tx.execute(queries.INSERT, **msgspec.structs.asdict(made))
    await _change_keywords(tx, made, change.keywords)
    await _told(tx, account_id)
    return made


async def edit(tx: Tx, found: Filter, change: FilterChange) -> Filter:
    """Change what is set, and the keywords that are named. Raises `Invalid`, and `NotFound` for a keyword of
    another filter."""
    made = _changed(found, change)
    await tx.execute(
        queries.UPDATE,
        of_filter=made.id,
        new_title=made.title,
        new_context=made.context,
        new_action=made.action,
        new_expires_at=made.expires_at,
    )
    await _change_keywords(tx, made, change.keywords)
    await _told(tx, made.account_id)
    return made


async def delete(tx: Tx, found: Filter) -> None:
    await tx.execute(queries.DELETE, id=found.id)
    await _told(tx, found.account_id)


async def add_keyword(tx: Tx, found: Filter, change: KeywordChange) -> Keyword:
    """Raises `Invalid` for an empty or overlong one, or one too many."""
    made = await _add_keyword(tx, found, change, await access.keywords(tx, found))
    await _told(tx, found.account_id)
    return made


async def edit_keyword(tx: Tx, account_id: int, found: Keyword, change: KeywordChange) -> Keyword:
    made = await _edit_keyword(tx, found, change)
    await _told(tx, account_id)
    return made


async def remove_keyword(tx: Tx, account_id: int, found: Keyword) -> None:
    await tx.execute(queries.DELETE_KEYWORD, id=found.id)
    await _told(tx, account_id)


async def add_status(tx: Tx, found: Filter, status_id: int) -> FilteredStatus:
    """Filter one status, which the caller has checked that the member may see. A second time changes nothing.
    Raises `Invalid` for one too many."""
    if len(await access.statuses(tx, found)) >= MOST_KEYWORDS:
        raise Invalid(f"Validation failed: A filter can have at most {MOST_KEYWORDS} posts")
    made = FilteredStatus(FilteredId(ids.new_id()), found.id, StatusId(status_id))
    if await tx.execute(queries.INSERT_STATUS, **msgspec.structs.asdict(made)):
        await _told(tx, found.account_id)
        return made
    return await tx.one(queries.STATUS_IN, filter_id=found.id, status_id=status_id) or made


async def remove_status(tx: Tx, account_id: int, found: FilteredStatus) -> None:
    await tx.execute(queries.DELETE_STATUS, id=found.id)
    await _told(tx, account_id)


def _changed(before: Filter, change: FilterChange) -> Filter:
    """The filter as it will be. Raises `Invalid`."""
    title = before.title if change.title is UNSET else fit(change.title).strip()
    context: Sequence[str] = before.contexts() if change.context is UNSET else change.context
    action = before.action if change.action is UNSET else change.action
    if not title:
        raise Invalid("Validation failed: Title can't be blank", "title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(
            f"Validation failed: Title is too long (maximum is {LONGEST_TITLE} characters)", "title"
        )
    if not context:
        raise Invalid("Validation failed: Context can't be blank", "context")
    if not set(context) <= set(CONTEXTS):
        raise Invalid("Validation failed: Context None or invalid context supplied", "context")
    if action not in ACTIONS:
        raise Invalid("Validation failed: Action is not included in the list", "filter_action")
    return Filter(
        id=before.id,
        account_id=before.account_id,
        title=title,
        context=msgspec.json.encode(list(dict.fromkeys(context))).decode(),
        action=action,
        expires_at=before.expires_at if change.expires_at is UNSET else change.expires_at,
    )


async def _change_keywords(tx: Tx, found: Filter, changes: Sequence[KeywordChange]) -> None:
    before = await access.keywords(tx, found) if changes else []
    own = {each.id: each for each in before}
    for change in changes:
        if change.id is None:
            if not change.remove:
                before.append(await _add_keyword(tx, found, change, before))
            continue
        if change.id not in own:
            raise NotFound
        if change.remove:
            await tx.execute(queries.DELETE_KEYWORD, id=change.id)
        else:
            await _edit_keyword(tx, own[change.id], change)


async def _add_keyword(tx: Tx, found: Filter, change: KeywordChange, before: list[Keyword]) -> Keyword:
    if len(before) >= MOST_KEYWORDS:
        raise Invalid(f"Validation failed: A filter can have at most {MOST_KEYWORDS} keywords")
    whole_word = True if change.whole_word is None else change.whole_word
    made = Keyword(KeywordId(ids.new_id()), found.id, _checked(change.keyword or ""), whole_word)
    await tx.execute(queries.INSERT_KEYWORD, **msgspec.structs.asdict(made))
    return made


async def _edit_keyword(tx: Tx, found: Keyword, change: KeywordChange) -> Keyword:
    made = msgspec.structs.replace(
        found,
        keyword=found.keyword if change.keyword is None else _checked(change.keyword),
        whole_word=bool(found.whole_word if change.whole_word is None else change.whole_word),
    )
    await tx.execute(
        queries.UPDATE_KEYWORD, of_keyword=made.id, new_keyword=made.keyword, new_whole_word=made.whole_word
    )
    return made


def _checked(keyword: str) -> str:
    keyword = fit(keyword).strip()
    if not keyword:
        raise Invalid("Validation failed: Keyword can't be blank", "keyword")
    if len(keyword) > LONGEST_KEYWORD:
        raise Invalid(
            f"Validation failed: Keyword is too long (maximum is {LONGEST_KEYWORD} characters)", "keyword"
        )
    return keyword


async def _told(tx: Tx, account_id: int) -> None:
    await tx.execute(queries.TOUCH, account_id=account_id, revision=1)
    tx.events.append(FiltersChanged(account_id))
