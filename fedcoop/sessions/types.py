"""Sessions as rows. The people in them are `fedcoop.accounts.types.User`."""

import msgspec

from fedcoop.ids import AccountId


class Session(msgspec.Struct, frozen=True):
    """A row of `sessions`, with the role of whose it is. The cookie holds the secret, the table its SHA-256."""

    id_hash: bytes
    account_id: AccountId
    user_agent: str
    created_at: int
    expires_at: int
    role: str
    """The member's: user, moderator or admin."""
