"""What stands inside a status, as clients get it; the whole is put together in `hydrate`."""

from msgspec import Raw

from fedcoop import clock
from fedcoop.accounts.hydrate import emojis
from fedcoop.addresses import proxied
from fedcoop.db import Row
from fedcoop.statuses import entities
from fedcoop.statuses.types import Poll


def poll_entity(poll: Poll, viewer: int, own_votes: list[int], base_url: str) -> entities.Poll:
    """A poll as `viewer` sees it: totals may be hidden until the end, and own votes are one's own."""
    over = poll.over(clock.now())
    counts = poll.votes()
    hidden = poll.hide_totals and not over
    return entities.Poll(
        id=str(poll.id),
        expires_at=clock.iso_or_none(poll.expires_at),
        expired=over,
        multiple=poll.multiple,
        votes_count=sum(counts),
        voters_count=poll.voters_count,
        options=[
            entities.PollOption(title, None if hidden else count)
            for title, count in zip(poll.titles(), counts, strict=True)
        ],
        emojis=emojis(poll.emojis, base_url, local=poll.fetched_at is None),
        voted=bool(own_votes) or viewer == poll.account_id if viewer else None,
        own_votes=own_votes if viewer else None,
    )


def media_entity(row: Row, base_url: str) -> entities.MediaAttachment:
    """An attachment; another server's is shown through us, where its kind is known."""
    kind, url, preview = row["type"], row["url"], row["preview_url"]
    remote = row["remote_url"]
    if remote is not None:
        # Only a picture can be made small by us; of a film its server must have a picture.
        small = preview or (url if kind == "image" else "")
        shown = proxied(base_url, "attachments", row["id"], url) if kind != "unknown" else ""
        shown_small = proxied(base_url, "attachments", row["id"], small, "small") if shown else ""
    else:
        shown, shown_small = url, preview or (url if kind == "image" else "")
    return entities.MediaAttachment(
        id=str(row["id"]),
        type=kind,
        url=shown or None,
        preview_url=shown_small or None,
        remote_url=remote,
        preview_remote_url=preview or None if remote is not None else None,
        text_url=None,
        meta=Raw(row["meta"].encode()) if row["meta"] else None,
        description=row["description"],
        blurhash=row["blurhash"],
    )


def mention(row: Row) -> entities.StatusMention:
    """Somebody who is named in a status."""
    username, domain = row["username"], row["domain"]
    return entities.StatusMention(
        id=str(row["id"]),
        username=username,
        url=row["url"] or row["uri"],
        acct=f"{username}@{domain}" if domain else username,
    )


def application(row: Row) -> entities.StatusApplication | None:
    """What a status was written with, unless its author does not say."""
    return entities.StatusApplication(row["app_name"], row["app_website"]) if row["app_name"] else None
