"""What a status said before: every version, oldest first. Versions are kept by `actions` and `remote`."""

from __future__ import annotations

import msgspec
from msgspec import Raw

from fedcoop import clock
from fedcoop.accounts.hydrate import emojis
from fedcoop.db import Row, Tx
from fedcoop.statuses import entities, queries
from fedcoop.statuses.shown import media_entity
from fedcoop.statuses.types import Status


async def versions(
    tx: Tx, status: Status, author: Raw, quote: Raw, base_url: str
) -> list[entities.StatusEdit]:
    """All versions of a status that the caller has checked the viewer may see, the present one last. `quote` is
    what they see quoted, which an edit does not change."""
    earlier, media, polls = await tx.batch(
        queries.EDITS.bind(id=status.id),
        queries.MEDIA.bind(ids=[status.id]),
        queries.POLLS.bind(ids=[status.poll_id] if status.poll_id else []),
    )
    attached = {row["id"]: media_entity(row, base_url) for row in media}
    now = entities.StatusEdit(
        content=status.content,
        spoiler_text=status.spoiler_text,
        sensitive=status.sensitive,
        created_at=clock.iso(status.edited_at or status.created_at),
        account=author,
        media_attachments=list(attached.values()),
        emojis=emojis(status.emojis, base_url, local=status.local),
        poll=_poll(polls[0].options if polls else ""),
        quote=quote,
    )
    return [*[_version(row, now, attached, base_url, status.local) for row in earlier], now]


def _version(
    row: Row,
    now: entities.StatusEdit,
    attached: dict[int, entities.MediaAttachment],
    base_url: str,
    local: bool,
) -> entities.StatusEdit:
    media = msgspec.json.decode(row["media"], type=list[int])
    return entities.StatusEdit(
        content=row["content"],
        spoiler_text=row["spoiler_text"],
        sensitive=row["sensitive"],
        created_at=clock.iso(row["created_at"]),
        account=now.account,
        # What was taken off in an edit is no longer there to be shown.
        media_attachments=[attached[id_] for id_ in media if id_ in attached],
        emojis=emojis(row["emojis"], base_url, local=local),
        poll=_poll(row["poll_options"]),
        quote=now.quote,
    )


def _poll(options: str) -> dict[str, list[dict[str, str]]] | None:
    if not options:
        return None
    return {"options": [{"title": title} for title in msgspec.json.decode(options, type=list[str])]}
