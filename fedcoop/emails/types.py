"""What a link in a letter stands for, as rows. Only the SHA-256 of its secret is kept."""

from typing import Literal, NamedTuple

import msgspec

from fedcoop import clock
from fedcoop.ids import AccountId

Purpose = Literal["confirm", "change", "reset"]


class Link(NamedTuple):
    """Where a link leads, and for how long it is good (milliseconds)."""

    path: str
    lifetime: int


LINKS: dict[Purpose, Link] = {
    "confirm": Link("/auth/confirmation?confirmation_token=", 2 * clock.DAY),
    "change": Link("/email/change?token=", 2 * clock.DAY),
    "reset": Link("/password/reset?token=", clock.HOUR),
}


class EmailToken(msgspec.Struct, frozen=True):
    """A row of `email_tokens`. `email` is the address that it was sent to."""

    token_hash: bytes
    account_id: AccountId
    purpose: Purpose
    email: str
    created_at: int
    expires_at: int
