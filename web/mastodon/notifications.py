"""Notifications, one by one and in groups. Policies about them are `notification_policies`.
https://docs.joinmastodon.org/methods/notifications/, …/grouped_notifications/"""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec
from msgspec import UNSET, Raw, UnsetType

from fedcoop import clock
from fedcoop.collections import access as collection_access
from fedcoop.collections import queries as collection_queries
from fedcoop.collections.hydrate import collection_entity
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.ids import AccountId, NotificationId
from fedcoop.notifications import access, actions
from fedcoop.notifications.access import Wanted
from fedcoop.notifications.types import GROUPED, Group, Notification
from fedcoop.statuses.hydrate import StatusHydrator
from web.api import api
from web.call import Call
from web.paging import Listing, PageParams


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
    collection: Raw | UnsetType = UNSET
    filtered: bool | UnsetType = UNSET


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
    event: Raw | UnsetType = UNSET
    moderation_warning: Raw | UnsetType = UNSET
    report: Raw | UnsetType = UNSET
    collection: Raw | UnsetType = UNSET


class PartialAccount(msgspec.Struct):
    """As much of an account as its picture needs."""

    id: str
    acct: str
    url: str | None
    avatar: str
    avatar_static: str
    locked: bool
    bot: bool


class GroupedNotifications(msgspec.Struct, kw_only=True):
    accounts: list[Raw]
    statuses: list[Raw]
    notification_groups: list[NotificationGroup]
    partial_accounts: list[PartialAccount] | UnsetType = UNSET


class ListParams(PageParams, kw_only=True):
    types: list[str] = msgspec.field(default_factory=list)
    exclude_types: list[str] = msgspec.field(default_factory=list)
    account_id: AccountId | None = None
    include_filtered: bool = False

    def wanted(self, grouped: list[str] | None = None) -> Wanted:
        return Wanted(
            types=self.types,
            exclude_types=self.exclude_types,
            from_account_id=self.account_id,
            filtered=self.include_filtered,
            grouped=grouped or (),
        )


class GroupsParams(ListParams, kw_only=True):
    grouped_types: list[str] | None = None
    expand_accounts: Literal["full", "partial_avatars"] = "full"

    def wanted_groups(self) -> Wanted:
        return self.wanted(sorted(GROUPED) if self.grouped_types is None else self.grouped_types)


class OneParams(msgspec.Struct, kw_only=True):
    id: NotificationId


class GroupParams(PageParams, kw_only=True):
    group_key: str


@api.get("/api/v1/notifications", scope="read:notifications")
async def listed(call: Call, params: ListParams) -> Listing:
    async with call.db.read() as tx:
        found = await access.page(tx, call.account_id, params.page(40, 80), params.wanted())
        entities = await shown(tx, call.show, call.viewer, found)
    return Listing(entities, *_ends(found))


def _ends(found: list[Notification]) -> tuple[int | None, int | None]:
    return (found[0].id, found[-1].id) if found else (None, None)


async def shown(
    tx: Tx, show: StatusHydrator, viewer: int, found: list[Notification]
) -> list[NotificationEntity]:
    """Notifications as the member sees them whose they are, in pages and on open streams."""
    accounts = await show.accounts(tx, dict.fromkeys(each.from_account_id for each in found))
    statuses = await _statuses(tx, show, viewer, found)
    collections = await _collections(tx, show.base_url, viewer, found)
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
            filtered=True if each.filtered else UNSET,
        )
        if each.status_id is not None:
            entity.status = statuses.get(each.status_id)
        entities.append(_detailed(entity, each, accounts, collections))
    return entities


E = TypeVar("E", NotificationEntity, NotificationGroup)
_DETAILS = {
    "severed_relationships": "event",
    "moderation_warning": "moderation_warning",
    "admin.report": "report",
}


def _detailed(entity: E, each: Notification, accounts: dict[int, Raw], collections: dict[int, Raw]) -> E:
    """With what else a notification of this type carries: kept with it as the API shows it, or the collection that
    it is about as it is now."""
    if (collection := collections.get(each.id)) is not None:
        entity.collection = collection
    if each.detail and (name := _DETAILS.get(each.type)):
        detail = each.detail.encode()
        if name == "moderation_warning":
            # It comes from the member's own account, and is about it.
            detail = detail[:-1] + b',"target_account":' + bytes(accounts[each.from_account_id]) + b"}"
        setattr(entity, name, Raw(detail))
    return entity


_reference = msgspec.json.Decoder(dict[str, str]).decode


