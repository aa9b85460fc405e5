"""Reporting accounts and posts to those who look after the server.
https://docs.joinmastodon.org/methods/reports/"""

from __future__ import annotations

import msgspec

from fedcoop.ids import AccountId, CollectionId, StatusId
from fedcoop.reports import actions
from fedcoop.reports.hydrate import report_entity
from fedcoop.reports.types import Category, NewReport, ReportEntity
from web.api import api
from web.call import Call
from web.limits import REPORT


class ReportParams(msgspec.Struct, kw_only=True):
    account_id: AccountId
    status_ids: list[StatusId] = msgspec.field(default_factory=list)
    comment: str = ""
    forward: bool = False
    forward_to_domains: list[str] = msgspec.field(default_factory=list)
    category: Category | None = None
    rule_ids: list[str] = msgspec.field(default_factory=list)
    collection_ids: list[CollectionId] = msgspec.field(default_factory=list)


@api.post("/api/v1/reports", scope="write:reports", limit=REPORT)
async def file(call: Call, params: ReportParams) -> ReportEntity:
    new = NewReport(
        target_id=params.account_id,
        status_ids=params.status_ids,
        comment=params.comment,
        category=params.category,
        rule_ids=params.rule_ids,
        collection_ids=params.collection_ids,
        forward=params.forward,
        forward_to_domains=params.forward_to_domains,
    )
    async with call.db.write() as tx:
        report = await actions.file(tx, call.config, await call.account(tx), new)
        accounts = await call.show.accounts(tx, [report.target_id])
    return report_entity(report, accounts[report.target_id])
