"""Statuses written elsewhere: received, edited, deleted. Those of members are `actions`."""

from __future__ import annotations

import html
from typing import Literal

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.cards import actions as cards
from fedcoop.conversations import actions as conversations
from fedcoop.db import Tx
from fedcoop.emoji.access import among
from fedcoop.events import Posted
from fedcoop.jobs.types import VerifyAnswer
from fedcoop.media import copies
from fedcoop.notifications.actions import notify
from fedcoop.search import actions as search
from fedcoop.search.types import Attached
from fedcoop.statuses import actions, polling, queries, words
from fedcoop.statuses.consent import access as consent
from fedcoop.statuses.consent import actions as consents
from fedcoop.statuses.consent import queries as consent_queries
from fedcoop.statuses.consent.types import Interaction
from fedcoop.statuses.quotes import actions as quotes
from fedcoop.statuses.quotes.types import written
from fedcoop.statuses.types import Poll, RemotePoll, RemoteStatus, Status
from fedcoop.text import compose, plain, sanitize

# What others send is bounded here, whatever they send.
MOST_CONTENT = 100_000
MOST_SPOILER = 5_000
MOST_MEDIA = 16
MOST_OPTIONS = 500
MOST_MENTIONS = 200
MOST_TAGS = 100
MOST_EMOJIS = 100
MOST_COUNT = 10**8
EARLIEST = 946_684_800_000  # the year 2000
MOST_EDITS = 100

LIVE = 6 * clock.HOUR
"""What is older when it arrives is no news to those who listen."""


async def receive(
    tx: Tx, author: Account, remote: RemoteStatus, *, wanted: bool = False, request_uri: str = ""
) -> Status | None:
    """Store a status from elsewhere and put it where it belongs. None if it is known, was deleted, concerns
    nobody here, or answers what its author may not answer; `wanted` says that somebody here asked for it, and
    `request_uri` that it came with a request. What needs consent is held until there is some."""
    if await tx.scalar(queries.TOMBSTONE, uri=remote.uri) is not None:
        return None
    parent = await tx.one(queries.BY_URI, uri=remote.in_reply_to_uri) if remote.in_reply_to_uri else None
    if parent is not None and parent.reblog_of_id is not None:
        parent = await tx.one(queries.BY_ID, id=parent.reblog_of_id)
    mentioned = await _mentioned(tx, author, remote)
    if not wanted and not await _concerns_us(tx, author, parent, mentioned):
        return None
    if parent is not None and parent.held:
        return None
    status = _new_status(author, remote, parent)
    asked = await _ask(tx, author, remote, parent, request_uri) if parent is not None else None
    if asked == "unwelcome" or (asked is not None and asked.state in ("rejected", "revoked")):
        return None
    if asked is not None and asked.state == "pending":
        status = msgspec.structs.replace(status, visibility=consents.held(remote.visibility))
    if not await tx.execute(queries.INSERT_UNLESS_KNOWN, **msgspec.structs.asdict(status)):
        return None
    if asked is not None:
        await tx.execute(consent_queries.BECAME, id=asked.id, new_result_id=status.id)
    await _hang_on(tx, status, remote, [account.id for account in mentioned])
    await copies.know_emoji(tx, author.domain or "", _emoji_urls(remote))
    known_card = await _hang_card(tx, status, remote, mentioned)
    if remote.poll and status.poll_id:
        await polling.insert(tx, _poll(status.poll_id, status, remote.poll))
    if status.held:
        await _hold(tx, status, remote)
        return status
    source = words.source(status, author, remote.poll.options if remote.poll else None)
    attached = [Attached(media.type, media.description) for media in remote.media[:MOST_MEDIA]]
    *_, watching = await tx.batch(
        search.kept(source, attached, tx.dialect),
        *actions.stored(status, parent_is_shown=status.public),
        queries.ADOPT.bind(parent_uri=status.uri, parent_id=status.id, parent_account_id=status.account_id),
        actions.watchers(status),
    )
    if remote.policy.reply is not None:
        answers = await tx.scalars(consent_queries.ANSWERS_ELSEWHERE, id=status.id, author_id=author.id)
        await jobs.add_all(tx, [VerifyAnswer(status_id=id_) for id_ in answers])
    if remote.quoted_uri:
        await quotes.begin_elsewhere(tx, status, remote.quoted_uri, remote.quote_stamp)
    if known_card:
        await search.index(tx, [status.id])
    for account in mentioned:
        if account.local:
            await notify(tx, "mention", account.id, author.id, status.id)
    if status.visibility == "direct":
        meant = [account.id for account in mentioned]
        await conversations.said(tx, status.id, status.conversation_id, author.id, meant)
    if status.created_at > clock.now() - LIVE:
        await actions.tell_watchers(tx, status, watching)
        tx.events.append(Posted(status.id))
    return status


