"""From what a member typed to what is stored: HTML, who is mentioned, which hashtags. Text itself is
`fedcoop.text`."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from fedcoop import emoji, ids
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Bound, Row, Tx
from fedcoop.errors import Invalid
from fedcoop.search.types import Source
from fedcoop.statuses import queries
from fedcoop.statuses.types import Draft, Status
from fedcoop.text import compose

MOST_MENTIONS = 50
MOST_TAGS = 60


class Words(msgspec.Struct, frozen=True):
    """What a text came to."""

    html: str
    mentioned: list[Account]
    tags: list[tuple[str, str]]
    """Folded names, and as they were typed."""
    emojis: str
    """JSON, as columns keep them."""


async def understand(tx: Tx, draft: Draft, config: Config) -> Words:
    """Resolve mentions among known accounts, find hashtags, and render. Raises `Invalid` for too much text."""
    length = compose.length(draft.spoiler_text) + compose.length(draft.text)
    if length > config.status_max_chars:
        raise Invalid(
            f"Validation failed: Text character limit of {config.status_max_chars} exceeded", "text"
        )
    handles = [_own(handle, config) for handle in compose.find_mentions(draft.text)[:MOST_MENTIONS]]
    accounts = await tx.all(account_queries.BY_HANDLES, handles=handles) if handles else []
    known = {account.handle: account for account in accounts if account.deleted_at is None}
    tags = {compose.fold(tag): tag for tag in reversed(compose.find_hashtags(draft.text)[:MOST_TAGS])}
    html = compose.render(
        draft.text,
        {
            handle: compose.Mentioned(account.acct, account.url or account.uri)
            for handle, account in known.items()
        }
        | {
            f"{handle}@{config.domain}": compose.Mentioned(account.acct, account.url or account.uri)
            for handle, account in known.items()
            if account.local
        },
        lambda tag: f"{config.base_url}/tags/{quote(tag)}",
        draft.content_type,
    )
    mentioned = [known[handle] for handle in dict.fromkeys(handles) if handle in known]
    options = draft.poll.options if draft.poll else []
    named = await emoji.access.named_in(tx, draft.text, draft.spoiler_text, *options)
    return Words(html, mentioned, list(reversed(tags.items())), named)


def _own(handle: str, config: Config) -> str:
    """`alice@this.server` is `alice`."""
    return handle.removesuffix(f"@{config.domain}")


def mention_rows(status_id: int, mentioned: Sequence[int]) -> list[dict[str, int]]:
    return [
        {"status_id": status_id, "account_id": account_id, "position": position}
        for position, account_id in enumerate(dict.fromkeys(mentioned))
    ]


async def tag(tx: Tx, status_id: int, tags: Sequence[tuple[str, str]], at: int) -> None:
    """Bind hashtags (folded, as typed) to a status, making those that are new. `at` is when it was written."""
    if not tags:
        return
    names = [name for name, _ in tags]
    known: dict[str, int] = dict(await _known(tx, names))
    new = [
        {"id": ids.new_id(), "name": name, "display_name": shown, "last_status_at": at}
        for name, shown in tags
        if name not in known
    ]
    if new:
        await tx.many(queries.INSERT_TAG, new)
        known = dict(await _known(tx, names))
    await tx.many(
        queries.INSERT_STATUS_TAG,
        [
            {"tag_id": known[name], "status_id": status_id, "position": position}
            for position, name in enumerate(names)
        ],
    )
    await tx.execute(queries.TOUCH_TAGS, ids=list(known.values()), at=at)


async def _known(tx: Tx, names: list[str]) -> list[tuple[str, int]]:
    return [(row["name"], row["id"]) for row in await tx.all(queries.TAGS_NAMED, names=names)]


def source(status: Status, author: Account, options: Sequence[str] | None) -> Source:
    """What a new status is found by."""
    return Source(
        id=status.id,
        account_id=status.account_id,
        visibility=status.visibility,
        content=status.content,
        spoiler_text=status.spoiler_text,
        sensitive=status.sensitive,
        language=status.language,
        in_reply_to_id=status.in_reply_to_id,
        in_reply_to_uri=status.in_reply_to_uri,
        quotes=status.quote_state is not None,
        indexable=author.indexable,
        poll_options=None if options is None else msgspec.json.encode(options).decode(),
        card=None,
    )


def untie(status_id: int) -> list[Bound[Row]]:
    """Statements that forget a status's mentions and hashtags, before an edit writes them anew."""
    return [queries.DELETE_MENTIONS.bind(id=status_id), queries.DELETE_STATUS_TAGS.bind(id=status_id)]
