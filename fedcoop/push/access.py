"""Which devices want a notification, and what they read. Subscribing is `actions`."""

from __future__ import annotations

import msgspec

from fedcoop.accounts import access as accounts
from fedcoop.accounts.hydrate import pictures
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Row, Tx
from fedcoop.errors import NotFound
from fedcoop.notifications import access as notifications
from fedcoop.notifications.types import Notification
from fedcoop.oauth.scopes import granted_by
from fedcoop.push import queries, words
from fedcoop.push.types import Message, Subscription
from fedcoop.statuses import access as statuses
from fedcoop.text import plain

LONGEST_BODY = 140
"""Characters of what somebody wrote; a push service takes no long messages."""


async def of_token(tx: Tx, token_id: int) -> Subscription:
    """The subscription that was made with this token. Raises `NotFound`."""
    found = await tx.one(queries.OF_TOKEN, token_id=token_id)
    if found is None:
        raise NotFound
    return found


async def wanting(tx: Tx, account_id: int, notification_id: int) -> list[int]:
    """The ids of the subscriptions that want this notification now."""
    try:
        told = await notifications.find(tx, account_id, notification_id)
    except NotFound:
        return []
    if told.filtered:
        return []
    rows = await tx.all(queries.DUE, account_id=account_id, from_id=told.from_account_id)
    return [found[1].id for row in rows if (found := _if_wanted(row, told))]


async def message(
    tx: Tx, config: Config, subscription_id: int, account_id: int, notification_id: int
) -> tuple[Subscription, Message] | None:
    """What this device reads, and where to; None if it is not to be told any more: the notification or what it is
    about is gone, hidden or held back, or the device has no business here any longer."""
    try:
        told = await notifications.find(tx, account_id, notification_id)
        row = await tx.one(queries.DUE_ONE, id=subscription_id, from_id=told.from_account_id)
        found = _if_wanted(row, told) if row is not None and not told.filtered else None
        if found is None:
            return None
        sender = await accounts.find(tx, told.from_account_id)
        body = await _body(tx, told, sender)
    except NotFound:
        return None
    if sender.suspended_at is not None:
        return None
    locale, subscription = found
    return subscription, Message(
        access_token=subscription.access_token,
        preferred_locale=locale,
        notification_id=str(told.id),
        notification_type=told.type,
        icon=pictures(sender, config.base_url).avatar or f"{config.base_url}/static/avatar.svg",
        title=words.title(told.type, sender.display_name or sender.username, locale),
        body=body,
    )


async def _body(tx: Tx, told: Notification, sender: Account) -> str:
    """The beginning of what was written. Raises `NotFound` for a status that the member may not see."""
    if told.status_id is None:
        written = sender.note
    else:
        status = await statuses.visible(tx, told.account_id, told.status_id)
        written = status.spoiler_text or status.content
    text = " ".join(plain(written).split())
    return text if len(text) <= LONGEST_BODY else text[: LONGEST_BODY - 1] + "…"


def _if_wanted(row: Row, told: Notification) -> tuple[str, Subscription] | None:
    locale, scopes, *columns = row
    subscription = Subscription(*columns)
    wanted = subscription.account_id == told.account_id and subscription.wanted.get(told.type, False)
    return (locale, subscription) if wanted and "push" in granted_by(scopes) else None


def encoded(message: Message) -> bytes:
    return msgspec.json.encode(message)