async def receive_edit(tx: Tx, author: Account, status: Status, remote: RemoteStatus) -> Status:
    """Replace what a status says, and keep the version before. Its audience, thread and author stay whatever
    the new document says. A change of totals alone is no edit."""
    poll_id = await _edit_poll(tx, status, remote.poll)
    await quotes.learn_policy(tx, status, remote.policy)
    if remote.quoted_uri and status.quote_state in (None, "pending") and not status.held:
        await quotes.begin_elsewhere(tx, status, remote.quoted_uri, remote.quote_stamp)
    fresh = _content(remote)
    unchanged = (
        fresh == status.content
        and remote.spoiler_text[:MOST_SPOILER] == status.spoiler_text
        and remote.sensitive == status.sensitive
        and poll_id == status.poll_id
        and await _media_urls(tx, status) == [media.url for media in remote.media[:MOST_MEDIA]]
    )
    if unchanged:
        await tx.execute(queries.TOUCH, id=status.id)
        return status
    now = clock.now()
    if len(await tx.all(queries.EDITS, id=status.id)) < MOST_EDITS:
        await actions.keep_version(tx, status)
    changed = msgspec.structs.replace(
        status,
        content=fresh,
        spoiler_text=remote.spoiler_text[:MOST_SPOILER],
        sensitive=remote.sensitive,
        language=remote.language or status.language,
        emojis=_emojis(remote),
        poll_id=poll_id,
        edited_at=min(remote.edited_at or now, now),
        revision=status.revision + 1,
    )
    await actions.write_text(tx, changed)
    before = set(await tx.scalars(queries.MENTIONED_IDS, id=status.id))
    mentioned = await _mentioned(tx, author, remote)
    await tx.batch(*words.untie(status.id), queries.DELETE_MEDIA.bind(id=status.id))
    # Whoever was addressed once keeps access; an edit addresses nobody new in a private status.
    ids_ = [account.id for account in mentioned if status.public or account.id in before]
    await _hang_on(tx, changed, remote, ids_ + sorted(before))
    await copies.know_emoji(tx, author.domain or "", _emoji_urls(remote))
    await cards.detach(tx, status.id)
    await _hang_card(tx, changed, remote, mentioned)
    await search.index(tx, [status.id])
    for account in mentioned:
        if account.local and account.id not in before and status.public:
            await notify(tx, "mention", account.id, author.id, status.id)
    await actions.tell_of_edit(tx, changed)
    return changed


async def receive_delete(tx: Tx, author: Account, uri: str) -> bool:
    """Remove the author's status with this address. One that never came is remembered as deleted, so that it
    is refused when it comes late. Someone else's stays: False."""
    status = await tx.one(queries.BY_URI, uri=uri)
    if status is None:
        await tx.execute(queries.BURY, uri=uri, account_id=author.id, deleted_at=clock.now())
        return True
    if status.account_id != author.id:
        return False
    await actions.remove(tx, status)
    return True


async def _ask(
    tx: Tx, author: Account, remote: RemoteStatus, parent: Status, request_uri: str
) -> Interaction | Literal["unwelcome"] | None:
    """What becomes of an answer by what is said of who may answer; None where nobody has to be asked. What comes
    without the consent that it needs may come again with some, so that nothing is noted of it."""
    if not request_uri and (not parent.policy or await tx.one(queries.BY_URI, uri=remote.uri) is not None):
        return None
    if parent.local:
        return await consents.by_stranger(
            tx, "reply", author, parent, uri=remote.uri, request_uri=request_uri
        )
    if await consent.verdict(tx, author, parent, "reply") == "free":
        return None
    if not remote.reply_stamp:
        return "unwelcome"
    return await consents.claimed(tx, "reply", author, parent, uri=remote.uri, stamp=remote.reply_stamp)


async def _hold(tx: Tx, status: Status, remote: RemoteStatus) -> None:
    """What it quotes is looked at once it is shown; consent to answering somebody elsewhere is looked at now."""
    if remote.quoted_uri:
        await quotes.claim(tx, status, remote.quoted_uri, remote.quote_stamp)
    if remote.reply_stamp:
        await jobs.add(tx, VerifyAnswer(status_id=status.id, stamp=remote.reply_stamp))


async def _concerns_us(tx: Tx, author: Account, parent: Status | None, mentioned: list[Account]) -> bool:
    if (parent is not None and parent.local) or any(account.local for account in mentioned):
        return True
    return await tx.scalar(queries.ANY_LOCAL_FOLLOWER, account_id=author.id) is not None


async def _mentioned(tx: Tx, author: Account, remote: RemoteStatus) -> list[Account]:
    wanted = [id_ for id_ in remote.mentions[:MOST_MENTIONS] if id_ != author.id]
    return await tx.all(account_queries.BY_IDS, ids=wanted) if wanted else []


