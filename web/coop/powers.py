"""Acts by an office alone, for programs. The verb is `moderation.powers`."""

from __future__ import annotations

from typing import Any

import msgspec

from moderation.powers import actions
from web.api import api
from web.call import Call
from web.coop.constitution import READ, viewer_of
from web.paging import Listing, PageParams

ADDRESS = "/api/fedcoop/v1/powers"


class UseParams(msgspec.Struct, kw_only=True):
    """`act` as in a proposal; `propose` makes a proposal where it needs a vote."""

    act: dict[str, Any]
    rule: str = ""
    reason: str = ""
    case: str = ""
    propose: bool = False


@api.post(ADDRESS, scope="admin:governance")
async def use(call: Call, params: UseParams) -> Any:
    async with call.db.write(durable=True) as tx:
        return await actions.use(
            tx,
            await call.account(tx),
            params.act,
            rule=params.rule,
            reason=params.reason,
            case=params.case,
            propose=params.propose,
            config=call.config,
        )


@api.get(ADDRESS, scope=READ, public=True)
async def listed(call: Call, params: PageParams) -> Listing:
    async with call.db.read() as tx:
        found = await actions.page(tx, viewer_of(call), params.page(20, 40))
    return Listing(list(found), found[0].id, found[-1].id) if found else Listing([], None, None)
