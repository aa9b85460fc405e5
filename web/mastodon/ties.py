"""Following, blocking, muting, and the lists of those. https://docs.joinmastodon.org/methods/accounts/,
…/follow_requests/, …/blocks/, …/mutes/"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.hydrate import muted_account
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.ids import AccountId
from fedcoop.relationships import access, actions, domain_blocks, endorsements, queries
from fedcoop.relationships.access import Relationship
from web.api import api
from web.call import Call
from web.mastodon.accounts import AccountParams, OfAccountParams, accounts_page
from web.paging import Listing, PageParams

Verb = Callable[[Tx, Account, Account], Awaitable[object]]


class FollowParams(AccountParams, kw_only=True):
    reblogs: bool | None = None
    notify: bool | None = None
    languages: list[str] | None = None


class MuteParams(AccountParams, kw_only=True):
    notifications: bool = True
    duration: int = 0


class NoteParams(AccountParams, kw_only=True):
    comment: str = ""


class DomainParams(msgspec.Struct, kw_only=True):
    domain: str = ""


class RequesterParams(msgspec.Struct, kw_only=True):
    account_id: AccountId


@api.post("/api/v1/accounts/{id}/follow", scope="write:follows")
async def follow(call: Call, params: FollowParams) -> Relationship:
    async with call.db.write() as tx:
        account, target = await _both(tx, call, params.id)
        pair = {"account_id": account.id, "target_id": target.id}
        before = await tx.one(queries.FOLLOW, **pair) or await tx.one(queries.FOLLOW_REQUEST, **pair)
        languages = msgspec.json.decode(before.languages, type=list[str]) if before else []
        await actions.follow(
            tx,
            account,
            target,
            reblogs=_wish(params.reblogs, before.reblogs if before else True),
            notify=_wish(params.notify, before.notify if before else False),
            languages=languages if params.languages is None else params.languages[:50],
        )
        return await _shown(tx, account, target)


def _wish(sent: bool | None, before: bool) -> bool:
    return before if sent is None else sent


@api.post("/api/v1/accounts/{id}/mute", scope="write:mutes")
async def mute(call: Call, params: MuteParams) -> Relationship:
    async with call.db.write() as tx:
        account, target = await _both(tx, call, params.id)
        expires_at = clock.now() + params.duration * clock.SECOND if params.duration > 0 else None
        await actions.mute(tx, account, target, notifications=params.notifications, expires_at=expires_at)
        return await _shown(tx, account, target)


@api.post("/api/v1/accounts/{id}/note", scope="write:accounts")
async def note(call: Call, params: NoteParams) -> Relationship:
    async with call.db.write() as tx:
        account, target = await _both(tx, call, params.id)
        await actions.note(tx, account, target, params.comment)
        return await _shown(tx, account, target)


def _tie(name: str, scope: str, verb: Verb) -> None:
    """An operation that changes how one stands to somebody, and answers with the relationship."""

    async def handle(call: Call, params: AccountParams) -> Relationship:
        async with call.db.write() as tx:
            account, target = await _both(tx, call, params.id)
            await verb(tx, account, target)
            return await _shown(tx, account, target)

    api.post(f"/api/v1/accounts/{{id}}/{name}", scope=scope)(handle)


_tie("unfollow", "write:follows", actions.unfollow)
_tie("remove_from_followers", "write:follows", actions.remove_follower)
_tie("block", "write:blocks", actions.block)
_tie("unblock", "write:blocks", actions.unblock)
_tie("unmute", "write:mutes", actions.unmute)
# `pin` is what Mastodon called it before.
for _name in ("endorse", "pin"):
    _tie(_name, "write:accounts", endorsements.add)
for _name in ("unendorse", "unpin"):
    _tie(_name, "write:accounts", endorsements.remove)


async def _both(tx: Tx, call: Call, target_id: AccountId) -> tuple[Account, Account]:
    return await call.account(tx), await accounts.find(tx, target_id)


async def _shown(tx: Tx, account: Account, target: Account) -> Relationship:
    return (await access.relationships(tx, account.id, [target.id]))[0]


@api.get("/api/v1/follow_requests", scope=("read:follows", "follow"))
async def follow_requests(call: Call, params: PageParams) -> Listing:
    async with call.db.read() as tx:
        return await accounts_page(tx, call, queries.REQUESTS, params, call.account_id)


@api.post("/api/v1/follow_requests/{account_id}/authorize", scope=("write:follows", "follow"))
async def authorize(call: Call, params: RequesterParams) -> Relationship:
    return await _answered(call, params, actions.accept)


@api.post("/api/v1/follow_requests/{account_id}/reject", scope=("write:follows", "follow"))
async def reject(call: Call, params: RequesterParams) -> Relationship:
    return await _answered(call, params, actions.reject)


async def _answered(call: Call, params: RequesterParams, verb: Verb) -> Relationship:
    async with call.db.write() as tx:
        account, follower = await _both(tx, call, params.account_id)
        await verb(tx, account, follower)
        return await _shown(tx, account, follower)


@api.get("/api/v1/blocks", scope="read:blocks")
async def blocks(call: Call, params: PageParams) -> Listing:
    async with call.db.read() as tx:
        return await accounts_page(tx, call, queries.BLOCKS, params, call.account_id)


@api.get("/api/v1/mutes", scope=("read:mutes", "follow"))
async def mutes(call: Call, params: PageParams) -> Listing:
    async with call.db.read() as tx:
        rows = await queries.MUTES.all(tx, params.page(40, 80), account_id=call.account_id)
        until = {row[1]: row[3] for row in rows}
        found = await tx.all(account_queries.BY_IDS, ids=list(until))
    known = {account.id: account for account in found}
    items = [
        muted_account(known[id_], call.config.base_url, ends) for id_, ends in until.items() if id_ in known
    ]
    ends = (rows[0][0], rows[-1][0]) if rows else (None, None)
    return Listing(items, *ends, backward="since_id")


@api.get("/api/v1/endorsements", scope="read:accounts")
async def endorsed(call: Call, params: PageParams) -> Listing:
    async with call.db.read() as tx:
        return await accounts_page(tx, call, queries.ENDORSED, params, call.account_id)


@api.get("/api/v1/accounts/{id}/endorsements", scope="read:accounts", public=True)
async def endorsed_by(call: Call, params: OfAccountParams) -> Listing:
    async with call.db.read() as tx:
        account = await accounts.find(tx, params.id)
        if account.suspended_at is not None:
            return Listing([], None, None)
        return await accounts_page(tx, call, queries.ENDORSED, params, account.id)


@api.get("/api/v1/domain_blocks", scope=("read:blocks", "follow"))
async def blocked_domains(call: Call, params: PageParams) -> Listing:
    """Names of servers; https://docs.joinmastodon.org/methods/domain_blocks/"""
    async with call.db.read() as tx:
        rows = await queries.BLOCKED_DOMAINS.all(tx, params.page(100, 200), account_id=call.account_id)
    ends = (rows[0][0], rows[-1][0]) if rows else (None, None)
    return Listing([row[1] for row in rows], *ends, backward="since_id")


@api.post("/api/v1/domain_blocks", scope=("write:blocks", "follow"))
async def block_domain(call: Call, params: DomainParams) -> None:
    async with call.db.write() as tx:
        await domain_blocks.block(tx, await call.account(tx), params.domain, config=call.config)


@api.delete("/api/v1/domain_blocks", scope=("write:blocks", "follow"))
async def unblock_domain(call: Call, params: DomainParams) -> None:
    async with call.db.write() as tx:
        await domain_blocks.unblock(tx, await call.account(tx), params.domain)


@api.get("/api/v1/accounts/{id}/identity_proofs", scope="read:accounts")
async def identity_proofs(call: Call, params: AccountParams) -> list[None]:
    """Mastodon took them away; older clients still ask, and are told that there are none."""
    async with call.db.read() as tx:
        await accounts.find(tx, params.id)
    return []
