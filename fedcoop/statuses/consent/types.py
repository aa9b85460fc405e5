"""An interaction that needs consent, as a row."""

from __future__ import annotations

from typing import Literal

import msgspec

Deed = Literal["reply", "favourite", "reblog"]
State = Literal["pending", "accepted", "rejected", "revoked"]
Verdict = Literal["free", "granted", "asked", "denied"]
"""`free`: nobody has to be asked. `granted`: it is allowed, but only by a stamp can others know. `asked`: the
author decides. `denied`: not by this account."""

CLOSED = "closed"
"""Among those allowed: a thread that was closed. Members answer no more; what others said before stays."""


class Interaction(msgspec.Struct, frozen=True):
    """A row of `interactions`. Times are milliseconds since the epoch."""

    id: int
    deed: Deed
    status_id: int
    """What it is done to, and in `author_id` by whom that is."""
    author_id: int
    account_id: int
    uri: str
    """Of the answer, the Like, the Announce."""
    request_uri: str
    """Of the activity that asked; empty where the deed itself came, which asks too."""
    result_id: int | None
    """The answer, or the boost where it is there already."""
    visibility: str
    state: State
    stamp_uri: str
    created_at: int
    decided_at: int | None
