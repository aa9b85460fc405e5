"""A scheduled status as a row. How the API shows it is `web.mastodon.scheduled`."""

from __future__ import annotations

import msgspec

from fedcoop.ids import ScheduledId
from fedcoop.statuses.types import Draft


class Scheduled(msgspec.Struct, frozen=True):
    """A row of `scheduled_statuses`. `draft` is JSON; in it a poll ends as many milliseconds after the epoch as it
    is to stay open."""

    id: ScheduledId
    account_id: int
    scheduled_at: int
    draft: str

    def written(self) -> Draft:
        return msgspec.json.decode(self.draft, type=Draft)
