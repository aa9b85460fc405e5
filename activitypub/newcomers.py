"""How many servers nobody knew yet are heard from below one domain: whoever owns a domain can invent endless names
in it (docs/security.md, E8). Asked by `keyring` and `resolve` before they fetch somebody unknown.
"""

from __future__ import annotations

from ipaddress import ip_address

from activitypub import queries
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.origins import authority
from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import Invalid

MOST = 10
"""New servers below one registered domain in a day; as many as Mastodon takes."""


async def admit(fed: Federation, url: str) -> None:
    """Raises `Ignored` where the server behind an address is one too many. The same for all processes on one
    database."""
    try:
        domain = authority(url)
    except Invalid:
        return
    above = registered(domain.partition(":")[0])
    if not above:
        return
    now = clock.now()
    async with fed.db.read() as tx:
        if await tx.scalar(queries.KNOWN_DOMAIN, domain=domain) is not None:
            return
        place = await _place(tx, above, domain, now)
    if place is None:
        return
    async with fed.db.write() as tx:
        # Whoever asks for a place at the same time asks for the same one: one has it, the other looks again.
        while (place := await _place(tx, above, domain, now)) is not None:
            taken = {"above": above, "place": place, "domain": domain, "since": now}
            if await tx.execute(queries.TAKE_PLACE, **taken, after=now - clock.DAY):
                return


async def _place(tx: Tx, above: str, domain: str, now: int) -> int | None:
    """The first place that is free below a registered domain; None where this server has one. Raises `Ignored`
    where there is none."""
    rows = await tx.all(queries.NEWCOMERS, above=above, after=now - clock.DAY)
    if any(row["domain"] == domain for row in rows):
        return None
    free = set(range(MOST)) - {row["place"] for row in rows}
    if not free:
        raise Ignored(f"more than {MOST} new servers below {above} in a day")
    return min(free)


async def forget(tx: Tx) -> None:
    """Forget whose day is over."""
    await tx.execute(queries.FORGET_NEWCOMERS, before=clock.now() - clock.DAY)


def registered(host: str) -> str:
    """The domain that somebody registered, above this one; empty for one that is registered itself, and for an
    address. Without a list of all registries: names of two letters under a short one (`co.uk`) are taken for
    one."""
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return ""
    labels = host.split(".")
    own = 3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2
    return ".".join(labels[-own:]) if len(labels) > own else ""
