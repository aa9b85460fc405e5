"""From rows to what staff gets, in a number of statements that does not grow with the page."""

from __future__ import annotations

from collections.abc import Sequence, Set

from msgspec import Raw

from fedcoop import clock
from fedcoop.accounts.hydrate import ROLES
from fedcoop.collections import access as collection_access
from fedcoop.collections import queries as collection_queries
from fedcoop.collections.hydrate import collection_entity
from fedcoop.collections.types import CollectionEntity
from fedcoop.db import Tx
from fedcoop.ids import CollectionId
from fedcoop.overseeing import access, queries
from fedcoop.overseeing.types import AdminAccount, AdminReport, Overseen
from fedcoop.reports.types import Report
from fedcoop.statuses.hydrate import StatusHydrator


async def admin_accounts(tx: Tx, show: StatusHydrator, found: Sequence[Overseen]) -> list[AdminAccount]:
    """A page of accounts."""
    accounts = await show.accounts(tx, [each.id for each in found])
    return [_admin_account(each, accounts[each.id]) for each in found if each.id in accounts]


def _admin_account(seen: Overseen, account: Raw) -> AdminAccount:
    return AdminAccount(
        id=str(seen.id),
        username=seen.username,
        domain=seen.domain,
        created_at=clock.iso(seen.created_at),
        email=seen.email or "",
        role=ROLES[seen.role or "user"],
        locale=seen.locale or "",
        invite_request=seen.reason or None,
        confirmed=seen.confirmed_at is not None,
        approved=not seen.pending,
        disabled=seen.disabled_at is not None,
        silenced=seen.limited_at is not None,
        suspended=seen.suspended_at is not None,
        sensitized=seen.sensitized_at is not None,
        account=account,
    )


async def admin_reports(
    tx: Tx, show: StatusHydrator, viewer: int, reports: Sequence[Report]
) -> list[AdminReport]:
    """A page of reports with all that they name. Posts are shown whoever may see them, but for what is gone."""
    people = [
        id_
        for each in reports
        for id_ in (each.account_id, each.target_id, each.assigned_id, each.action_taken_by_id)
        if id_ is not None
    ]
    seen = list((await access.by_ids(tx, people)).values())
    accounts = {int(each.id): each for each in await admin_accounts(tx, show, seen)}
    statuses = await show.by_ids(
        tx, viewer, dict.fromkeys(id_ for each in reports for id_ in each.statuses), checked=True
    )
    rules = {
        str(row["id"]): {"id": str(row["id"]), "text": row["text"], "hint": row["hint"]}
        for row in await tx.all(queries.RULES, ids=list({int(id_) for each in reports for id_ in each.rules}))
    }
    collections = await _collections(tx, show, {id_ for each in reports for id_ in each.collections})
    return [
        AdminReport(
            id=str(each.id),
            action_taken=each.action_taken_at is not None,
            action_taken_at=clock.iso_or_none(each.action_taken_at),
            category=each.category,
            comment=each.comment,
            forwarded=each.forwarded,
            created_at=clock.iso(each.created_at),
            updated_at=clock.iso(each.updated_at),
            account=accounts[each.account_id],
            target_account=accounts[each.target_id],
            assigned_account=accounts.get(each.assigned_id or 0),
            action_taken_by_account=accounts.get(each.action_taken_by_id or 0),
            statuses=[statuses[id_] for id_ in each.statuses if id_ in statuses],
            rules=[rules[id_] for id_ in each.rules if id_ in rules],
            collections=[collections[id_] for id_ in each.collections if id_ in collections],
        )
        for each in reports
        if each.account_id in accounts and each.target_id in accounts
    ]


async def _collections(
    tx: Tx, show: StatusHydrator, ids: Set[CollectionId]
) -> dict[CollectionId, CollectionEntity]:
    """Collections as everybody sees them, whomever their owner blocks."""
    if not ids:
        return {}
    found = await tx.all(collection_queries.BY_IDS, ids=list(ids))
    items = await collection_access.items(tx, 0, list(ids))
    return {each.id: collection_entity(each, items.get(each.id, []), show.base_url) for each in found}
