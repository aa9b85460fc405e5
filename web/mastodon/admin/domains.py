"""Servers that this one restricts, and exceptions from that: acts of the co-operative.
https://docs.joinmastodon.org/methods/admin/domain_blocks/ and
https://docs.joinmastodon.org/methods/admin/domain_allows/"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.domains import access
from fedcoop.domains.types import Restriction
from fedcoop.errors import VALIDATION, Conflict, Invalid, NotFound
from moderation.powers.access import reasons
from web.api import api
from web.call import Call
from web.mastodon.admin.acting import ActParams, by_office, proposed
from web.paging import Listing, PageParams

BLOCKS, ALLOWS = "/api/v1/admin/domain_blocks", "/api/v1/admin/domain_allows"
READ_BLOCKS, WRITE_BLOCKS = "admin:read:domain_blocks", "admin:write:domain_blocks"
READ_ALLOWS, WRITE_ALLOWS = "admin:read:domain_allows", "admin:write:domain_allows"
Severity = Literal["silence", "suspend", "noop"]


class OneParams(msgspec.Struct, kw_only=True):
    id: int


class LiftParams(ActParams, kw_only=True):
    id: int


class BlockParams(ActParams, kw_only=True):
    domain: str = ""
    severity: Severity = "silence"
    reject_media: bool = False
    reject_reports: bool = False
    private_comment: str = ""
    public_comment: str = ""
    obfuscate: bool = False


class ChangeParams(ActParams, kw_only=True):
    id: int
    severity: Severity | None = None
    reject_media: bool | None = None
    reject_reports: bool | None = None
    private_comment: str = ""
    public_comment: str | None = None
    obfuscate: bool | None = None


class AllowParams(ActParams, kw_only=True):
    domain: str = ""


async def _page(call: Call, params: PageParams, *, allowed: bool) -> Listing:
    call.require_staff()
    async with call.db.read() as tx:
        found = await access.page(tx, params.page(100, 200), allowed=allowed)
        shown = [_allow(each) for each in found] if allowed else await _blocks(tx, found)
    return Listing(list(shown), found[0].id, found[-1].id) if found else Listing([], None, None)


async def _blocks(tx: Tx, found: list[Restriction]) -> list[dict[str, Any]]:
    """https://docs.joinmastodon.org/entities/Admin_DomainBlock/ The private comment is the reason that an office
    gave."""
    given = await reasons(tx, [each.because for each in found])
    return [
        {
            "id": str(each.id),
            "domain": each.domain,
            "digest": each.digest,
            "created_at": clock.iso(each.created_at),
            "severity": "suspend" if each.suspended else "silence",
            "reject_media": each.reject_media,
            "reject_reports": each.reject_reports,
            "private_comment": given.get(each.because),
            "public_comment": each.public_comment or None,
            "obfuscate": each.obfuscate,
        }
        for each in found
    ]


def _allow(each: Restriction) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Admin_DomainAllow/"""
    return {"id": str(each.id), "domain": each.domain, "created_at": clock.iso(each.created_at)}


async def _found(tx: Tx, id_: int, *, allowed: bool) -> Restriction:
    restriction = await access.by_id(tx, id_)
    if (restriction.severity == "allow") is not allowed:
        raise NotFound
    return restriction


@api.get(BLOCKS, scope=READ_BLOCKS)
async def blocks(call: Call, params: PageParams) -> Listing:
    return await _page(call, params, allowed=False)


@api.get(f"{BLOCKS}/{{id}}", scope=READ_BLOCKS)
async def block(call: Call, params: OneParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.read() as tx:
        return (await _blocks(tx, [await _found(tx, params.id, allowed=False)]))[0]


@api.post(BLOCKS, scope=WRITE_BLOCKS)
async def restrict(call: Call, params: BlockParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        before = await access.find(tx, params.domain)
        if before is not None and before.severity != "allow":
            raise Conflict(f"{VALIDATION}Domain has already been taken")
        act = {
            "type": _kind(params.severity),
            "domain": params.domain,
            "reject_media": params.reject_media,
            "reject_reports": params.reject_reports,
            "obfuscate": params.obfuscate,
            "public_comment": params.public_comment,
        }
        return await _restricted(call, tx, act, params, params.private_comment)


@api.put(f"{BLOCKS}/{{id}}", scope=WRITE_BLOCKS)
async def change(call: Call, params: ChangeParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        before = await _found(tx, params.id, allowed=False)
        act: dict[str, Any] = {
            "type": _kind(params.severity or ("suspend" if before.suspended else "silence")),
            "domain": before.domain,
        }
        for name in ("reject_media", "reject_reports", "obfuscate", "public_comment"):
            wished = getattr(params, name)
            act[name] = getattr(before, name) if wished is None else wished
        return await _restricted(call, tx, act, params, params.private_comment)


def _kind(severity: Severity) -> str:
    if severity == "noop":
        raise Invalid(
            f"{VALIDATION}Severity must be silence or suspend: media and reports are refused together with these",
            "severity",
        )
    return "suspend_domain" if severity == "suspend" else "limit_domain"


async def _restricted(
    call: Call, tx: Tx, act: dict[str, Any], params: ActParams, reason: str
) -> dict[str, Any]:
    if proposal := await by_office(call, tx, act, params, reason=reason):
        return proposed(call, proposal)
    made = await access.find(tx, act["domain"])
    if made is None:
        raise NotFound
    return (await _blocks(tx, [made]))[0]


@api.delete(f"{BLOCKS}/{{id}}", scope=WRITE_BLOCKS)
async def lift(call: Call, params: LiftParams) -> dict[str, Any]:
    return await _lifted(call, params, allowed=False)


@api.get(ALLOWS, scope=READ_ALLOWS)
async def allows(call: Call, params: PageParams) -> Listing:
    return await _page(call, params, allowed=True)


@api.get(f"{ALLOWS}/{{id}}", scope=READ_ALLOWS)
async def allow(call: Call, params: OneParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.read() as tx:
        return _allow(await _found(tx, params.id, allowed=True))


@api.post(ALLOWS, scope=WRITE_ALLOWS)
async def except_(call: Call, params: AllowParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        act = {"type": "allow_domain", "domain": params.domain}
        if proposal := await by_office(call, tx, act, params):
            return proposed(call, proposal)
        made = await access.find(tx, params.domain)
        if made is None:
            raise NotFound
        return _allow(made)


@api.delete(f"{ALLOWS}/{{id}}", scope=WRITE_ALLOWS)
async def disallow(call: Call, params: LiftParams) -> dict[str, Any]:
    return await _lifted(call, params, allowed=True)


async def _lifted(call: Call, params: LiftParams, *, allowed: bool) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        before = await _found(tx, params.id, allowed=allowed)
        act = {"type": "lift_domain", "domain": before.domain}
        proposal = await by_office(call, tx, act, params)
        return {} if proposal is None else proposed(call, proposal)