async def _collections(tx: Tx, base_url: str, viewer: int, found: list[Notification]) -> dict[int, Raw]:
    """By notification, the collections that some are about, as far as the member sees them."""
    about = {
        each.id: int(_reference(each.detail)["collection_id"])
        for each in found
        if each.type in ("added_to_collection", "collection_update") and each.detail
    }
    ids = list(set(about.values()))
    rows = await tx.all(collection_queries.VISIBLE_ONES, ids=ids, viewer=viewer) if ids else []
    items = await collection_access.items(tx, viewer, [row.id for row in rows])
    shown: dict[int, Raw] = {
        row.id: Raw(msgspec.json.encode(collection_entity(row, items.get(row.id, []), base_url)))
        for row in rows
    }
    return {id_: shown[collection] for id_, collection in about.items() if collection in shown}


async def _statuses(tx: Tx, show: StatusHydrator, viewer: int, found: list[Notification]) -> dict[int, Raw]:
    return await show.by_ids(
        tx, viewer, dict.fromkeys(each.status_id for each in found if each.status_id is not None)
    )


@api.get("/api/v1/notifications/unread_count", scope="read:notifications")
async def unread_count(call: Call, params: ListParams) -> dict[str, int]:
    return await _unread(call, params, params.wanted())


async def _unread(call: Call, params: ListParams, wanted: Wanted) -> dict[str, int]:
    limit = access.UNREAD_AT_MOST if params.limit is None else params.limit
    async with call.db.read() as tx:
        count = await access.unread_count(tx, call.account_id, wanted, limit=min(max(limit, 1), 1000))
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
        found = await access.groups(tx, call.account_id, params.page(40, 80), params.wanted_groups())
        grouped = await _grouped(tx, call, found, partial=params.expand_accounts == "partial_avatars")
    link = Listing([], *_ends([each.newest for each in found])).link(call.request, call.config.base_url)
    if link:
        call.set_header("Link", link)
    return grouped


@api.get("/api/v2/notifications/unread_count", scope="read:notifications")
async def unread_groups(call: Call, params: GroupsParams) -> dict[str, int]:
    return await _unread(call, params, params.wanted_groups())


@api.get("/api/v2/notifications/{group_key}", scope="read:notifications")
async def group(call: Call, params: GroupParams) -> GroupedNotifications:
    async with call.db.read() as tx:
        found = await access.one_group(tx, call.account_id, params.group_key)
        return await _grouped(tx, call, [found], partial=False)


@api.get("/api/v2/notifications/{group_key}/accounts", scope=("read:notifications", "write:notifications"))
async def group_accounts(call: Call, params: GroupParams) -> list[Raw]:
    async with call.db.read() as tx:
        found = await access.group(tx, call.account_id, params.group_key, params.page(80, 80))
        if not found:
            raise NotFound
        accounts = await call.show.accounts(tx, dict.fromkeys(each.from_account_id for each in found))
    return list(accounts.values())


@api.post("/api/v2/notifications/{group_key}/dismiss", scope="write:notifications")
async def dismiss_group(call: Call, params: GroupParams) -> None:
    async with call.db.write() as tx:
        await actions.dismiss_group(tx, call.account_id, params.group_key)


async def _grouped(tx: Tx, call: Call, found: list[Group], *, partial: bool) -> GroupedNotifications:
    """A page of groups with their accounts and statuses, in a number of statements that does not grow with it.
    `partial`: of each group only the latest account in full, of the others what their picture needs."""
    accounts = await call.show.accounts(tx, dict.fromkeys(id_ for each in found for id_ in each.sample))
    statuses = await _statuses(tx, call.show, call.viewer, [each.newest for each in found])
    collections = await _collections(tx, call.config.base_url, call.viewer, [each.newest for each in found])
    shown = GroupedNotifications(
        accounts=list(accounts.values()),
        statuses=list(statuses.values()),
        notification_groups=[
            _group(each, accounts, collections) for each in found if each.newest.from_account_id in accounts
        ],
    )
    if partial:
        in_full = {each.newest.from_account_id for each in found}
        shown.accounts = [data for id_, data in accounts.items() if id_ in in_full]
        shown.partial_accounts = [_partial(data) for id_, data in accounts.items() if id_ not in in_full]
    return shown


def _group(each: Group, accounts: dict[int, Raw], collections: dict[int, Raw]) -> NotificationGroup:
    newest = each.newest
    group = NotificationGroup(
        group_key=each.key,
        notifications_count=each.count,
        type=newest.type,
        most_recent_notification_id=newest.id,
        page_min_id=str(each.oldest_on_page),
        page_max_id=str(newest.id),
        latest_page_notification_at=clock.iso(newest.created_at),
        sample_account_ids=[str(id_) for id_ in each.sample],
        status_id=None if newest.status_id is None else str(newest.status_id),
    )
    return _detailed(group, newest, accounts, collections)


_partial = msgspec.json.Decoder(PartialAccount).decode
