"""Quotes of a status: who quoted it, taking consent back, and who may from now on.
https://docs.joinmastodon.org/methods/statuses/#quotes"""

from __future__ import annotations

from msgspec import Raw

from fedcoop.errors import Invalid, NotFound
from fedcoop.ids import StatusId
from fedcoop.statuses import access
from fedcoop.statuses.quotes import actions, queries
from fedcoop.statuses.quotes.types import policy_of
from web.api import api
from web.call import Call
from web.mastodon.statuses import StatusParams, own_status, quote_policy
from web.paging import Listing, PageParams


class QuotesParams(PageParams, kw_only=True):
    id: StatusId


class QuoteParams(StatusParams, kw_only=True):
    quoting_id: StatusId


class PolicyParams(StatusParams, kw_only=True):
    quote_approval_policy: str | None = None


@api.get("/api/v1/statuses/{id}/quotes", scope="read:statuses")
async def quotes(call: Call, params: QuotesParams) -> Listing:
    async with call.db.read() as tx:
        status = await access.visible(tx, call.viewer, params.id)
        refs = await queries.OF_STATUS.all(tx, params.page(), id=status.id, viewer=call.viewer)
        shown = await call.show.statuses(tx, call.viewer, refs)
    ends = (refs[0].id, refs[-1].id) if refs else (None, None)
    return Listing(shown, *ends)


@api.post("/api/v1/statuses/{id}/quotes/{quoting_id}/revoke", scope="write:statuses")
async def revoke(call: Call, params: QuoteParams) -> Raw:
    async with call.db.write() as tx:
        quoted = await own_status(tx, call, params.id)
        status = await access.visible(tx, call.viewer, params.quoting_id)
        if status.quoted_id != quoted.id or status.quote_state != "accepted":
            raise NotFound
        if status.account_id == quoted.account_id:
            raise Invalid("You quoted yourself: delete or edit the post instead")
        await actions.revoke(tx, await call.account(tx), quoted, status)
        return await call.show.status(tx, call.viewer, status.id)


@api.put("/api/v1/statuses/{id}/interaction_policy", scope="write:statuses")
async def set_policy(call: Call, params: PolicyParams) -> Raw:
    """For what is not public, nobody may quote, whatever is chosen."""
    async with call.db.write() as tx:
        status = await own_status(tx, call, params.id)
        chosen = quote_policy(params.quote_approval_policy, "nobody")
        await actions.set_policy(tx, status, policy_of(chosen, public=status.public, before=status.policy))
        return await call.show.status(tx, call.viewer, status.id)
