"""From rows to what builders are given: statuses with everything their documents tell, in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from activitypub import queries
from activitypub.builders.types import Media, Mentioned, Written
from fedcoop.accounts import queries as account_queries
from fedcoop.config import Config
from fedcoop.db import Row, Tx
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent import queries as consent_queries
from fedcoop.statuses.quotes import queries as quote_queries
from fedcoop.statuses.types import Status


async def written(tx: Tx, config: Config, status: Status) -> Written:
    """One status with all that belongs to it."""
    return (await all_written(tx, config, [status]))[0]


async def all_written(tx: Tx, config: Config, found: Sequence[Status]) -> list[Written]:
    """Statuses with all that belongs to them, in the order given; as many statements for many as for one."""
    if not found:
        return []
    ids = [status.id for status in found]
    related = {status.conversation_id for status in found}
    related |= {one for status in found for one in (status.in_reply_to_id, status.reblog_of_id) if one}
    polls = [status.poll_id for status in found if status.poll_id]
    quoting = [status.id for status in found if status.quote_state in ("pending", "accepted")]
    authors, media, mentions, tags, votes, others, quoted, groups, consents = await tx.batch(
        account_queries.BY_IDS.bind(ids=list({status.account_id for status in found})),
        status_queries.MEDIA.bind(ids=ids),
        status_queries.MENTIONED.bind(ids=ids),
        status_queries.TAGGED.bind(ids=ids),
        status_queries.POLLS.bind(ids=polls),
        queries.WITH_AUTHORS.bind(ids=list(related)),
        quote_queries.BY_STATUSES.bind(ids=quoting),
        queries.GROUPS.bind(ids=ids),
        consent_queries.BY_RESULTS.bind(ids=ids),
    )
    stamps = {each.result_id: each.stamp_uri for each in consents if each.state == "accepted"}
    quotes = {quote.status_id: quote for quote in quoted}
    by_account = {account.id: account for account in authors}
    by_poll = {poll.id: poll for poll in votes}
    addresses = {row["id"]: (row["uri"], row["author"]) for row in others}
    media_of, mentions_of, tags_of = _grouped(media), _grouped(mentions), _grouped(tags)
    groups_of = _grouped(groups)
    return [
        Written(
            status=status,
            author=by_account[status.account_id],
            base_url=config.base_url,
            mentions=tuple(_mentioned(row, config.domain) for row in mentions_of[status.id]),
            tags=tuple(row["name"] for row in tags_of[status.id]),
            media=tuple(_media(row) for row in media_of[status.id]),
            poll=by_poll.get(status.poll_id) if status.poll_id else None,
            in_reply_to=addresses.get(status.in_reply_to_id or 0, (status.in_reply_to_uri or "", ""))[0],
            context=_context(config, status, addresses),
            reblog_of=addresses.get(status.reblog_of_id or 0, ("", ""))[0],
            reblog_author=addresses.get(status.reblog_of_id or 0, ("", ""))[1],
            groups=tuple(row["uri"] for row in groups_of[status.id]),
            quote=quotes[status.id].quoted_uri if status.id in quotes else "",
            quote_stamp=quotes[status.id].stamp_uri if status.id in quotes else "",
            stamp=stamps.get(status.id, ""),
        )
        for status in found
    ]


def _context(config: Config, status: Status, addresses: dict[int, tuple[str, str]]) -> str:
    root, _ = addresses.get(status.conversation_id, ("", ""))
    here = root.startswith(f"{config.base_url}/") and status.reblog_of_id is None
    return f"{config.base_url}/ap/contexts/{status.conversation_id}" if here else ""


def _grouped(rows: list[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["status_id"]].append(row)
    return found


def _mentioned(row: Row, own_domain: str) -> Mentioned:
    return Mentioned(row["uri"], f"{row['username']}@{row['domain'] or own_domain}")


def _media(row: Row) -> Media:
    meta: dict[str, Any] = msgspec.json.decode(row["meta"]) if row["meta"] else {}
    original = meta.get("original") or {}
    focus = meta.get("focus") or {}
    return Media(
        type=row["type"],
        mime_type=row["mime_type"],
        url=row["url"],
        description=row["description"] or "",
        blurhash=row["blurhash"] or "",
        width=original.get("width"),
        height=original.get("height"),
        duration=original.get("duration"),
        focus=(float(focus["x"]), float(focus["y"])) if "x" in focus and "y" in focus else None,
    )
