"""Posting, editing and deleting, by members. What comes from elsewhere is `remote`; reblogging is `reblogs`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts.consent import Standing
from fedcoop.accounts.types import Account
from fedcoop.cards import actions as cards
from fedcoop.config import Config
from fedcoop.conversations import actions as conversations
from fedcoop.db import Bound, Row, Tx
from fedcoop.errors import Invalid
from fedcoop.events import Edited, Posted
from fedcoop.jobs.deciding import HearWords
from fedcoop.jobs.types import ClosePoll, Federate, RemoveFiles
from fedcoop.media.actions import addresses
from fedcoop.notifications.actions import notify
from fedcoop.search import actions as search
from fedcoop.search.types import Attached
from fedcoop.statuses import access, polling, queries, words
from fedcoop.statuses.consent import access as consent
from fedcoop.statuses.consent import actions as consents
from fedcoop.statuses.consent import queries as consent_queries
from fedcoop.statuses.consent.types import Verdict
from fedcoop.statuses.quotes import access as quote_access
from fedcoop.statuses.quotes import actions as quotes
from fedcoop.statuses.quotes.types import policy_of
from fedcoop.statuses.types import Draft, Status, Visibility
from fedcoop.text import languages
from fedcoop.timelines import fan_out

MOST_MEDIA = 4


async def post(tx: Tx, author: Account, draft: Draft, *, config: Config) -> Status:
    """Publish what a member wrote. Raises `Invalid` if there is nothing to say or too much of it, `NotFound` if it
    answers or quotes a status that the member may not see, and `NotAllowed` where the author of that does not
    want it. An answer that its author wants to be asked about is held until they agree."""
    ready = await prepared(tx, author, draft, config=config)
    understood, quoted = ready.words, ready.quoted
    status = _new_status(author, draft, understood, ready.parent)
    if quoted is not None:
        status = _quoting(author, status, quoted, ready.standing)
    if ready.verdict == "asked":
        status = msgspec.structs.replace(status, visibility=consents.held(status.audience))
    mentioned = [account.id for account in understood.mentioned]
    await tx.execute(queries.INSERT, **msgspec.structs.asdict(status))
    await tx.many(queries.INSERT_MENTION, words.mention_rows(status.id, mentioned))
    await words.tag(tx, status.id, understood.tags, status.created_at)
    await _attach(tx, status.id, draft.media_ids)
    if quoted is not None and not status.held:
        await quotes.begin(tx, author, status, quoted)
    if draft.poll and status.poll_id:
        await polling.ask(tx, status.poll_id, status, draft.poll)
        if draft.poll.expires_at and draft.poll.kind == "ordinary":
            await jobs.add(tx, ClosePoll(poll_id=status.poll_id), run_at=draft.poll.expires_at)
    if ready.parent is not None:
        await consents.by_member(
            tx, "reply", author, ready.parent, ready.verdict, uri=status.uri, result_id=status.id
        )
    if status.held:
        await tx.batch(*fan_out.to_author(status.id, author.id))
        return status
    media = await tx.all(queries.MEDIA, ids=[status.id]) if draft.media_ids else []
    source = words.source(status, author, draft.poll.options if draft.poll else None)
    *_, watching = await tx.batch(
        *stored(status, parent_is_shown=status.public),
        search.kept(source, [Attached(row["type"], row["description"]) for row in media], tx.dialect),
        jobs.adding(tx, Federate(activity="post", account_id=author.id, object_id=status.id)),
        watchers(status),
    )
    if await cards.attach(tx, status.id, status.content, at_once=True):
        await search.index(tx, [status.id])
    for account in understood.mentioned:
        if account.local:
            await notify(tx, "mention", account.id, author.id, status.id)
    if author.kind != "group" and any(each.local and each.kind == "group" for each in understood.mentioned):
        await jobs.add(tx, HearWords(status_id=status.id))
    if status.visibility == "direct":
        await conversations.said(tx, status.id, status.conversation_id, author.id, mentioned)
    await tell_watchers(tx, status, watching)
    tx.events.append(Posted(status.id))
    return status


class Prepared(NamedTuple):
    """What a draft answers, what its words come to, and what it quotes, with where its author stands with both."""

    parent: Status | None
    verdict: Verdict
    words: words.Words
    quoted: Status | None
    standing: Standing


async def prepared(tx: Tx, author: Account, draft: Draft, *, config: Config) -> Prepared:
    """A draft, looked at; nothing is written. Raises whatever `post` would."""
    check(draft, config, quotes=draft.quoted_id is not None)
    parent = await access.original(tx, author.id, draft.in_reply_to_id) if draft.in_reply_to_id else None
    verdict = await consent.check(tx, author, parent, "reply") if parent is not None else "free"
    understood = await words.understand(tx, draft, config)
    await _check_media(tx, author, draft, None)
    if draft.quoted_id is None:
        return Prepared(parent, verdict, understood, None, "denied")
    quoted = await access.original(tx, author.id, draft.quoted_id)
    return Prepared(parent, verdict, understood, quoted, await quote_access.check(tx, author, quoted))


async def post_once(tx: Tx, author: Account, draft: Draft, key: str, *, config: Config) -> int:
    """Post, unless this account has posted with the same idempotency key in the last day; returns the id of the
    one status. Of requests at the same time one posts and the others wait for it. Raises as `post` does."""
    claimed = await tx.execute(
        queries.CLAIM_KEY, account_id=author.id, key=key, status_id=0, created_at=clock.now()
    )
    if not claimed:
        return int(await tx.scalar(queries.IDEMPOTENT, account_id=author.id, key=key))
    status = await post(tx, author, draft, config=config)
    await tx.execute(queries.FULFIL_KEY, account_id=author.id, key=key, posted_id=status.id)
    return status.id


def stored(status: Status, *, parent_is_shown: bool) -> list[Bound[Any]]:
    """Statements that follow every new status: counters, and the home timelines it belongs to."""
    calls: list[Bound[Any]] = [
        queries.COUNT_STATUS.bind(account_id=status.account_id, at=status.created_at),
        *fan_out.to_readers(status.id, status.account_id, local=status.local),
    ]
    # A private answer may not be betrayed by a public counter.
    if status.in_reply_to_id and parent_is_shown:
        calls.append(queries.COUNT_REPLIES.bind(id=status.in_reply_to_id, by=1))
    return calls


async def edit(tx: Tx, author: Account, status: Status, draft: Draft, *, config: Config) -> Status:
    """Replace the words, media and poll of a member's own status, and keep the version before. Audience and
    place in the thread stay, and what it quotes. Raises `Invalid` as `post` does."""
    check(draft, config, quotes=status.quote_state is not None)
    understood = await words.understand(tx, draft, config)
    await _check_media(tx, author, draft, status.id)
    now = clock.now()
    before = {row["account_id"] for row in await tx.all(queries.MENTIONED_IDS, id=status.id)}
    await keep_version(tx, status)
    await tx.batch(*words.untie(status.id), queries.DETACH_MEDIA.bind(id=status.id))
    # Whoever was addressed once keeps access.
    everybody = [account.id for account in understood.mentioned] + sorted(before)
    await tx.many(queries.INSERT_MENTION, words.mention_rows(status.id, everybody))
    await words.tag(tx, status.id, understood.tags, status.created_at)
    await _attach(tx, status.id, draft.media_ids)
    poll_id = await polling.ask_again(tx, status, draft.poll)
    if draft.poll and poll_id and poll_id != status.poll_id and draft.poll.expires_at:
        await jobs.add(tx, ClosePoll(poll_id=poll_id), run_at=draft.poll.expires_at)
    changed = msgspec.structs.replace(
        status,
        content=understood.html,
        text=draft.text,
        content_type=draft.content_type,
        spoiler_text=draft.spoiler_text,
        emojis=understood.emojis,
        sensitive=draft.sensitive or bool(draft.spoiler_text),
        language=draft.language or status.language,
        poll_id=poll_id,
        edited_at=now,
        revision=status.revision + 1,
    )
    await write_text(tx, changed)
    public = status.audience in ("public", "unlisted")
    policy = policy_of(draft.quote_policy, draft.may, public=public, before=status.policy)
    await quotes.write_policy(tx, status, policy)
    await cards.detach(tx, status.id)
    await cards.attach(tx, status.id, changed.content, at_once=True)
    await search.index(tx, [status.id])
    for account in understood.mentioned:
        if account.local and account.id not in before and not status.held:
            await notify(tx, "mention", account.id, author.id, status.id)
    if status.visibility == "direct":
        new = [id_ for id_ in everybody if id_ not in before]
        await conversations.said(tx, status.id, status.conversation_id, author.id, everybody, to=new)
    await tell_of_edit(tx, changed)
    await jobs.add(tx, Federate(activity="edit", account_id=author.id, object_id=status.id))
    return changed


async def write_text(tx: Tx, status: Status) -> None:
    await tx.execute(
        queries.UPDATE_TEXT,
        status_id=status.id,
        new_content=status.content,
        new_text=status.text,
        new_content_type=status.content_type,
        new_spoiler_text=status.spoiler_text,
        new_sensitive=status.sensitive,
        mark=f"sensitive:{status.id}",
        new_language=status.language,
        new_emojis=status.emojis,
        new_poll_id=status.poll_id,
        new_edited_at=status.edited_at,
    )


async def keep_version(tx: Tx, status: Status) -> None:
    """Write the present words into the history, before they change."""
    media = await tx.all(queries.MEDIA, ids=[status.id])
    poll = await tx.one(queries.POLLS, ids=[status.poll_id]) if status.poll_id else None
    await tx.execute(
        queries.ADD_EDIT,
        status_id=status.id,
        created_at=status.edited_at or status.created_at,
        content=status.content,
        spoiler_text=status.spoiler_text,
        sensitive=status.sensitive,
        emojis=status.emojis,
        poll_options=poll.options if poll else "",
        media=msgspec.json.encode([row["id"] for row in media]).decode(),
    )


async def tell_of_edit(tx: Tx, status: Status) -> None:
    """Notify the members who reblogged a status that it says something else now, and whoever listens; and give it
    to those who follow a hashtag that it has now."""
    tx.events.append(Edited(status.id))
    await tx.batch(*fan_out.edited(status.id))
    for account_id in await tx.scalars(queries.LOCAL_REBLOGGERS, id=status.id):
        await notify(tx, "update", account_id, status.account_id, status.id)
    await quotes.tell_of_edit(tx, status)


async def delete(tx: Tx, status: Status, *, keep_media: bool = False) -> None:
    """Remove a local status, with its reblogs, and tell the servers that have a copy; of one that is held that is
    whoever was asked. Its media can be kept for a day, for the status that is written in its place."""
    holders = (
        [status.in_reply_to_account_id]
        if status.held
        else await tx.scalars(queries.REMOTE_HOLDERS, id=status.id)
    )
    if keep_media:
        await tx.execute(queries.FREE_MEDIA, id=status.id, at=clock.now())
    elif media := await tx.all(queries.MEDIA, ids=[status.id]):
        await jobs.add(tx, RemoveFiles(urls=addresses(media)))
    await remove(tx, status)
    await jobs.add(tx, told_gone(status, holders))


def told_gone(status: Status, holders: Sequence[int | None]) -> Federate:
    """The job that tells other servers of a member's status that is gone: those of the followers, and of these."""
    return Federate(
        activity="delete",
        account_id=status.account_id,
        object_id=status.id,
        uri=status.uri,
        detail={
            "visibility": "direct" if status.held else status.visibility,
            "account_ids": [str(id_) for id_ in holders if id_],
        },
    )


