"""Which addresses we ask: no private networks, no odd spellings, no odd ports. Asking is `client`.

`check_url` looks at the text, `Resolver` at the addresses that a name stands for; the connection is made to
those very addresses, so that a name that changes its mind in between (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import re
import socket
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from activitypub.errors import Refused

PORTS = frozenset({None, 443, 8443})
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9_-]{0,62})\.)+[a-z](?:[a-z0-9-]{0,62})")
_PRIVATE_NAMES = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet")
_DISGUISED = (
    ipaddress.ip_network("64:ff9b::/96"),  # NAT64: an IPv4 address in the last four bytes
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("2002::/16"),  # 6to4
    ipaddress.ip_network("2001::/32"),  # Teredo
    ipaddress.ip_network("::/96"),
)


def check_url(url: str, *, allow_private: bool) -> str:
    """The address in the form in which we ask it. Raises `Refused` (docs/security.md D12–D14)."""
    if len(url) > 2_048 or not url.isprintable() or " " in url or "\\" in url:
        raise Refused("an address with blanks, control characters or too many of them")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
        host = host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise Refused(f"not an address: {url[:200]}") from None
    if parts.scheme not in (("https", "http") if allow_private else ("https",)):
        raise Refused(f"the scheme {parts.scheme[:20]} is not asked")
    if "@" in parts.netloc or not host:
        raise Refused("an address with a user name, or without a host")
    if not allow_private:
        if port not in PORTS:
            raise Refused(f"the port {port} is not asked")
        if not _HOST.fullmatch(host) or len(host) > 253 or host.endswith(_PRIVATE_NAMES):
            raise Refused(f"{host[:100]} is no public host name")
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc += f":{port}"
    return parts._replace(netloc=netloc, fragment="").geturl()


def is_public(address: str) -> bool:
    """Is this IP address one of the public internet, and none in disguise?"""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        found = mapped
    if any(found.version == network.version and found in network for network in _DISGUISED):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


class Resolver(AbstractResolver):
    """Names to addresses, public ones only. DNS gets five seconds."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises `OSError` when the name stands for nothing, or for nothing public."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(5):
            found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        allowed = [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=int(address[1]),
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, proto, _, address in found
            if self._allow_private or is_public(str(address[0]))
        ]
        if not allowed:
            raise OSError(None, f"{host} stands for no public address")
        return allowed

    async def close(self) -> None:
        """Nothing is held open."""
