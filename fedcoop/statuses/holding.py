"""Statuses that wait for the consent of whom they answer: seen by their author alone, then shown like any other.
Whether there is consent is `consent`; boosts are `reblogs`."""

from __future__ import annotations

import msgspec

from fedcoop import clock, jobs
from fedcoop.accounts import queries as account_queries
from fedcoop.cards import actions as cards
from fedcoop.conversations import actions as conversations
from fedcoop.db import Bound, Row, Tx
from fedcoop.events import Posted
from fedcoop.jobs.deciding import HearWords
from fedcoop.jobs.types import Federate
from fedcoop.notifications.actions import notify
from fedcoop.search import actions as search
from fedcoop.statuses import actions, queries
from fedcoop.statuses.consent import actions as consents
from fedcoop.statuses.consent import queries as consent_queries
from fedcoop.statuses.quotes import actions as quotes
from fedcoop.statuses.types import Status
from fedcoop.timelines import fan_out


async def show(tx: Tx, status: Status) -> None:
    """Do for a held status what is done for one that needs no consent: count it, put it where it belongs,
    tell whom it is for. Nothing happens to one that is shown."""
    author = await tx.one(account_queries.BY_ID, id=status.account_id)
    if not status.held or author is None:
        return
    shown = msgspec.structs.replace(status, visibility=status.audience)
    await tx.execute(consent_queries.SHOW, id=status.id, new_visibility=shown.visibility)
    meant = await tx.scalars(queries.MENTIONED_IDS, id=status.id)
    mentioned = await tx.all(account_queries.BY_IDS, ids=meant) if meant else []
    # Counted as of now, since others may have been posted meanwhile.
    counted = msgspec.structs.replace(shown, created_at=clock.now())
    await tx.batch(
        *actions.stored(counted, parent_is_shown=shown.public),
        queries.ADOPT.bind(parent_uri=status.uri, parent_id=status.id, parent_account_id=status.account_id),
    )
    if status.local:
        await _tell_elsewhere(tx, shown)
        if any(each.local and each.kind == "group" for each in mentioned):
            await jobs.add(tx, HearWords(status_id=status.id))
        await cards.attach(tx, status.id, status.content, at_once=True)
    await search.index(tx, [status.id])
    for account in mentioned:
        if account.local:
            await notify(tx, "mention", account.id, author.id, status.id)
    if shown.visibility == "direct":
        await conversations.said(tx, status.id, status.conversation_id, author.id, meant)
    await quotes.look(tx, author, shown)
    tx.events.append(Posted(status.id))


async def _tell_elsewhere(tx: Tx, status: Status) -> None:
    await jobs.add(tx, Federate(activity="post", account_id=status.account_id, object_id=status.id))
    if status.edited_at is not None:
        # Whoever agreed has the words that they were asked with.
        await jobs.add(tx, Federate(activity="edit", account_id=status.account_id, object_id=status.id))


async def hide(tx: Tx, status: Status) -> None:
    """Take a member's answer back from everybody else, since whom it answers no longer consents; its author keeps
    it. Its boosts go."""
    if status.held:
        return
    holders = await tx.scalars(queries.REMOTE_HOLDERS, id=status.id)
    await fan_out.taken_away(
        tx, status.id, status.account_id, status.visibility, local=status.local, reblog=False
    )
    calls: list[Bound[Row]] = [
        *(conversations.gone(status.id) if status.visibility == "direct" else ()),
        queries.UNCOUNT_STATUS.bind(id=status.id, account_id=status.account_id),
        consent_queries.DROP_BOOSTS.bind(id=status.id),
        consent_queries.TAKE_HOME.bind(id=status.id),
        consent_queries.SHOW.bind(id=status.id, new_visibility=consents.held(status.audience)),
    ]
    if status.in_reply_to_id and status.public:
        calls.append(queries.COUNT_REPLIES.bind(id=status.in_reply_to_id, by=-1))
    await tx.batch(*calls, *fan_out.to_author(status.id, status.account_id))
    await search.index(tx, [status.id])
    await jobs.add(tx, actions.told_gone(status, holders))
