"""Which filters a text meets. Filters are compiled once for each revision of a member's, and kept."""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from fedcoop.db import Row, Tx
from fedcoop.filters import queries
from fedcoop.filters.entities import FilterEntity, FilterResult, entity
from fedcoop.filters.types import Filter

MOST_KEPT = 2_000
"""Members whose compiled filters are kept."""


class Compiled(msgspec.Struct, frozen=True):
    """One filter, ready to be asked of many statuses."""

    shown: FilterEntity
    expires_at: int | None
    words: re.Pattern[str] | None
    status_ids: frozenset[int]

    def met(self, now: int, text: str, status_ids: Iterable[int]) -> FilterResult | None:
        """What of this filter meets a status that has this text and these ids: its own, and of a reblog also
        that of what is repeated."""
        if self.expires_at is not None and self.expires_at <= now:
            return None
        word = self.words.search(text) if self.words else None
        statuses = [str(id_) for id_ in status_ids if id_ in self.status_ids]
        if word is None and not statuses:
            return None
        return FilterResult(self.shown, [word[0]] if word else None, statuses or None)


class CompiledFilters:
    """Compiled filters by member, the least recently used first out."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[int, tuple[Compiled, ...]]] = OrderedDict()

    async def of(self, tx: Tx, revisions: Mapping[int, int]) -> dict[int, tuple[Compiled, ...]]:
        """The filters of members, each as of a revision: one statement for all that are not kept."""
        found: dict[int, tuple[Compiled, ...]] = {}
        for account_id, revision in revisions.items():
            kept = self._kept.get(account_id)
            if kept is not None and kept[0] == revision:
                self._kept.move_to_end(account_id)
                found[account_id] = kept[1]
        missing = [account_id for account_id in revisions if account_id not in found]
        if missing:
            made = _compiled(await tx.all(queries.RULES, account_ids=missing))
            for account_id in missing:
                found[account_id] = made.get(account_id, ())
                self._kept[account_id] = (revisions[account_id], found[account_id])
                self._kept.move_to_end(account_id)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found


def _compiled(rows: Iterable[Row]) -> dict[int, tuple[Compiled, ...]]:
    filters: dict[int, Filter] = {}
    keywords: defaultdict[int, list[str]] = defaultdict(list)
    statuses: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        *columns, keyword, whole_word, status_id = row
        found = Filter(*columns)
        filters[found.id] = found
        if keyword is not None:
            keywords[found.id].append(pattern(keyword, whole_word=bool(whole_word)))
        else:
            statuses[found.id].add(status_id)
    made: defaultdict[int, list[Compiled]] = defaultdict(list)
    for id_, each in sorted(filters.items()):
        words = re.compile("|".join(keywords[id_]), re.IGNORECASE) if keywords[id_] else None
        made[each.account_id].append(Compiled(entity(each), each.expires_at, words, frozenset(statuses[id_])))
    return {account_id: tuple(compiled) for account_id, compiled in made.items()}


def pattern(keyword: str, *, whole_word: bool) -> str:
    """A keyword as a regular expression. A whole word ends where words end, but `#tag` and `:)` begin and end
    with what is no letter anyway."""
    quoted = re.escape(keyword)
    if not whole_word:
        return quoted
    start = r"\b" if re.match(r"\w", keyword[0]) else ""
    end = r"\b" if re.match(r"\w", keyword[-1]) else ""
    return f"{start}{quoted}{end}"
