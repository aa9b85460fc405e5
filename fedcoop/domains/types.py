"""Restrictions of servers, what they cut, and what they would cut."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

import msgspec

from fedcoop.ids import AccountId

Severity = Literal["limit", "suspend", "allow"]
"""`allow` excepts a server from what holds for a domain above it."""


class Restriction(msgspec.Struct, frozen=True):
    """A row of `restricted_domains`; it holds for subdomains too."""

    domain: str
    id: int
    severity: Severity
    reject_media: bool
    reject_reports: bool
    obfuscate: bool
    public_comment: str
    because: str
    """The decision it comes from: `proposal:ID`."""
    created_at: int

    @property
    def suspended(self) -> bool:
        return self.severity == "suspend"

    @property
    def shown_domain(self) -> str:
        """The name as everybody sees it: with its middle hidden where members decided so."""
        if not self.obfuscate:
            return self.domain
        seen = len(self.domain) // 4
        return "".join(
            "*" if seen < at < len(self.domain) - seen and char != "." else char
            for at, char in enumerate(self.domain)
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the name, in hex: whoever knows the name can recognise it."""
        return sha256(self.domain.encode()).hexdigest()


class Impact(msgspec.Struct, frozen=True):
    """What suspending a server would cut, counted now."""

    following: int
    """Follows by members of accounts there."""
    followers: int
    """Follows of members by accounts there."""
    members: int
    """Members who would lose at least one."""
    accounts: int
    statuses: int


class SeveredFollow(msgspec.Struct, frozen=True):
    """A row of `severed_follows`."""

    id: int
    domain: str
    account_id: AccountId
    remote_id: AccountId
    direction: Literal["following", "follower"]
    created_at: int


class SeveredHandle(msgspec.Struct, frozen=True):
    """A severed follow with the handle of who is elsewhere, and the restricted domain that cut it."""

    handle: str
    direction: Literal["following", "follower"]
    domain: str


class DomainBlock(msgspec.Struct, frozen=True):
    """https://docs.joinmastodon.org/entities/DomainBlock/"""

    domain: str
    digest: str
    severity: Literal["silence", "suspend"]
    comment: str | None
