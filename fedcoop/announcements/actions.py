"""Saying something to all members, and what they do about it: dismiss it, or put an emoji on it."""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts import queries as account_queries
from fedcoop.announcements import queries
from fedcoop.announcements.emoji import is_emoji
from fedcoop.announcements.types import Announcement, Mention, Tag
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.emoji.access import NONE, named_in
from fedcoop.errors import Invalid, NotFound
from fedcoop.events import Announced, Reacted, Withdrawn
from fedcoop.jobs.types import TellAnnouncement
from fedcoop.text import compose, fit

LONGEST = 10_000
MOST_MENTIONS = 50
MOST_REACTIONS = 8
"""Different emoji on one announcement, as on Mastodon."""


async def announce(
    tx: Tx,
    config: Config,
    text: str,
    *,
    starts_at: int | None = None,
    ends_at: int | None = None,
    all_day: bool = False,
    because: str = "",
    id_: int = 0,
) -> Announcement:
    """Say something to all members from now on, until `ends_at` or until it is withdrawn. Times are those of what
    is announced; `all_day` says that only their days matter; a decision brings the id along. Raises `Invalid` for
    nothing to say, too much of it, or an end that is over or before the beginning."""
    text = fit(text).strip()
    if not text:
        raise Invalid("Validation failed: Text can't be blank", "text")
    if len(text) > LONGEST:
        raise Invalid(f"Validation failed: Text has {LONGEST} characters at most", "text")
    now = clock.now()
    if ends_at is not None and ends_at <= max(now, starts_at or 0):
        raise Invalid("Validation failed: Ends at must be after it starts, and not be over yet", "ends_at")
    html, mentions, tags = await _understood(tx, config, text)
    made = Announcement(
        id=id_ or ids.new_id(),
        text=text,
        content=html,
        mentions=msgspec.json.encode(mentions).decode(),
        tags=msgspec.json.encode(tags).decode(),
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=all_day,
        because=because,
        published_at=now,
        updated_at=now,
    )
    await tx.execute(queries.INSERT, **msgspec.structs.asdict(made))
    # By a job, so that it is told where members listen, whichever program says it.
    await jobs.add(tx, TellAnnouncement(announcement_id=made.id))
    return made


async def withdraw(tx: Tx, id: int) -> None:
    """Show it no more. Raises `NotFound`."""
    if not await tx.execute(queries.DELETE, id=id):
        raise NotFound
    await jobs.add(tx, TellAnnouncement(announcement_id=id, withdrawn=True))


async def tell(tx: Tx, job: TellAnnouncement) -> None:
    """Tell those who listen right now."""
    tx.events.append(Withdrawn(job.announcement_id) if job.withdrawn else Announced(job.announcement_id))


async def dismiss(tx: Tx, account_id: int, id: int) -> None:
    """Have read it. Raises `NotFound`."""
    await _check(tx, account_id, id)
    await tx.execute(queries.READ, announcement_id=id, account_id=account_id, created_at=clock.now())


async def react(tx: Tx, account_id: int, id: int, name: str) -> None:
    """Put an emoji on it, once. Raises `NotFound`, and `Invalid` for what is no emoji or one too many."""
    await _check(tx, account_id, id)
    if not is_emoji(name) and await named_in(tx, f":{name}:") == NONE:
        raise Invalid("Validation failed: Name is not a recognized emoji", "name")
    names = set(await tx.scalars(queries.NAMES, id=id))
    if name not in names and len(names) >= MOST_REACTIONS:
        raise Invalid("Validation failed: Limit of different reactions reached", "name")
    added = await tx.execute(
        queries.REACT, announcement_id=id, account_id=account_id, name=name, created_at=clock.now()
    )
    if added:
        tx.events.append(Reacted(id, name))


async def take_back(tx: Tx, account_id: int, id: int, name: str) -> None:
    """Take one's emoji away. Raises `NotFound` where there is none."""
    if not await tx.execute(queries.TAKE_BACK, announcement_id=id, account_id=account_id, name=name):
        raise NotFound
    tx.events.append(Reacted(id, name))


async def _check(tx: Tx, account_id: int, id: int) -> None:
    if await tx.one(queries.ONE, id=id, viewer=account_id) is None:
        raise NotFound


async def _understood(tx: Tx, config: Config, text: str) -> tuple[str, list[Mention], list[Tag]]:
    """The text as HTML, the accounts in it that we know, and its hashtags."""
    handles = compose.find_mentions(text)[:MOST_MENTIONS]
    local = [handle.removesuffix(f"@{config.domain}") for handle in handles]
    accounts = await tx.all(account_queries.BY_HANDLES, handles=local) if local else []
    known = {account.handle: account for account in accounts if account.deleted_at is None}
    named = {
        handle: compose.Mentioned(known[own].acct, known[own].url or known[own].uri)
        for handle, own in zip(handles, local, strict=True)
        if own in known
    }
    tags = [compose.fold(tag) for tag in compose.find_hashtags(text)]

    def tag_url(tag: str) -> str:
        return f"{config.base_url}/tags/{quote(tag)}"

    return (
        compose.render(text, named, tag_url, "text/plain"),
        [Mention(str(each.id), each.username, each.url or each.uri, each.acct) for each in known.values()],
        [Tag(tag, tag_url(tag)) for tag in dict.fromkeys(tags)],
    )
