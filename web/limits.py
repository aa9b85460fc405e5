"""How often somebody may ask: Mastodon's numbers and headers, counted in the memory of this process.

A header that the client itself wrote never decides who it is: `X-Forwarded-For` counts only as far as the
configured proxies vouch for it, and an IPv6 address counts as its /64."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from aiohttp import web

from fedcoop import clock
from fedcoop.errors import Invalid, TooMany


class Limit(NamedTuple):
    """At most `most` requests in each window of `seconds`."""

    name: str
    most: int
    seconds: int


PER_USER = Limit("user", 1500, 300)
PER_TOKEN = Limit("token", 300, 300)
PER_ADDRESS = Limit("address", 300, 300)
PER_SERVER = Limit("server", 3000, 300)
INBOX = Limit("inbox", 30_000, 300)
SIGN_IN = Limit("sign_in", 25, 300)
SIGN_IN_NAME = Limit("sign_in_name", 25, 3600)
SIGN_UP = Limit("sign_up", 5, 1800)
RESET = Limit("reset", 5, 1800)
CONFIRM = Limit("confirm", 5, 1800)
PASSWORD = Limit("password", 10, 600)
SECOND_STEP = Limit("second_step", 10, 600)
MOVE = Limit("move", 20, 3600)
EXPORT = Limit("export", 30, 3600)
IMPORT = Limit("import", 10, 3600)
REGISTER_APP = Limit("register_app", 5, 600)
TOKENS = Limit("tokens", 60, 300)
MEDIA = Limit("media", 30, 1800)
DELETE = Limit("delete", 30, 1800)
REPORT = Limit("report", 100, 86_400)


class Usage(NamedTuple):
    """Where somebody stands in a limit: what is left, and when it begins anew (ms since the epoch)."""

    limit: Limit
    remaining: int
    reset: int

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("X-RateLimit-Limit", str(self.limit.most)),
            ("X-RateLimit-Remaining", str(max(self.remaining, 0))),
            ("X-RateLimit-Reset", clock.iso(self.reset)),
        )


class OverLimit(TooMany):
    """Too often; carries the usage for the headers."""

    def __init__(self, usage: Usage) -> None:
        super().__init__("Too many requests", max(1, (usage.reset - clock.now()) // clock.SECOND))
        self.usage = usage


class Counters:
    """Counts per limit and client. Windows that are over are forgotten when the table has grown large."""

    LARGEST = 100_000

    def __init__(self) -> None:
        self._counts: dict[tuple[str, Hashable], list[int]] = {}

    def hit(self, limit: Limit, who: Hashable) -> Usage:
        """Count one request. Raises `OverLimit` from the one after the last allowed on."""
        length = limit.seconds * clock.SECOND
        window = clock.now() // length
        entry = self._counts.get((limit.name, who))
        reset = (window + 1) * length
        if entry is None or entry[1] != reset:
            if len(self._counts) >= self.LARGEST:
                self._forget()
            self._counts[limit.name, who] = entry = [0, reset]
        entry[0] += 1
        usage = Usage(limit, limit.most - entry[0], reset)
        if usage.remaining < 0:
            raise OverLimit(usage)
        return usage

    def _forget(self) -> None:
        now = clock.now()
        self._counts = {key: entry for key, entry in self._counts.items() if entry[1] > now}
        if len(self._counts) >= self.LARGEST:
            # So many in one window is an attack: starting anew is cheaper than a table without end.
            self._counts.clear()


class Proxies:
    """The proxies whose word about a client's address counts."""

    def __init__(self, networks: tuple[str, ...]) -> None:
        try:
            self.networks = [ip_network(text, strict=False) for text in networks]
        except ValueError as problem:
            raise Invalid(f"trusted_proxies: {problem}") from None

    def client(self, request: web.Request) -> str:
        """By what whoever asks is counted: their address, an IPv6 one as its /64."""
        return bucket(self.address(request))

    def address(self, request: web.Request) -> str:
        """The address of whoever asks."""
        address = request.remote or ""
        if self.networks and self._trusts(address):
            forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
            for hop in reversed(forwarded.split(",")):
                if not (hop := hop.strip()):
                    continue
                address = hop
                if not self._trusts(hop):
                    break
        return address

    def _trusts(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.networks)


@lru_cache(maxsize=4096)
def bucket(address: str) -> str:
    """Under which name an address is counted."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
