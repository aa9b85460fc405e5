"""From what happened to messages on open streams. Every status is checked and rendered as the pages of the API do
it, once for all who see it alike, and after the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from fedcoop.announcements import access as announcements
from fedcoop.conversations import access as conversations
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.events import (
    Announced,
    Conversed,
    Deleted,
    Edited,
    FiltersChanged,
    Merged,
    Notified,
    Posted,
    Reacted,
    Withdrawn,
)
from fedcoop.notifications import access as notifications
from fedcoop.statuses.hydrate import NOBODY
from fedcoop.streams import access
from web.mastodon.conversations import shown as conversations_shown
from web.mastodon.notifications import shown
from web.streaming import channels
from web.streaming.channels import DIRECT, NOTIFICATIONS, USER, Channel
from web.streaming.sockets import Message

if TYPE_CHECKING:
    from web.streaming.hub import Hub

MANY = 32
"""Asking about more viewers than this is no short read."""

_encode = msgspec.json.Encoder().encode


async def tell(hub: Hub, event: Any) -> None:
    """Tell one event to whom it concerns."""
    match event:
        case Posted(status_id):
            await _tell_status(hub, "update", status_id)
        case Edited(status_id):
            await _tell_status(hub, "status.update", status_id)
        case Deleted():
            await _tell_deleted(hub, event)
        case Conversed(conversation_id, account_id):
            await _tell_conversation(hub, conversation_id, account_id)
        case FiltersChanged(account_id):
            _say(hub, USER, [account_id], Message("filters_changed", None))
        case Notified(notification_id, account_id):
            await _tell_notification(hub, notification_id, account_id)
        case Merged(account_id):
            _tell_member(hub, account_id, Message("notifications_merged", b"1"))
        case Announced(announcement_id):
            await _tell_announced(hub, announcement_id)
        case Withdrawn(announcement_id):
            _tell_all(hub, Message("announcement.delete", str(announcement_id).encode()))
        case Reacted(announcement_id, name):
            await _tell_reaction(hub, announcement_id, name)


async def _tell_status(hub: Hub, name: str, status_id: int) -> None:
    home = hub.listening(USER)
    public = _accounts(hub, (Channel(each) for each in channels.PUBLIC))
    tagged = _accounts(hub, hub.tagged())
    lists = {channel.list_id for channel in hub.lists()}
    if not (home or public or tagged or lists):
        return
    async with _opened(hub, len(home) + len(public) + len(tagged)) as tx:
        reached = await access.audience(tx, status_id, home=home, public=public, tagged=tagged, lists=lists)
        if reached is None:
            return
        readers = reached.home.union(reached.lists.values())
        in_person = await access.seen_by(tx, hub.show, status_id, reached.facts, readers) if readers else []
        strangers = reached.public | reached.tagged
        for_all = await access.seen_by_all(tx, hub.show, status_id, strangers) if strangers else None
    for payload, viewers in in_person:
        message = Message(name, payload)
        _say(hub, USER, reached.home & viewers, message)
        for list_id, owner in reached.lists.items():
            if owner in viewers:
                _say(hub, Channel("list", list_id=list_id), [owner], message)
    if for_all is None:
        return
    plain, for_some = for_all
    messages = {viewer: Message(name, payload) for viewer, payload in for_some.items()}
    message = Message(name, plain)
    local = bool(reached.facts["local"])
    for each in channels.public_names(local=local, has_media=bool(reached.facts["has_media"])):
        _say(hub, Channel(each), reached.public, message, messages)
    for channel in channels.tag_channels(reached.tags, local=local):
        _say(hub, channel, reached.tagged, message, messages)


async def _tell_deleted(hub: Hub, gone: Deleted) -> None:
    message = Message("delete", str(gone.status_id).encode())
    home = {*hub.listening(USER), *_accounts(hub, hub.lists())}
    tagged = gone.visibility == "public" and bool(gone.tag_ids) and bool(_accounts(hub, hub.tagged()))
    if home or tagged:
        async with _opened(hub, len(home)) as tx:
            had = await access.had(tx, gone, home) if home else set()
            tags = await access.tag_names(tx, gone.tag_ids) if tagged else set()
        _say(hub, USER, had, message)
        for channel in hub.lists():
            _say(hub, channel, had.intersection(hub.listening(channel)), message)
        for channel in channels.tag_channels(tags, local=gone.local):
            _say(hub, channel, hub.listening(channel), message)
    if gone.visibility == "public" and not gone.reblog:
        # Whether it had media is not known any more.
        for name in channels.public_names(local=gone.local, has_media=True):
            channel = Channel(name)
            _say(hub, channel, hub.listening(channel), message)


async def _tell_notification(hub: Hub, notification_id: int, account_id: int) -> None:
    if not (account_id in hub.listening(USER) or account_id in hub.listening(NOTIFICATIONS)):
        return
    async with hub.db.read() as tx:
        try:
            found = await notifications.find(tx, account_id, notification_id)
        except NotFound:
            return
        entities = await shown(tx, hub.show, account_id, [found])
    for entity in entities:
        _tell_member(hub, account_id, Message("notification", _encode(entity)))


async def _tell_conversation(hub: Hub, conversation_id: int, account_id: int) -> None:
    if account_id not in hub.listening(DIRECT):
        return
    async with hub.db.read() as tx:
        try:
            found = await conversations.find(tx, account_id, conversation_id)
        except NotFound:
            return
        (entity,) = await conversations_shown(tx, hub.show, account_id, [found])
    _say(hub, DIRECT, [account_id], Message("conversation", _encode(entity)))


def _tell_member(hub: Hub, account_id: int, message: Message) -> None:
    """Tell somebody what concerns their notifications, on the streams that may hear of these."""
    for channel in (USER, NOTIFICATIONS):
        for stream in list(hub.listening(channel).get(account_id, ())):
            if stream.hears_notifications:
                stream.tell(channel, message)


async def _tell_announced(hub: Hub, announcement_id: int) -> None:
    async with hub.db.read() as tx:
        try:
            announced = await announcements.one(tx, NOBODY, hub.show.base_url, announcement_id)
        except NotFound:
            return
    _tell_all(hub, Message("announcement", _encode(announced)))


async def _tell_reaction(hub: Hub, announcement_id: int, name: str) -> None:
    if hub.listening(USER):
        async with hub.db.read() as tx:
            reaction = await announcements.reaction(tx, hub.show.base_url, announcement_id, name)
        _tell_all(hub, Message("announcement.reaction", _encode(reaction)))


def _tell_all(hub: Hub, message: Message) -> None:
    _say(hub, USER, hub.listening(USER), message)


def _say(
    hub: Hub,
    channel: Channel,
    accounts: Iterable[int],
    message: Message,
    instead: Mapping[int, Message] = MappingProxyType({}),
) -> None:
    """Tell the message to these accounts, or to some of them another one instead."""
    by_account = hub.listening(channel)
    if by_account:
        for account_id in list(accounts):
            for stream in list(by_account.get(account_id, ())):
                stream.tell(channel, instead.get(account_id, message))


def _accounts(hub: Hub, wanted: Iterable[Channel]) -> set[int]:
    return {account_id for channel in wanted for account_id in hub.listening(channel)}


def _opened(hub: Hub, viewers: int) -> AbstractAsyncContextManager[Tx]:
    return hub.db.scan() if viewers > MANY else hub.db.read()
