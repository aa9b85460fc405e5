"""Elections, for programs: call one, stand, accept. Voting and the result are those of the proposal with the same
id (`web.coop.proposals`); the verbs are in `moderation.elections`."""

from __future__ import annotations

from typing import Any

from moderation.elections import actions, hydrate, seats
from moderation.elections.types import Call as Wanted
from web.api import api
from web.call import Call
from web.coop.constitution import READ, viewer_of
from web.coop.proposals import WRITE, ProposalParams
from web.paging import Listing, PageParams

ADDRESS = "/api/fedcoop/v1/elections"


class ElectionsParams(PageParams, kw_only=True):
    office: str = ""


class StandParams(ProposalParams, kw_only=True):
    statement: str = ""


@api.get(ADDRESS, scope=READ, public=True)
async def listed(call: Call, params: ElectionsParams) -> Listing:
    async with call.db.read() as tx:
        found = await hydrate.page(tx, viewer_of(call), params.page(20, 40), office=params.office)
    return Listing(list(found), found[0].id, found[-1].id) if found else Listing([], None, None)


@api.post(ADDRESS, scope=WRITE)
async def begin(call: Call, wanted: Wanted) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        proposal = await actions.call(tx, account, wanted, config=call.config)
        return await hydrate.show(tx, account.id, proposal.id)


@api.get(f"{ADDRESS}/{{id}}", scope=READ, public=True)
async def show(call: Call, params: ProposalParams) -> Any:
    async with call.db.read() as tx:
        return await hydrate.show(tx, viewer_of(call), params.id)


@api.post(f"{ADDRESS}/{{id}}/stand", scope=WRITE)
async def stand(call: Call, params: StandParams) -> Any:
    """Stand, or stand with another statement."""
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await actions.stand(tx, account, params.id, params.statement)
        return await hydrate.show(tx, account.id, params.id)


@api.delete(f"{ADDRESS}/{{id}}/stand", scope=WRITE)
async def stand_down(call: Call, params: ProposalParams) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await actions.stand_down(tx, account, params.id)
        return await hydrate.show(tx, account.id, params.id)


@api.post(f"{ADDRESS}/{{id}}/accept", scope=WRITE)
async def accept(call: Call, params: ProposalParams) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await seats.accept(tx, account, params.id, config=call.config)
        return await hydrate.show(tx, account.id, params.id)


@api.post(f"{ADDRESS}/{{id}}/decline", scope=WRITE)
async def decline(call: Call, params: ProposalParams) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await seats.decline(tx, account, params.id, config=call.config)
        return await hydrate.show(tx, account.id, params.id)
