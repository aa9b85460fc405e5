"""A refresh as a row. How the API shows it is `web.mastodon.async_refreshes`."""

import msgspec

from fedcoop import clock

EVERY = 15 * clock.MINUTE
"""A thread is not asked for more often than this,"""
FIRST_AFTER = 5 * clock.MINUTE
"""nor sooner after its status was written."""


class Refresh(msgspec.Struct, frozen=True):
    """A row of `async_refreshes`; `found` is how many statuses were new, so far."""

    id: int
    status_id: int
    started_at: int
    finished_at: int | None
    found: int

    @property
    def running(self) -> bool:
        """Whether more may come. One that has told nothing for long was lost."""
        return self.finished_at is None and self.started_at > clock.now() - EVERY
