"""What others ask to do with a member's posts, and who has to ask. Mastodon has no such thing; these are
GoToSocial's methods, for clients that know them. https://docs.gotosocial.org/en/latest/api/swagger/ Without
one it is done on the page `web.pages.settings.consent`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, Raw, UnsetType

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import InteractionId, StatusId
from fedcoop.interactions import actions
from fedcoop.interactions.access import concerned
from fedcoop.statuses.consent import access, queries, rules
from fedcoop.statuses.consent.entities import Policy, PolicyParams, policy, rules_of
from fedcoop.statuses.consent.types import Deed, Interaction
from fedcoop.statuses.types import Rules
from web.api import api
from web.call import Call
from web.paging import Listing, PageParams


class RequestParams(msgspec.Struct, kw_only=True):
    id: InteractionId


class RequestsParams(PageParams, kw_only=True):
    status_id: StatusId | None = None
    favourites: bool = True
    replies: bool = True
    reblogs: bool = True


class InteractionRequest(msgspec.Struct, kw_only=True):
    id: str
    type: Deed
    created_at: str
    account: Raw
    status: Raw
    reply: Raw | UnsetType = UNSET
    accepted_at: str | UnsetType = UNSET
    rejected_at: str | UnsetType = UNSET
    uri: str | UnsetType = UNSET


async def shown(tx: Tx, call: Call, found: Sequence[Interaction]) -> list[InteractionRequest]:
    """As their author sees them, with answers that nobody else does yet; as many statements for all as for one."""
    statuses, people = await concerned(tx, call.show, call.viewer, found)
    return [
        _entity(each, people[each.account_id], statuses[each.status_id], statuses.get(each.result_id or 0))
        for each in found
        if each.account_id in people and each.status_id in statuses
    ]


def _entity(found: Interaction, account: Raw, status: Raw, reply: Raw | None) -> InteractionRequest:
    decided = clock.iso(found.decided_at) if found.decided_at else UNSET
    return InteractionRequest(
        id=str(found.id),
        type=found.deed,
        created_at=clock.iso(found.created_at),
        account=account,
        status=status,
        reply=reply if reply is not None and found.deed == "reply" else UNSET,
        accepted_at=decided if found.state == "accepted" else UNSET,
        rejected_at=decided if found.state in ("rejected", "revoked") else UNSET,
        uri=found.stamp_uri or UNSET,
    )


@api.get("/api/v1/interaction_requests", scope="read:notifications")
async def requests(call: Call, params: RequestsParams) -> Listing:
    wanted = {"favourite": params.favourites, "reply": params.replies, "reblog": params.reblogs}
    deeds = [deed for deed, asked in wanted.items() if asked]
    if not deeds:
        raise Invalid("At least one of favourites, replies and reblogs must be true")
    async with call.db.read() as tx:
        found = await queries.PENDING.all(
            tx,
            params.page(40, 80),
            author_id=call.account_id,
            deeds=deeds,
            status_id=params.status_id or 0,
        )
        entities = await shown(tx, call, found)
    return Listing(entities, *((found[0].id, found[-1].id) if found else (None, None)))


@api.get("/api/v1/interaction_requests/{id}", scope="read:notifications")
async def one(call: Call, params: RequestParams) -> InteractionRequest:
    async with call.db.read() as tx:
        return await _one(tx, call, params.id)


@api.post("/api/v1/interaction_requests/{id}/authorize", scope="write:statuses")
async def authorize(call: Call, params: RequestParams) -> InteractionRequest:
    async with call.db.write() as tx:
        await actions.accept(tx, await access.own(tx, call.account_id, params.id))
        return await _one(tx, call, params.id)


@api.post("/api/v1/interaction_requests/{id}/reject", scope="write:statuses")
async def reject(call: Call, params: RequestParams) -> InteractionRequest:
    """Also of what was let before: consent is taken back."""
    async with call.db.write() as tx:
        await actions.refuse(tx, await access.own(tx, call.account_id, params.id))
        return await _one(tx, call, params.id)


async def _one(tx: Tx, call: Call, interaction_id: int) -> InteractionRequest:
    found = await access.own(tx, call.account_id, interaction_id)
    return (await shown(tx, call, [found]))[0]


class DefaultsParams(msgspec.Struct, kw_only=True):
    public: PolicyParams | None = None
    unlisted: PolicyParams | None = None
    private: PolicyParams | None = None
    direct: PolicyParams | None = None


class DefaultPolicies(msgspec.Struct, kw_only=True):
    public: Policy
    unlisted: Policy
    private: Policy
    direct: Policy


@api.get("/api/v1/interaction_policies/defaults", scope="read:accounts")
async def defaults(call: Call) -> DefaultPolicies:
    async with call.db.read() as tx:
        return _defaults(rules.read((await accounts.user(tx, call.account_id)).default_rules))


@api.patch("/api/v1/interaction_policies/defaults", scope="write:accounts")
async def set_defaults(call: Call, params: DefaultsParams) -> DefaultPolicies:
    """What is not sent is for everybody again."""
    chosen = rules.Defaults(
        public=_chosen(params.public),
        unlisted=_chosen(params.unlisted),
        private=_chosen(params.private),
        direct=_chosen(params.direct),
    )
    async with call.db.write() as tx:
        await rules.save(tx, call.account_id, chosen)
    return _defaults(chosen)


def _chosen(params: PolicyParams | None) -> Rules:
    return rules_of(params) if params is not None else Rules()


def _defaults(chosen: rules.Defaults) -> DefaultPolicies:
    return DefaultPolicies(
        public=policy(chosen.public),
        unlisted=policy(chosen.unlisted),
        private=policy(chosen.private),
        direct=policy(chosen.direct),
    )