async def remove(tx: Tx, status: Status) -> None:
    """Take a status away and leave a tombstone, so that no late copy brings it back. Of one that is held nobody
    but its author has heard, and nothing was counted."""
    bury = queries.BURY.bind(uri=status.uri, account_id=status.account_id, deleted_at=clock.now())
    if status.held:
        await tx.batch(bury, queries.DELETE.bind(id=status.id))
        return
    await fan_out.taken_away(
        tx,
        status.id,
        status.account_id,
        status.visibility,
        local=status.local,
        reblog=status.reblog_of_id is not None,
    )
    calls: list[Bound[Any]] = [
        *(conversations.gone(status.id) if status.visibility == "direct" else ()),
        bury,
        queries.UNCOUNT_STATUS.bind(id=status.id, account_id=status.account_id),
        consent_queries.DROP_HELD.bind(id=status.id),
        queries.ORPHAN.bind(id=status.id),
        *quotes.gone(status),
        queries.DELETE.bind(id=status.id),
    ]
    if status.in_reply_to_id and status.public:
        calls.append(queries.COUNT_REPLIES.bind(id=status.in_reply_to_id, by=-1))
    await tx.batch(*calls)


def _quoting(author: Account, status: Status, quoted: Status, standing: Standing) -> Status:
    """The new status as one that quotes. What was for followers is shown to no others."""
    narrow = not quoted.public and status.public
    return msgspec.structs.replace(
        status,
        visibility="private" if narrow else status.visibility,
        policy=policy_of("nobody", public=False, before=status.policy) if narrow else status.policy,
        quoted_id=quoted.id,
        quote_state=quotes.first_state(author, quoted, standing),
    )


