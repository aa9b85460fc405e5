"""An archive as a row."""

import msgspec

from fedcoop import clock
from fedcoop.ids import AccountId

EVERY = 7 * clock.DAY
"""How long a member waits before asking for another."""
KEPT = 7 * clock.DAY
"""How long a finished one is there."""


class Archive(msgspec.Struct, frozen=True):
    """A row of `archives`; each member has one at most. `url` is empty while it is made, and once it is gone;
    `size` in bytes, times in milliseconds."""

    account_id: AccountId
    requested_at: int
    ready_at: int | None
    url: str
    size: int

    @property
    def there(self) -> bool:
        """Whether it can be had now."""
        return bool(self.url) and self.ready_at is not None and clock.now() < self.ready_at + KEPT

    @property
    def again_at(self) -> int:
        """When its member may ask for another."""
        return self.requested_at + EVERY
