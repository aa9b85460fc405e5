"""One's year in numbers. https://docs.joinmastodon.org/methods/annual_reports/"""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from fedcoop.annual import access, actions
from fedcoop.annual.types import AnnualReport
from fedcoop.db import Tx
from web import headers
from web.api import api
from web.call import Call


class YearParams(msgspec.Struct, kw_only=True):
    year: int


@api.get("/api/v1/annual_reports", scope="read:accounts")
async def several(call: Call) -> dict[str, Any]:
    async with call.db.read() as tx:
        return await _wrapped(call, tx, await access.reports(tx, call.account_id))


@api.get("/api/v1/annual_reports/{year}", scope="read:accounts")
async def show(call: Call, params: YearParams) -> dict[str, Any]:
    async with call.db.read() as tx:
        return await _wrapped(call, tx, [await access.report(tx, call.account_id, params.year)])


@api.get("/api/v1/annual_reports/{year}/state", scope="read:accounts")
async def state(call: Call, params: YearParams) -> dict[str, str]:
    async with call.db.scan() as tx:
        return {"state": await access.state(tx, call.account_id, params.year)}


@api.post("/api/v1/annual_reports/{year}/read", scope="write:accounts")
async def read(call: Call, params: YearParams) -> dict[str, Any]:
    async with call.db.write() as tx:
        await actions.mark_read(tx, call.account_id, params.year)
    return {}


@api.post("/api/v1/annual_reports/{year}/generate", scope="write:accounts")
async def generate(call: Call, params: YearParams) -> web.Response:
    """202 while it is being made; 200 where there is nothing to do."""
    async with call.db.write() as tx:
        begun = await actions.ask(tx, call.account_id, params.year)
    return web.Response(body=b"{}", status=202 if begun else 200, headers=headers.API)


async def _wrapped(call: Call, tx: Tx, reports: list[AnnualReport]) -> dict[str, Any]:
    """Reports with the accounts and statuses that they name."""
    named = [int(id_) for each in reports if (id_ := each.data.top_statuses.by_reblogs)]
    accounts = await call.show.accounts(tx, [call.account_id] if reports else [])
    statuses = await call.show.by_ids(tx, call.viewer, named)
    return {
        "annual_reports": reports,
        "accounts": list(accounts.values()),
        "statuses": list(statuses.values()),
    }
