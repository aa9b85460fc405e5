"""Keeping a draft for later, moving it, dropping it, and publishing it when its time has come."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.ids import ScheduledId
from fedcoop.jobs.types import PublishScheduled
from fedcoop.mail import actions as mail
from fedcoop.scheduled import queries
from fedcoop.scheduled.types import Scheduled
from fedcoop.statuses import access as statuses
from fedcoop.statuses import actions
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.types import Draft, PollDraft

# Mastodon's: https://docs.joinmastodon.org/methods/scheduled_statuses/
SOONEST = 5 * clock.MINUTE
LATEST = 5 * 365 * clock.DAY
MOST = 300
MOST_A_DAY = 25


async def schedule(tx: Tx, author: Account, draft: Draft, at: int, *, config: Config) -> Scheduled:
    """Keep a draft until `at`, with its media, which nothing else can use meanwhile. Raises what posting it now
    would raise, and `Invalid` for a time that is too soon, or for one status too many."""
    await _check_time(tx, author.id, at)
    await actions.prepared(tx, author, draft, config=config)
    kept = Scheduled(ScheduledId(ids.new_id()), author.id, at, _stored(draft))
    await _keep(tx, kept, draft.media_ids)
    await jobs.add(tx, PublishScheduled(scheduled_id=kept.id), run_at=at)
    return kept


async def schedule_once(
    tx: Tx, author: Account, draft: Draft, at: int, key: str, *, config: Config
) -> Scheduled:
    """The same, unless this account did so with the same idempotency key in the last day. Raises `NotFound` when
    what was kept then is published by now."""
    if not key:
        return await schedule(tx, author, draft, at, config=config)
    claimed = await tx.execute(
        status_queries.CLAIM_KEY, account_id=author.id, key=key, status_id=0, created_at=clock.now()
    )
    if not claimed:
        known = await tx.scalar(status_queries.IDEMPOTENT, account_id=author.id, key=key)
        kept = await tx.one(queries.BY_ID, id=known)
        if kept is None:
            raise NotFound
        return kept
    kept = await schedule(tx, author, draft, at, config=config)
    await tx.execute(status_queries.FULFIL_KEY, account_id=author.id, key=key, posted_id=kept.id)
    return kept


async def move(tx: Tx, kept: Scheduled, at: int) -> Scheduled:
    """Publish it at another time. Raises `Invalid` for one that is too soon."""
    await _check_time(tx, kept.account_id, at, known=True)
    await tx.execute(queries.MOVE, id=kept.id, new_time=at)
    await jobs.add(tx, PublishScheduled(scheduled_id=kept.id), run_at=at)
    return msgspec.structs.replace(kept, scheduled_at=at)


async def drop(tx: Tx, kept: Scheduled) -> None:
    """Publish it never. Its media are free again."""
    await tx.execute(queries.DELETE, id=kept.id)


async def publish(tx: Tx, scheduled_id: int, *, config: Config) -> None:
    """Job: post it if its time has come; nothing, if it was posted, moved or dropped since. Taking the draft away
    and posting it are one transaction, so it is posted once. Where it cannot be posted any more it is kept,
    and its author told why."""
    kept = await tx.one(queries.BY_ID, id=scheduled_id)
    if kept is None or kept.scheduled_at > clock.now():
        return
    media = await tx.all(queries.MEDIA, ids=[kept.id])
    if not await tx.execute(queries.DELETE, id=kept.id):
        return
    try:
        author, user = await accounts.member(tx, kept.account_id)
    except NotFound:
        return
    if author.suspended_at is not None or user.disabled_at is not None:
        return
    draft = msgspec.structs.replace(
        kept.written(),
        media_ids=tuple(row["id"] for row in media),
        in_reply_to_id=await _still_there(tx, author, kept.written().in_reply_to_id),
        poll=_opened(kept.written().poll),
    )
    try:
        # Whatever it may raise it raises before it writes.
        await actions.post(tx, author, draft, config=config)
    except (Invalid, NotAllowed, NotFound) as problem:
        await _keep(tx, kept, draft.media_ids)
        why = "What it quotes is not there any more." if isinstance(problem, NotFound) else problem.message
        await mail.send(
            tx, config, user.email, "not_published", username=author.username, why=why, text=draft.text
        )


async def _keep(tx: Tx, kept: Scheduled, media_ids: Sequence[int]) -> None:
    await tx.execute(queries.INSERT, **msgspec.structs.asdict(kept))
    for position, media_id in enumerate(media_ids):
        await tx.execute(queries.RESERVE, media_id=media_id, scheduled_id=kept.id, position=position)


async def _still_there(tx: Tx, author: Account, status_id: int | None) -> int | None:
    """What it answers may be gone by now; then it answers nothing."""
    if status_id is None:
        return None
    try:
        return (await statuses.original(tx, author.id, status_id)).id
    except NotFound:
        return None


def _stored(draft: Draft) -> str:
    poll = draft.poll
    if poll is not None and poll.expires_at is not None:
        # Whole seconds, as the client sent them.
        open_for = round((poll.expires_at - clock.now()) / clock.SECOND) * clock.SECOND
        poll = msgspec.structs.replace(poll, expires_at=open_for)
    return msgspec.json.encode(msgspec.structs.replace(draft, poll=poll)).decode()


def _opened(poll: PollDraft | None) -> PollDraft | None:
    if poll is None or poll.expires_at is None:
        return poll
    return msgspec.structs.replace(poll, expires_at=clock.now() + poll.expires_at)


async def _check_time(tx: Tx, account_id: int, at: int, *, known: bool = False) -> None:
    if not SOONEST <= at - clock.now() <= LATEST:
        raise Invalid(
            "Validation failed: Scheduled at must be at least 5 minutes in the future", "scheduled_at"
        )
    if not known and await tx.scalar(queries.COUNT, account_id=account_id) >= MOST:
        raise Invalid(f"Validation failed: You have exceeded the limit of {MOST} scheduled posts")
    midnight = at - at % clock.DAY
    same_day = await tx.scalar(
        queries.COUNT_BETWEEN, account_id=account_id, start=midnight, end=midnight + clock.DAY
    )
    if same_day >= MOST_A_DAY:
        raise Invalid(
            f"Validation failed: You have exceeded the limit of {MOST_A_DAY} scheduled posts for that day"
        )
