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
from fedcoop.errors import Invalid

MOST = 10
"""New servers below one registered domain in a day; as many as Mastodon takes."""


async def admit(fed: Federation, url: str) -> None:
    """Raises `Ignored` where the server behind an address is one too many. Kept in memory: a restart lets ten
    more in."""
    try:
        domain = authority(url)
    except Invalid:
        return
    above = registered(domain.partition(":")[0])
    if not above:
        return
    lately = fed.newcomers.get(above) or {}
    if domain in lately:
        return
    async with fed.db.read() as tx:
        if await tx.scalar(queries.KNOWN_DOMAIN, domain=domain) is not None:
            return
    now = clock.now()
    lately = {name: since for name, since in lately.items() if since > now - clock.DAY}
    if len(lately) >= MOST:
        raise Ignored(f"more than {MOST} new servers below {above} in a day")
    fed.newcomers.put(above, {**lately, domain: now})


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
