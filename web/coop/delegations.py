"""Who votes for whom, for programs."""

from __future__ import annotations

from typing import Any

import msgspec

from fedcoop.ids import AccountId
from moderation.delegations import actions
from web.api import api
from web.call import Call
from web.coop.constitution import READ
from web.coop.proposals import WRITE

ADDRESS = "/api/fedcoop/v1/delegations"


class KindParams(msgspec.Struct, kw_only=True):
    kind: str = ""


class DelegateParams(KindParams, kw_only=True):
    account_id: AccountId


@api.get(ADDRESS, scope=READ)
async def listed(call: Call) -> Any:
    async with call.db.read() as tx:
        return await actions.shown(tx, await call.account(tx))


@api.post(ADDRESS, scope=WRITE)
async def delegate(call: Call, params: DelegateParams) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await actions.delegate(tx, account, params.kind, params.account_id)
        return await actions.shown(tx, account)


@api.delete(ADDRESS, scope=WRITE)
async def take_back(call: Call, params: KindParams) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await actions.take_back(tx, account, params.kind)
        return await actions.shown(tx, account)