async def _hang_on(tx: Tx, status: Status, remote: RemoteStatus, mentioned: list[int]) -> None:
    await tx.many(queries.INSERT_MENTION, words.mention_rows(status.id, mentioned))
    tags = {compose.fold(tag): tag for tag in remote.tags[:MOST_TAGS] if compose.fold(tag)}
    await words.tag(tx, status.id, list(tags.items()), status.created_at)
    rows: list[dict[str, object]] = [
        {
            "id": ids.new_id(),
            "account_id": status.account_id,
            "status_id": status.id,
            "position": position,
            "type": media.type,
            "mime_type": media.mime_type,
            "url": media.url,
            "preview_url": media.preview_url,
            "remote_url": media.url,
            "description": media.description[:10_000] if media.description else None,
            "blurhash": media.blurhash,
            "meta": msgspec.json.encode(media.meta).decode() if media.meta else "",
            "processing": "",
            "created_at": clock.now(),
        }
        for position, media in enumerate(remote.media[:MOST_MEDIA])
    ]
    await tx.many(queries.INSERT_MEDIA, rows)


async def _hang_card(tx: Tx, status: Status, remote: RemoteStatus, mentioned: list[Account]) -> bool:
    """Says whether what is on the card is known already."""
    people = {url for account in mentioned for url in (account.url, account.uri)}
    return await cards.attach(tx, status.id, status.content, link=remote.link, apart_from=people)


async def _media_urls(tx: Tx, status: Status) -> list[str]:
    return [row["url"] for row in await tx.all(queries.MEDIA, ids=[status.id])]


async def _edit_poll(tx: Tx, status: Status, poll: RemotePoll | None) -> int | None:
    before = await tx.one(queries.POLLS, ids=[status.poll_id]) if status.poll_id else None
    if poll is None:
        await tx.execute(queries.DELETE_POLL, id=status.id)
        return None
    same = (
        before is not None
        and before.titles() == poll.options[:MOST_OPTIONS]
        and before.multiple == poll.multiple
    )
    fresh = _poll(before.id if before and same else ids.new_id(), status, poll)
    if before and same:
        await tx.execute(
            queries.UPDATE_POLL,
            poll_id=fresh.id,
            new_counts=fresh.counts,
            new_voters_count=fresh.voters_count,
            new_expires_at=fresh.expires_at,
            new_closed=fresh.closed,
            new_fetched_at=fresh.fetched_at,
        )
    else:
        await tx.execute(queries.DELETE_POLL, id=status.id)
        await polling.insert(tx, fresh)
    return fresh.id


def _poll(poll_id: int, status: Status, poll: RemotePoll) -> Poll:
    options = [option[:1000] for option in poll.options[:MOST_OPTIONS]]
    counts = [_count(count) for count in poll.counts[: len(options)]]
    counts += [0] * (len(options) - len(counts))
    return Poll(
        id=poll_id,
        status_id=status.id,
        account_id=status.account_id,
        kind="ordinary",
        multiple=poll.multiple,
        hide_totals=False,
        options=msgspec.json.encode(options).decode(),
        emojis=among(status.emojis, *options),
        counts=msgspec.json.encode(counts).decode(),
        voters_count=_count(poll.voters_count),
        expires_at=poll.expires_at,
        closed=poll.closed,
        fetched_at=clock.now(),
    )


def _count(number: int) -> int:
    """Totals from elsewhere are claims: kept within reason."""
    return min(max(number, 0), MOST_COUNT)


def _content(remote: RemoteStatus) -> str:
    content = sanitize(remote.content[:MOST_CONTENT])
    if remote.title:
        title = html.escape(plain(remote.title)[:500])
        link = html.escape(remote.url or remote.uri, quote=True)
        heading = (
            f'<p><a href="{link}" rel="nofollow noopener" target="_blank"><strong>{title}</strong></a></p>'
        )
        content = sanitize(heading) + content
    return content


def _emoji_urls(remote: RemoteStatus) -> list[str]:
    return [str(each["url"]) for each in remote.emojis[:MOST_EMOJIS]]


def _emojis(remote: RemoteStatus) -> str:
    return msgspec.json.encode(list(remote.emojis[:MOST_EMOJIS])).decode()


def _new_status(author: Account, remote: RemoteStatus, parent: Status | None) -> Status:
    now = clock.now()
    # No post of the future, or it would stay on top of every timeline.
    created_at = min(max(remote.created_at, EARLIEST), now)
    id_ = ids.id_at(created_at)
    return Status(
        id=id_,
        uri=remote.uri,
        url=remote.url or remote.uri,
        account_id=author.id,
        local=False,
        visibility=remote.visibility,
        reblog_of_id=None,
        in_reply_to_id=parent.id if parent else None,
        in_reply_to_account_id=parent.account_id if parent else None,
        in_reply_to_uri=None if parent else remote.in_reply_to_uri,
        conversation_id=parent.conversation_id if parent else id_,
        content=_content(remote),
        text="",
        content_type="text/html",
        spoiler_text=remote.spoiler_text[:MOST_SPOILER],
        sensitive=remote.sensitive or bool(remote.spoiler_text),
        language=remote.language,
        app_id=None,
        emojis=_emojis(remote),
        poll_id=ids.new_id() if remote.poll else None,
        replies_count=0,
        reblogs_count=0,
        favourites_count=0,
        quotes_count=0,
        created_at=created_at,
        edited_at=remote.edited_at,
        revision=0,
        quote_state="pending" if remote.quoted_uri else None,
        policy=written(remote.policy),
    )
