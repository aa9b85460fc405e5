"""Numbers for those who look after the server. https://docs.joinmastodon.org/methods/admin/measures/,
https://docs.joinmastodon.org/methods/admin/dimensions/ and
https://docs.joinmastodon.org/methods/admin/retention/"""

from __future__ import annotations

from typing import Any

import msgspec

from fedcoop.errors import Invalid
from fedcoop.metrics import access
from fedcoop.metrics.types import MOST_LIMIT, Asked, Cohort, Dimension, Frequency, Measure
from fedcoop.text.domains import canonical
from web.api import api
from web.call import Call

SCOPE = "admin:read"


class TagParams(msgspec.Struct, frozen=True, kw_only=True):
    id: int = 0


class DomainParams(msgspec.Struct, frozen=True, kw_only=True):
    domain: str = ""


class SpanParams(msgspec.Struct, kw_only=True):
    keys: list[str] = msgspec.field(default_factory=list)
    start_at: str = ""
    end_at: str = ""
    limit: int = 10
    tag_accounts: TagParams = TagParams()
    tag_uses: TagParams = TagParams()
    tag_servers: TagParams = TagParams()
    tag_languages: TagParams = TagParams()
    instance_accounts: DomainParams = DomainParams()
    instance_media_attachments: DomainParams = DomainParams()
    instance_reports: DomainParams = DomainParams()
    instance_statuses: DomainParams = DomainParams()
    instance_follows: DomainParams = DomainParams()
    instance_followers: DomainParams = DomainParams()
    instance_languages: DomainParams = DomainParams()

    def wanted(self) -> list[str]:
        """The keys, each once. Raises `Invalid` for none."""
        if not self.keys:
            raise Invalid("Say what to count, with keys[]", "keys")
        return list(dict.fromkeys(self.keys))

    def about(self, key: str, start: int, end: int) -> Asked:
        told: Any = getattr(self, key, None)
        domain = told.domain if isinstance(told, DomainParams) else ""
        return Asked(
            start=start,
            end=end,
            tag_id=told.id if isinstance(told, TagParams) else 0,
            domain=canonical(domain) if domain else "",
        )


class RetentionParams(msgspec.Struct, kw_only=True):
    start_at: str = ""
    end_at: str = ""
    frequency: str = "day"


@api.post("/api/v1/admin/measures", scope=SCOPE)
async def measures(call: Call, params: SpanParams) -> list[Measure]:
    call.require_staff()
    start, end = access.period(params.start_at, params.end_at)
    async with call.db.scan() as tx:
        return [await access.measure(tx, key, params.about(key, start, end)) for key in params.wanted()]


@api.post("/api/v1/admin/dimensions", scope=SCOPE)
async def dimensions(call: Call, params: SpanParams) -> list[Dimension]:
    """Without dates, of the last thirty days."""
    call.require_staff()
    start, end = access.period(params.start_at, params.end_at) if params.start_at else access.lately()
    limit = min(max(params.limit, 1), MOST_LIMIT)
    async with call.db.scan() as tx:
        return [
            await access.dimension(tx, key, params.about(key, start, end), limit) for key in params.wanted()
        ]


@api.post("/api/v1/admin/retention", scope=SCOPE)
async def retention(call: Call, params: RetentionParams) -> list[Cohort]:
    """Empty where the dates are missing, as in Mastodon."""
    call.require_staff()
    if not params.start_at or not params.end_at:
        return []
    start, end = access.period(params.start_at, params.end_at)
    frequency: Frequency = "month" if params.frequency == "month" else "day"
    async with call.db.scan() as tx:
        return await access.retention(tx, start, end, frequency)