def check(draft: Draft, config: Config, *, quotes: bool) -> None:
    """What can be seen wrong in a draft without the database; what `quotes` may have no words of its own. Raises
    `Invalid`."""
    if not draft.text.strip() and not draft.media_ids and not draft.poll and not quotes:
        raise Invalid("Validation failed: Text can't be blank", "text")
    if len(draft.media_ids) > MOST_MEDIA:
        raise Invalid(f"Validation failed: Cannot attach more than {MOST_MEDIA} files")
    if draft.poll:
        polling.check(draft.poll, config)


def _new_status(author: Account, draft: Draft, understood: words.Words, parent: Status | None) -> Status:
    id_ = ids.new_id()
    visibility: Visibility = draft.visibility
    return Status(
        id=id_,
        uri=f"{author.uri}/statuses/{id_}",
        url=f"{author.url}/{id_}",
        account_id=author.id,
        local=True,
        visibility=visibility,
        reblog_of_id=None,
        in_reply_to_id=parent.id if parent else None,
        in_reply_to_account_id=parent.account_id if parent else None,
        in_reply_to_uri=None,
        conversation_id=parent.conversation_id if parent else id_,
        content=understood.html,
        text=draft.text,
        content_type=draft.content_type,
        spoiler_text=draft.spoiler_text,
        sensitive=draft.sensitive or bool(draft.spoiler_text),
        language=draft.language or languages.detected(draft.text),
        app_id=draft.app_id,
        emojis=understood.emojis,
        poll_id=ids.new_id() if draft.poll else None,
        replies_count=0,
        reblogs_count=0,
        favourites_count=0,
        quotes_count=0,
        created_at=clock.now(),
        edited_at=None,
        revision=0,
        policy=policy_of(
            draft.quote_policy or "public", draft.may, public=visibility in ("public", "unlisted")
        ),
    )


