"""Asking who may join and sign in: the gates of `web.oauth`."""

from __future__ import annotations

from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TypeVar

from fedcoop import clock
from fedcoop.barring import queries
from fedcoop.barring.types import CanonicalEmailBlock, EmailDomainBlock, IpBlock, IpSeverity
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.text.domains import parents

T = TypeVar("T")
STRICTEST: tuple[IpSeverity, ...] = ("no_access", "sign_up_block", "sign_up_requires_approval")


async def at_address(tx: Tx, address: str) -> IpSeverity | None:
    """The strictest of what is barred for whoever comes from this address; None for nothing."""
    networks = _networks_around(address)
    found = {each.severity for each in await tx.all(queries.IPS_AROUND, networks=networks, now=clock.now())}
    return next((severity for severity in STRICTEST if severity in found), None)


def _networks_around(address: str) -> list[str]:
    """Every network that an address is in, so that the index finds those that are barred."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return []
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return [str(ip_network((parsed, length), strict=False)) for length in range(parsed.max_prefixlen + 1)]


async def check_signing_in(tx: Tx, address: str) -> None:
    """Raises `NotAllowed` where nobody signs in from."""
    if await at_address(tx, address) == "no_access":
        raise NotAllowed("From your network nobody can log in here. Ask those who run this server.")


async def check_joining(tx: Tx, address: str) -> bool:
    """Whether somebody from this address has to be let in even where others need not. Raises `NotAllowed` where
    nobody joins from."""
    barred = await at_address(tx, address)
    if barred in ("no_access", "sign_up_block"):
        raise NotAllowed("From your network nobody can join at the moment. Ask those who run this server.")
    return barred is not None


async def check_email(tx: Tx, email: str) -> None:
    """Raises `Invalid` for an address that nobody here may have; the two reasons look the same."""
    domain = email.rpartition("@")[2]
    barred = bool(await matching_email(tx, email))
    if barred or await tx.all(queries.DOMAINS_AROUND, domains=_above(domain)):
        raise Invalid("E-mail address cannot be used here", "email", "ERR_BLOCKED")


def _above(domain: str) -> list[str]:
    try:
        return parents(domain)
    except Invalid:
        return [domain]


async def matching_email(tx: Tx, email: str) -> list[CanonicalEmailBlock]:
    """What bars this address, however it is spelt."""
    return await tx.all(queries.EMAIL_BY_HASH, email_hash=email_hash(email))


def email_hash(email: str) -> str:
    """SHA-256, in hex, of the form that many spellings of one address share: without dots before the @, and
    without what follows a plus. Mastodon's, so that lists can be exchanged."""
    name, _, domain = email.strip().lower().partition("@")
    name = name.replace(".", "").partition("+")[0]
    return sha256(f"{name}@{domain}".encode()).hexdigest()


async def ip_block(tx: Tx, id_: int) -> IpBlock:
    """Raises `NotFound`."""
    return _there(await tx.one(queries.IP, id=id_))


async def email_domain_block(tx: Tx, id_: int) -> EmailDomainBlock:
    """Raises `NotFound`."""
    return _there(await tx.one(queries.DOMAIN, id=id_))


async def canonical_email_block(tx: Tx, id_: int) -> CanonicalEmailBlock:
    """Raises `NotFound`."""
    return _there(await tx.one(queries.EMAIL, id=id_))


def _there(found: T | None) -> T:
    if found is None:
        raise NotFound
    return found
