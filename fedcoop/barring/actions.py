"""Barring and letting in again."""

from __future__ import annotations

import re
from ipaddress import ip_network

import msgspec

from fedcoop import clock
from fedcoop.barring import access, queries
from fedcoop.barring.types import CanonicalEmailBlock, EmailDomainBlock, IpBlock, IpSeverity
from fedcoop.db import Tx
from fedcoop.errors import VALIDATION, Conflict, Invalid
from fedcoop.ids import new_id
from fedcoop.text import fit
from fedcoop.text.domains import canonical

LONGEST_COMMENT = 1000
LONGEST_SPAN = 10 * 366 * 24 * 3600
WIDEST = {4: 8, 6: 16}
"""Wider networks than these hold half the world."""
_HASH = re.compile(r"[0-9a-f]{64}")


async def bar_ip(
    tx: Tx, ip: str, severity: IpSeverity, *, comment: str = "", expires_in: int | None = None
) -> IpBlock:
    """Bar a network; `expires_in` in seconds. Raises `Invalid` for what is none, `Conflict` for one that is barred
    already."""
    block = IpBlock(
        id=new_id(),
        ip=_network(ip),
        severity=severity,
        comment=_checked_comment(comment),
        created_at=clock.now(),
        expires_at=_end(expires_in),
    )
    if not await tx.execute(queries.ADD_IP, **msgspec.structs.asdict(block)):
        raise Conflict(f"{VALIDATION}IP has already been taken")
    return block


async def change_ip(
    tx: Tx,
    block: IpBlock,
    *,
    ip: str | None,
    severity: IpSeverity | None,
    comment: str | None,
    expires_in: int | None,
) -> IpBlock:
    """Bar it otherwise; None leaves as it is. Raises `Invalid` and `Conflict`."""
    changed = msgspec.structs.replace(
        block,
        ip=block.ip if ip is None else _network(ip),
        severity=severity or block.severity,
        comment=block.comment if comment is None else _checked_comment(comment),
        expires_at=block.expires_at if expires_in is None else _end(expires_in),
    )
    others = await tx.all(queries.IPS_AROUND, networks=[changed.ip], now=0)
    if any(each.id != block.id for each in others):
        raise Conflict(f"{VALIDATION}IP has already been taken")
    await tx.execute(
        queries.CHANGE_IP,
        block_id=block.id,
        new_ip=changed.ip,
        new_severity=changed.severity,
        new_comment=changed.comment,
        new_expires_at=changed.expires_at,
    )
    return changed


async def bar_email_domain(tx: Tx, domain: str) -> EmailDomainBlock:
    """Nobody joins with an address of this provider. Raises `Invalid`, `Conflict`."""
    block = EmailDomainBlock(id=new_id(), domain=canonical(domain), created_at=clock.now())
    if not await tx.execute(queries.ADD_DOMAIN, **msgspec.structs.asdict(block)):
        raise Conflict(f"{VALIDATION}Domain has already been taken")
    return block


async def bar_email(tx: Tx, email: str = "", email_hash: str = "") -> CanonicalEmailBlock:
    """Nobody joins with this address, however it is spelt: the address itself, or the hash of its one form. Raises
    `Invalid`, `Conflict`."""
    if email:
        if "@" not in email.strip("@ "):
            raise Invalid(f"{VALIDATION}Email is not an e-mail address", "email")
        email_hash = access.email_hash(email)
    if not _HASH.fullmatch(email_hash):
        raise Invalid(f"{VALIDATION}Canonical email hash can't be blank", "canonical_email_hash")
    block = CanonicalEmailBlock(id=new_id(), email_hash=email_hash, created_at=clock.now())
    if not await tx.execute(queries.ADD_EMAIL, **msgspec.structs.asdict(block)):
        raise Conflict(f"{VALIDATION}Canonical email hash has already been taken")
    return block


async def let_in(tx: Tx, block: IpBlock | EmailDomainBlock | CanonicalEmailBlock) -> None:
    """Bar it no longer."""
    removal = {
        IpBlock: queries.REMOVE_IP,
        EmailDomainBlock: queries.REMOVE_DOMAIN,
        CanonicalEmailBlock: queries.REMOVE_EMAIL,
    }[type(block)]
    await tx.execute(removal, id=block.id)


def _network(text: str) -> str:
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise Invalid(f"{VALIDATION}Ip is not an IP address or network", "ip") from None
    if network.prefixlen < WIDEST[network.version]:
        raise Invalid(f"{VALIDATION}Ip is too wide a network to bar", "ip")
    return str(network)


def _checked_comment(text: str) -> str:
    comment = fit(text).strip()
    if len(comment) > LONGEST_COMMENT:
        raise Invalid(f"{VALIDATION}Comment is too long (maximum is {LONGEST_COMMENT} characters)", "comment")
    return comment


def _end(expires_in: int | None) -> int | None:
    if not expires_in:
        return None
    if not 0 < expires_in <= LONGEST_SPAN:
        raise Invalid(f"{VALIDATION}Expires in must be a number of seconds, at most ten years", "expires_in")
    return clock.now() + expires_in * clock.SECOND
