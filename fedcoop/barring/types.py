"""What is barred, as rows and as Mastodon's admin API shows it."""

from __future__ import annotations

from typing import Literal

import msgspec

from fedcoop import clock

IpSeverity = Literal["sign_up_requires_approval", "sign_up_block", "no_access"]
"""From such an address somebody joins only when they are let in, not at all, or does not even sign in."""


class IpBlock(msgspec.Struct, frozen=True):
    """A row of `ip_blocks`. `ip` is a network in CIDR notation."""

    id: int
    ip: str
    severity: IpSeverity
    comment: str
    created_at: int
    expires_at: int | None

    def entity(self) -> dict[str, str | None]:
        """https://docs.joinmastodon.org/entities/Admin_IpBlock/"""
        return {
            "id": str(self.id),
            "ip": self.ip,
            "severity": self.severity,
            "comment": self.comment,
            "created_at": clock.iso(self.created_at),
            "expires_at": clock.iso_or_none(self.expires_at),
        }


class EmailDomainBlock(msgspec.Struct, frozen=True):
    """A row of `email_domain_blocks`; it holds for subdomains too."""

    id: int
    domain: str
    created_at: int

    def entity(self) -> dict[str, object]:
        """https://docs.joinmastodon.org/entities/Admin_EmailDomainBlock/ Who tried to join is not kept, so there
        is no history."""
        return {
            "id": str(self.id),
            "domain": self.domain,
            "created_at": clock.iso(self.created_at),
            "history": [],
        }


class CanonicalEmailBlock(msgspec.Struct, frozen=True):
    """A row of `canonical_email_blocks`: the address itself is not kept."""

    id: int
    email_hash: str
    created_at: int

    def entity(self) -> dict[str, str]:
        """https://docs.joinmastodon.org/entities/Admin_CanonicalEmailBlock/"""
        return {"id": str(self.id), "canonical_email_hash": self.email_hash}
