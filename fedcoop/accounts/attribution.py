"""Which websites may name an account as the author of their pages, which `activitypub.previews` reads.
https://docs.joinmastodon.org/spec/activitypub/#attributionDomains"""

from __future__ import annotations

from collections.abc import Iterable

from fedcoop import jobs
from fedcoop.accounts import queries
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.jobs.types import CreditCards
from fedcoop.text.domains import canonical, parents

MOST = 100


async def allows(tx: Tx, account_id: int, host: str) -> bool:
    """Whether pages of this host, or of a domain above it, may name the account."""
    names = names_of(host)
    return (
        bool(names) and await tx.scalar(queries.ATTRIBUTED, account_id=account_id, domains=names) is not None
    )


def names_of(host: str) -> list[str]:
    """The domains that speak for a host: its own name and those above it."""
    try:
        return parents(canonical(host))
    except Invalid:
        return []


async def domains_of(tx: Tx, account_id: int) -> list[str]:
    return await tx.scalars(queries.ATTRIBUTION, account_id=account_id)


async def set_domains(tx: Tx, account_id: int, domains: Iterable[str]) -> bool:
    """Let pages of these domains name the account, and of no others, on cards that are there already too;
    says whether that is new. Raises `Invalid`
    for too many, or for what is no domain."""
    wanted = {canonical(domain.removeprefix("https://").rstrip("/")) for domain in domains if domain.strip()}
    if len(wanted) > MOST or any("." not in domain for domain in wanted):
        raise Invalid(
            f"Websites that may credit you are at most {MOST} domains such as news.example.", "domain"
        )
    if wanted == set(await domains_of(tx, account_id)):
        return False
    await tx.execute(queries.FORGET_ATTRIBUTION, account_id=account_id)
    await tx.many(
        queries.ADD_ATTRIBUTION, [{"account_id": account_id, "domain": domain} for domain in sorted(wanted)]
    )
    await jobs.add(tx, CreditCards(account_id=account_id))
    return True


async def believe(tx: Tx, account_id: int, domains: Iterable[str]) -> None:
    """The same for an account elsewhere: what is no domain is left out."""
    good = []
    for domain in list(domains)[:MOST]:
        try:
            name = canonical(domain)
        except Invalid:
            continue
        if "." in name:
            good.append(name)
    await set_domains(tx, account_id, good)
