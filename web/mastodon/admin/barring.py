"""Who may not join: networks, providers of e-mail, single addresses.
https://docs.joinmastodon.org/methods/admin/ip_blocks/ and those of email_domain_blocks and
canonical_email_blocks"""

from __future__ import annotations

from typing import Any

import msgspec

from fedcoop.barring import access, actions, queries
from fedcoop.barring.types import CanonicalEmailBlock, EmailDomainBlock, IpBlock, IpSeverity
from fedcoop.db import Tx
from fedcoop.errors import VALIDATION, Invalid
from fedcoop.paging import Paged
from moderation.powers import routine
from moderation.powers.routine import Work
from web.api import api
from web.call import Call
from web.paging import Listing, PageParams

IPS, DOMAINS, EMAILS = (
    f"/api/v1/admin/{name}" for name in ("ip_blocks", "email_domain_blocks", "canonical_email_blocks")
)
Block = IpBlock | EmailDomainBlock | CanonicalEmailBlock


class OneParams(msgspec.Struct, kw_only=True):
    id: int


class IpParams(msgspec.Struct, kw_only=True):
    ip: str = ""
    severity: IpSeverity | None = None
    comment: str = ""
    expires_in: int | None = None


class ChangeIpParams(msgspec.Struct, kw_only=True):
    id: int
    ip: str | None = None
    severity: IpSeverity | None = None
    comment: str | None = None
    expires_in: int | None = None


class DomainParams(msgspec.Struct, kw_only=True):
    domain: str = ""


class EmailParams(msgspec.Struct, kw_only=True):
    email: str = ""
    canonical_email_hash: str = ""


async def _listed(call: Call, params: PageParams, listed: Paged[Any]) -> Listing:
    call.require_staff()
    async with call.db.read() as tx:
        found = await listed.all(tx, params.page(100, 200))
    shown = [each.entity() for each in found]
    return Listing(shown, found[0].id, found[-1].id) if found else Listing([], None, None)


async def _record(call: Call, tx: Tx, did: Work, **words: str) -> None:
    await routine.record(tx, await call.account(tx), did, words=words)


async def _let_in(call: Call, tx: Tx, block: Block, did: Work) -> dict[str, Any]:
    await _record(call, tx, did, block=str(block.id))
    await actions.let_in(tx, block)
    return {}


@api.get(IPS, scope="admin:read:ip_blocks")
async def ip_blocks(call: Call, params: PageParams) -> Listing:
    return await _listed(call, params, queries.IPS)


@api.get(f"{IPS}/{{id}}", scope="admin:read:ip_blocks")
async def ip_block(call: Call, params: OneParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.read() as tx:
        return dict((await access.ip_block(tx, params.id)).entity())


@api.post(IPS, scope="admin:write:ip_blocks")
async def bar_ip(call: Call, params: IpParams) -> dict[str, Any]:
    call.require_staff()
    if params.severity is None:
        raise Invalid(f"{VALIDATION}Severity can't be blank", "severity")
    async with call.db.write(durable=True) as tx:
        await _record(call, tx, "barred_an_address", ip=params.ip, comment=params.comment)
        block = await actions.bar_ip(
            tx, params.ip, params.severity, comment=params.comment, expires_in=params.expires_in
        )
    return dict(block.entity())


@api.put(f"{IPS}/{{id}}", scope="admin:write:ip_blocks")
async def change_ip(call: Call, params: ChangeIpParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        block = await access.ip_block(tx, params.id)
        await _record(call, tx, "changed_a_barred_address", ip=params.ip or block.ip)
        changed = await actions.change_ip(
            tx,
            block,
            ip=params.ip,
            severity=params.severity,
            comment=params.comment,
            expires_in=params.expires_in,
        )
    return dict(changed.entity())


@api.delete(f"{IPS}/{{id}}", scope="admin:write:ip_blocks")
async def let_in_ip(call: Call, params: OneParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        return await _let_in(call, tx, await access.ip_block(tx, params.id), "let_in_an_address")


@api.get(DOMAINS, scope="admin:read:email_domain_blocks")
async def email_domain_blocks(call: Call, params: PageParams) -> Listing:
    return await _listed(call, params, queries.DOMAINS)


@api.get(f"{DOMAINS}/{{id}}", scope="admin:read:email_domain_blocks")
async def email_domain_block(call: Call, params: OneParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.read() as tx:
        return dict((await access.email_domain_block(tx, params.id)).entity())


@api.post(DOMAINS, scope="admin:write:email_domain_blocks")
async def bar_email_domain(call: Call, params: DomainParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        await _record(call, tx, "barred_a_mail_provider", domain=params.domain)
        return dict((await actions.bar_email_domain(tx, params.domain)).entity())


@api.delete(f"{DOMAINS}/{{id}}", scope="admin:write:email_domain_blocks")
async def let_in_email_domain(call: Call, params: OneParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        block = await access.email_domain_block(tx, params.id)
        return await _let_in(call, tx, block, "let_in_a_mail_provider")


@api.get(EMAILS, scope="admin:read:canonical_email_blocks")
async def canonical_email_blocks(call: Call, params: PageParams) -> Listing:
    return await _listed(call, params, queries.EMAILS)


@api.get(f"{EMAILS}/{{id}}", scope="admin:read:canonical_email_blocks")
async def canonical_email_block(call: Call, params: OneParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.read() as tx:
        return dict((await access.canonical_email_block(tx, params.id)).entity())


@api.post(f"{EMAILS}/test", scope="admin:read:canonical_email_blocks")
async def test_email(call: Call, params: EmailParams) -> list[dict[str, Any]]:
    """What bars this address, however it is spelt. Changes nothing."""
    call.require_staff()
    if not params.email.strip():
        raise Invalid(f"{VALIDATION}Email can't be blank", "email")
    async with call.db.read() as tx:
        return [dict(each.entity()) for each in await access.matching_email(tx, params.email)]


@api.post(EMAILS, scope="admin:write:canonical_email_blocks")
async def bar_email(call: Call, params: EmailParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        await _record(call, tx, "barred_a_mail_address")
        block = await actions.bar_email(tx, params.email, params.canonical_email_hash)
    return dict(block.entity())


@api.delete(f"{EMAILS}/{{id}}", scope="admin:write:canonical_email_blocks")
async def let_in_email(call: Call, params: OneParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        block = await access.canonical_email_block(tx, params.id)
        return await _let_in(call, tx, block, "let_in_a_mail_address")
