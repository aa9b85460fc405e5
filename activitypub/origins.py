"""Whom to believe about what: the origin model of FEP-fe34.

A document is believed when its id and the address it was fetched from share an origin (scheme, host, port),
and what it says about an actor when that actor's id does too. What is embedded in an activity is believed
only for the origin of the actor who signed; everything else is fetched from its own id.
"""

import functools
from urllib.parse import urlsplit

from fedcoop.errors import Invalid

_PORTS = {"https": 443, "http": 80}


@functools.lru_cache(maxsize=4096)
def origin(uri: str) -> str:
    """`scheme://host:port` in one spelling; for `did:` ids the did. Raises `Invalid` where there is none."""
    if uri.startswith("ap://did:"):
        return uri[5:].partition("/")[0]
    if uri.startswith("did:"):
        return uri.partition("/")[0].partition("#")[0].partition("?")[0]
    try:
        parts = urlsplit(uri)
        port = parts.port or _PORTS[parts.scheme]
        host = parts.hostname or ""
        if not host or "@" in parts.netloc:
            raise ValueError
        if not host.isascii():
            host = host.encode("idna").decode()
    except (ValueError, KeyError, UnicodeError):
        raise Invalid(f"not an address: {uri[:200]}") from None
    return f"{parts.scheme}://{host.lower()}:{port}"


def same_origin(one: str, *others: str) -> bool:
    """Do all these ids come from one origin? False also where one of them has none."""
    try:
        first = origin(one)
        return all(origin(other) == first for other in others)
    except Invalid:
        return False


def authority(uri: str) -> str:
    """Host, with the port where it is not the scheme's own: what stands behind the @ of a handle.

    Raises `Invalid` where there is none.
    """
    scheme, _, rest = origin(uri).partition("://")
    if not rest:
        raise Invalid(f"no host in {uri[:200]}")
    return rest.removesuffix(f":{_PORTS[scheme]}")
