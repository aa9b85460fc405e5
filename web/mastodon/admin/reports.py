"""Reports as staff sees and handles them. https://docs.joinmastodon.org/methods/admin/reports/"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from fedcoop.db import Tx
from fedcoop.ids import AccountId, ReportId
from fedcoop.overseeing import hydrate
from fedcoop.overseeing.types import AdminReport
from fedcoop.reports import access, actions
from fedcoop.reports.types import Category, Report, Wanted
from moderation.powers import routine
from moderation.powers.routine import Work
from web.api import api
from web.call import Call
from web.paging import Listing, PageParams

PATH = "/api/v1/admin/reports"
READ, WRITE = "admin:read:reports", "admin:write:reports"


class ListParams(PageParams, kw_only=True):
    resolved: bool = False
    account_id: AccountId | None = None
    target_account_id: AccountId | None = None


class OneParams(msgspec.Struct, kw_only=True):
    id: ReportId


class ChangeParams(msgspec.Struct, kw_only=True):
    id: ReportId
    category: Category | None = None
    rule_ids: list[str] | None = None


@api.get(PATH, scope=READ)
async def listed(call: Call, params: ListParams) -> Listing:
    call.require_staff()
    wanted = Wanted(
        resolved=params.resolved, account_id=params.account_id, target_id=params.target_account_id
    )
    async with call.db.scan() as tx:
        found = await access.page(tx, params.page(100, 200), wanted)
        shown = await hydrate.admin_reports(tx, call.show, call.viewer, found)
    return Listing(list(shown), found[0].id, found[-1].id) if found else Listing([], None, None)


@api.get(f"{PATH}/{{id}}", scope=READ)
async def one(call: Call, params: OneParams) -> AdminReport:
    call.require_staff()
    async with call.db.read() as tx:
        return await _shown(call, tx, params.id)


async def _shown(call: Call, tx: Tx, id_: ReportId) -> AdminReport:
    (shown,) = await hydrate.admin_reports(tx, call.show, call.viewer, [await access.find(tx, id_)])
    return shown


async def _handled(
    call: Call, id_: ReportId, did: Work, verb: Callable[[Tx, Report], Awaitable[None]]
) -> AdminReport:
    """Do something about a report, on the record, and show it as it is then."""
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        report = await access.find(tx, id_)
        await routine.record(tx, await call.account(tx), did, case=str(report.id))
        await verb(tx, report)
        return await _shown(call, tx, id_)


@api.put(f"{PATH}/{{id}}", scope=WRITE)
async def change(call: Call, params: ChangeParams) -> AdminReport:
    async def sorted_anew(tx: Tx, report: Report) -> None:
        await actions.change(tx, report, params.category, params.rule_ids)

    return await _handled(call, params.id, "sorted_a_report", sorted_anew)


@api.post(f"{PATH}/{{id}}/assign_to_self", scope=WRITE)
async def assign(call: Call, params: OneParams) -> AdminReport:
    async def take(tx: Tx, report: Report) -> None:
        await actions.assign(tx, report, call.account_id)

    return await _handled(call, params.id, "took_over_a_report", take)


@api.post(f"{PATH}/{{id}}/unassign", scope=WRITE)
async def unassign(call: Call, params: OneParams) -> AdminReport:
    async def give_back(tx: Tx, report: Report) -> None:
        await actions.assign(tx, report, None)

    return await _handled(call, params.id, "gave_back_a_report", give_back)


@api.post(f"{PATH}/{{id}}/resolve", scope=WRITE)
async def resolve(call: Call, params: OneParams) -> AdminReport:
    async def settle(tx: Tx, report: Report) -> None:
        await actions.resolve(tx, report, call.account_id)

    return await _handled(call, params.id, "answered_a_report", settle)


@api.post(f"{PATH}/{{id}}/reopen", scope=WRITE)
async def reopen(call: Call, params: OneParams) -> AdminReport:
    return await _handled(call, params.id, "reopened_a_report", actions.reopen)