async def _check_media(tx: Tx, author: Account, draft: Draft, status_id: int | None) -> None:
    if draft.media_ids:
        rows = await tx.all(
            queries.OWN_FREE_MEDIA, account_id=author.id, ids=list(draft.media_ids), status_id=status_id or 0
        )
        if missing := set(draft.media_ids) - {row["id"] for row in rows}:
            raise Invalid(f"Validation failed: Media {min(missing)} not found or already attached")
        if any(row["processing"] for row in rows):
            raise Invalid("Cannot attach files that have not finished processing. Try again in a moment!")


async def _attach(tx: Tx, status_id: int, media_ids: tuple[int, ...]) -> None:
    await tx.many(
        queries.ATTACH_MEDIA,
        [
            {"media_id": media_id, "of_status": status_id, "at_position": position}
            for position, media_id in enumerate(media_ids)
        ],
    )


def watchers(status: Status) -> Bound[Row]:
    """The statement that finds those who asked to hear of everything the author posts."""
    return queries.WATCHERS.bind(account_id=status.account_id, language=status.language)


async def tell_watchers(tx: Tx, status: Status, watching: list[Row]) -> None:
    """Notify those whom `watchers` found, unless the status is for somebody in particular."""
    if status.visibility == "direct" or (
        status.in_reply_to_account_id and status.in_reply_to_account_id != status.account_id
    ):
        return
    for (account_id,) in watching:
        await notify(tx, "status", account_id, status.account_id, status.id)
