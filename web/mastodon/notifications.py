"""Notifications, one by one and in groups. https://docs.joinmastodon.org/methods/notifications/,
…/grouped_notifications/"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, Raw, UnsetType

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.ids import AccountId, NotificationId
from fedcoop.notifications import access, actions
from fedcoop.notifications.types import GROUPED, Notification
from fedcoop.statuses.hydrate import StatusHydrator
from web.api import api
from web.call import Call
from web.paging import Listing, PageParams

SAMPLE = 8


class NotificationEntity(msgspec.Struct, kw_only=True):
    id: str
    type: str
    group_key: str
    created_at: str
    account: Raw
    status: Raw | UnsetType | None = UNSET
    event: Raw | UnsetType = UNSET
    moderation_warning: Raw | UnsetType = UNSET
    report: Raw | UnsetType = UNSET


class NotificationGroup(msgspec.Struct, kw_only=True):
    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    page_min_id: str
    page_max_id: str
    latest_page_notification_at: str
    sample_account_ids: list[str]
    status_id: str | None = None


class GroupedNotifications(msgspec.Struct, kw_only=True):
    accounts: list[Raw]
    statuses: list[Raw]
    notification_groups: list[NotificationGroup]


class ListParams(PageParams, kw_only=True):
    types: list[str] = msgspec.field(default_factory=list)
    exclude_types: list[str] = msgspec.field(default_factory=list)
    account_id: AccountId | None = None


class GroupsParams(ListParams, kw_only=True):
    grouped_types: list[str] | None = None


class OneParams(msgspec.Struct, kw_only=True):
    id: NotificationId


class GroupParams(PageParams, kw_only=True):
    group_key: str


@api.get("/api/v1/notifications", scope="read:notifications")
async def listed(call: Call, params: ListParams) -> Listing:
    async with call.db.read() as tx:
        found = await _page(tx, call, params)
        entities = await shown(tx, call.show, call.viewer, found)
    return Listing(entities, *_ends(found))


async def _page(tx: Tx, call: Call, params: ListParams) -> list[Notification]:
    return await access.page(
        tx,
        call.account_id,
        params.page(40, 80),
        types=params.types,
        exclude_types=params.exclude_types,
        from_account_id=params.account_id,
    )


def _ends(found: list[Notification]) -> tuple[int | None, int | None]:
    return (found[0].id, found[-1].id) if found else (None, None)


async def shown(
    tx: Tx, show: StatusHydrator, viewer: int, found: list[Notification]
) -> list[NotificationEntity]:
    """Notifications as the member sees them whose they are, in pages and on open streams."""
    accounts, statuses = await _entities(tx, show, viewer, found)
    entities = []
    for each in found:
        if each.from_account_id not in accounts:
            continue
        entity = NotificationEntity(
            id=str(each.id),
            type=each.type,
            group_key=each.group_key,
            created_at=clock.iso(each.created_at),
            account=accounts[each.from_account_id],
        )
        if each.status_id is not None:
            entity.status = statuses.get(each.status_id)
        for name, value in _details(each):
            setattr(entity, name, value)
        entities.append(entity)
    return entities


_DETAILS = {
    "severed_relationships": "event",
    "moderation_warning": "moderation_warning",
    "admin.report": "report",
}


def _details(each: Notification) -> list[tuple[str, Raw]]:
    """What else a notification of this type carries, kept with it as the API shows it."""
    name = _DETAILS.get(each.type)
    return [(name, Raw(each.detail.encode()))] if name and each.detail else []


async def _entities(
    tx: Tx, show: StatusHydrator, viewer: int, found: list[Notification]
) -> tuple[dict[int, Raw], dict[int, Raw]]:
    """The accounts and statuses of a page, in a number of statements that does not grow with it."""
    accounts = await show.accounts(tx, dict.fromkeys(each.from_account_id for each in found))
    statuses = dict.fromkeys(each.status_id for each in found if each.status_id is not None)
    return accounts, await show.by_ids(tx, viewer, statuses)


@api.get("/api/v1/notifications/unread_count", scope="read:notifications")
async def unread_count(call: Call, params: ListParams) -> dict[str, int]:
    return await _unread(call, params)


async def _unread(call: Call, params: ListParams) -> dict[str, int]:
    async with call.db.read() as tx:
        count = await access.unread_count(
            tx,
            call.account_id,
            limit=min(max(params.limit or 100, 1), 1000),
            types=params.types,
            exclude_types=params.exclude_types,
        )
    return {"count": count}


@api.post("/api/v1/notifications/clear", scope="write:notifications")
async def clear(call: Call) -> None:
    async with call.db.write() as tx:
        await actions.clear(tx, call.account_id)


@api.get("/api/v1/notifications/{id}", scope="read:notifications")
async def one(call: Call, params: OneParams) -> NotificationEntity:
    async with call.db.read() as tx:
        found = await access.find(tx, call.account_id, params.id)
        entities = await shown(tx, call.show, call.viewer, [found])
    if not entities:
        raise NotFound
    return entities[0]


@api.post("/api/v1/notifications/{id}/dismiss", scope="write:notifications")
async def dismiss(call: Call, params: OneParams) -> None:
    async with call.db.write() as tx:
        await actions.dismiss(tx, call.account_id, params.id)


@api.get("/api/v2/notifications", scope="read:notifications")
async def groups(call: Call, params: GroupsParams) -> GroupedNotifications:
    async with call.db.read() as tx:
        found = await _page(tx, call, params)
        grouped = await _grouped(tx, call, found, params.grouped_types)
    return _linked(call, found, grouped)


@api.get("/api/v2/notifications/unread_count", scope="read:notifications")
async def unread_groups(call: Call, params: GroupsParams) -> dict[str, int]:
    return await _unread(call, params)


@api.get("/api/v2/notifications/{group_key}", scope="read:notifications")
async def group(call: Call, params: GroupParams) -> GroupedNotifications:
    async with call.db.read() as tx:
        found = await access.group(tx, call.account_id, params.group_key, params.page(40, 80))
        if not found:
            raise NotFound
        return await _grouped(tx, call, found, None)


@api.get("/api/v2/notifications/{group_key}/accounts", scope=("read:notifications", "write:notifications"))
async def group_accounts(call: Call, params: GroupParams) -> list[Raw]:
    async with call.db.read() as tx:
        found = await access.group(tx, call.account_id, params.group_key, params.page(80, 80))
        accounts, _ = await _entities(tx, call.show, call.viewer, found)
    return list(accounts.values())


@api.post("/api/v2/notifications/{group_key}/dismiss", scope="write:notifications")
async def dismiss_group(call: Call, params: GroupParams) -> None:
    async with call.db.write() as tx:
        await actions.dismiss_group(tx, call.account_id, params.group_key)


async def _grouped(
    tx: Tx, call: Call, found: list[Notification], types: list[str] | None
) -> GroupedNotifications:
    """A page of notifications as groups, in the order of their newest; those of other types stay alone."""
    accounts, statuses = await _entities(tx, call.show, call.viewer, found)
    together: dict[str, list[Notification]] = {}
    for each in found:
        if each.from_account_id in accounts:
            alone = each.type not in GROUPED if types is None else each.type not in types
            key = f"ungrouped-{each.id}" if alone else each.group_key
            together.setdefault(key, []).append(each)
    return GroupedNotifications(
        accounts=list(accounts.values()),
        statuses=list(statuses.values()),
        notification_groups=[_group(key, members) for key, members in together.items()],
    )


def _group(key: str, members: list[Notification]) -> NotificationGroup:
    newest, oldest = members[0], members[-1]
    senders = dict.fromkeys(str(each.from_account_id) for each in members)
    return NotificationGroup(
        group_key=key,
        notifications_count=len(members),
        type=newest.type,
        most_recent_notification_id=newest.id,
        page_min_id=str(oldest.id),
        page_max_id=str(newest.id),
        latest_page_notification_at=clock.iso(newest.created_at),
        sample_account_ids=list(senders)[:SAMPLE],
        status_id=None if newest.status_id is None else str(newest.status_id),
    )


def _linked(call: Call, found: list[Notification], shown: GroupedNotifications) -> GroupedNotifications:
    link = Listing([], *_ends(found)).link(call.request, call.config.base_url)
    if link:
        call.set_header("Link", link)
    return shown


# Filtering notifications by policy comes with the whole client API; until then nothing is filtered.


def _policy(rules: dict[str, Any]) -> dict[str, Any]:
    return {**rules, "summary": {"pending_requests_count": 0, "pending_notifications_count": 0}}


@api.get("/api/v1/notifications/policy", scope="read:notifications")
async def policy_v1(call: Call) -> dict[str, Any]:
    names = ("filter_not_following", "filter_not_followers", "filter_new_accounts", "filter_private_mentions")
    return _policy(dict.fromkeys(names, False))


@api.get("/api/v2/notifications/policy", scope="read:notifications")
async def policy(call: Call) -> dict[str, Any]:
    names = ("for_not_following", "for_not_followers", "for_new_accounts", "for_private_mentions",
             "for_limited_accounts")  # fmt: skip
    return _policy(dict.fromkeys(names, "accept"))


@api.get("/api/v1/notifications/requests", scope="read:notifications")
async def requests(call: Call) -> list[Any]:
    return []


@api.get("/api/v1/notifications/requests/merged", scope="read:notifications")
async def merged(call: Call) -> dict[str, bool]:
    return {"merged": True}
