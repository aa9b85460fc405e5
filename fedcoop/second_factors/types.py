"""Second factors as rows."""

from typing import Literal

import msgspec

from fedcoop import clock
from fedcoop.ids import AccountId
from fedcoop.vault import Vault, totp_of

Purpose = Literal["sign_in", "enrol"]

CHALLENGE_LIFETIME = 10 * clock.MINUTE
MOST_TRIES = 10
"""Wrong answers after which one begins again with the password."""
MOST_KEYS = 20
LONGEST_NAME = 60


class Totp(msgspec.Struct, frozen=True):
    """A row of `totp_secrets`. `last_step` is the latest period of thirty seconds whose code was used."""

    account_id: AccountId
    secret: str
    """Locked."""
    confirmed_at: int | None
    last_step: int

    def opened(self, vault: Vault) -> str:
        """The secret as the member's app has it."""
        return vault.unlock_text(self.secret, totp_of(self.account_id))


class SecurityKey(msgspec.Struct, frozen=True):
    """A row of `security_keys`. `public_key` is COSE, as WebAuthn gives it."""

    id: int
    account_id: AccountId
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: int
    used_at: int | None


class Challenge(msgspec.Struct, frozen=True):
    """A row of `login_challenges`: somebody whose password was right, and what their key is to sign."""

    id_hash: bytes
    account_id: AccountId
    purpose: Purpose
    challenge: bytes
    tries: int
    expires_at: int


class Factors(msgspec.Struct, frozen=True):
    """What a member has for the second step."""

    totp: bool
    keys: list[SecurityKey]
    recovery_codes: int

    @property
    def any(self) -> bool:
        return self.totp or bool(self.keys)
