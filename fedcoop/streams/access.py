"""Whom a status reaches among those who listen, and how each of them sees it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import msgspec

from fedcoop import clock
from fedcoop.db import Row, Tx
from fedcoop.events import Deleted
from fedcoop.statuses.hydrate import NOBODY, StatusHydrator, with_filtered
from fedcoop.streams import queries


class Audience(msgspec.Struct, kw_only=True):
    """Whom one status reaches, of those who were asked about."""

    facts: Row
    lists: dict[int, int]
    """Lists that it is in, and whose they are."""
    home: set[int]
    """Accounts on whose home timeline it is."""
    public: set[int]
    """Accounts that find it on the public timelines."""
    tagged: set[int]
    """Accounts that find it among those with its hashtags."""
    tags: set[str]
    """Its hashtags, folded."""


async def audience(
    tx: Tx,
    status_id: int,
    *,
    home: Collection[int],
    public: Collection[int],
    tagged: Collection[int],
    lists: Collection[int],
) -> Audience | None:
    """Which of the accounts that listen to their home, to a public timeline, to hashtags or to lists would find
    the status there when they asked for the page. None if it is gone."""
    now = clock.now()
    facts = await tx.one(queries.FACTS, status_id=status_id)
    if facts is None:
        return None
    asked = [(queries.HOME_OF, home)] if home else []
    if facts["visibility"] == "public":
        asked += [(queries.PUBLIC_TO, public)] if public else []
        asked += [(queries.TAGGED_TO, tagged)] if tagged else []
    answers = await tx.batch(
        *(query.bind(status_id=status_id, viewers=list(viewers), now=now) for query, viewers in asked),
        queries.LISTS_OF.bind(status_id=status_id, lists=list(lists), now=now),
        *([queries.TAGS.bind(status_id=status_id)] if tagged else []),
    )
    reached = {id(query): {row[0] for row in rows} for (query, _), rows in zip(asked, answers, strict=False)}
    return Audience(
        facts=facts,
        lists={row[0]: row[1] for row in answers[len(asked)]},
        home=reached.get(id(queries.HOME_OF), set()),
        public=reached.get(id(queries.PUBLIC_TO), set()),
        tagged=reached.get(id(queries.TAGGED_TO), set()),
        tags={row["name"] for row in answers[-1]} if tagged else set(),
    )


async def had(tx: Tx, gone: Deleted, viewers: Collection[int]) -> set[int]:
    """Which of these accounts may have had a status at home that is gone."""
    had = {gone.account_id, *gone.mentioned}.intersection(viewers)
    if gone.visibility != "direct":
        had.update(await tx.scalars(queries.FOLLOWERS, account_id=gone.account_id, viewers=list(viewers)))
    if gone.visibility == "public" and gone.tag_ids:
        had.update(await tx.scalars(queries.TAG_FOLLOWERS, tag_ids=gone.tag_ids, viewers=list(viewers)))
    return had


async def tag_names(tx: Tx, ids: list[int]) -> set[str]:
    return set(await tx.scalars(queries.TAG_NAMES, ids=ids)) if ids else set()


async def seen_by(
    tx: Tx, show: StatusHydrator, status_id: int, facts: Row, viewers: Iterable[int]
) -> list[tuple[bytes, set[int]]]:
    """The status as JSON, and which of the viewers see it so; they are known to be allowed to. Who sees it alike
    shares one rendering: that is almost everybody, so a thousand readers cost hardly more than one."""
    wanted = set(viewers)
    rows = await tx.all(
        queries.VIEWPOINTS,
        viewers=list(wanted),
        ids=_without_none(status_id, facts["reblog_id"]),
        conversations=_without_none(facts["conversation_id"], facts["reblog_conversation_id"]),
        polls=_without_none(facts["poll_id"], facts["reblog_poll_id"]),
    )
    marks: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
    revisions: dict[int, int] = {}
    for mark, viewer, subject in rows:
        if mark == "w":
            revisions[viewer] = subject
            continue
        # Votes differ in more than that there are some.
        marks[viewer].add((mark, viewer if mark in "vo" else subject))
    for author in (facts["account_id"], facts["reblog_account_id"]):
        if author in wanted:
            marks[author].add(("author", author))
    # What a filter says of a status is its owner's alone; most filters say nothing.
    for viewer in await show.filtered_for(tx, status_id, revisions) if revisions else ():
        marks[viewer].add(("w", viewer))
    alike: defaultdict[frozenset[tuple[str, int]], set[int]] = defaultdict(set)
    for viewer in wanted:
        alike[frozenset(marks.get(viewer, ()))].add(viewer)
    rendered = []
    for group in alike.values():
        found = await show.by_ids(tx, min(group), [status_id], checked=True)
        if status_id in found:
            rendered.append((bytes(found[status_id]), group))
    return rendered


async def seen_by_all(
    tx: Tx, show: StatusHydrator, status_id: int, viewers: Collection[int]
) -> tuple[bytes, dict[int, bytes]] | None:
    """A public status as nobody in particular sees it, and as those of the viewers do whose filters it meets."""
    found = await show.by_ids(tx, NOBODY, [status_id])
    if status_id not in found:
        return None
    plain = bytes(found[status_id])
    rows = await tx.all(queries.FILTER_REVISIONS, viewers=list(viewers))
    filtered = await show.filtered_for(tx, status_id, {row[0]: row[1] for row in rows}) if rows else {}
    return plain, {viewer: with_filtered(plain, results) for viewer, results in filtered.items()}


def _without_none(*ids: int | None) -> list[int]:
    return [id_ for id_ in ids if id_ is not None]
