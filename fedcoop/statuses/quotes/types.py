"""A quote as a row, and whom a status lets quote it."""

from __future__ import annotations

import msgspec

from fedcoop.accounts.consent import Allowed
from fedcoop.accounts.types import QuotePolicy
from fedcoop.statuses.types import InteractionPolicy


class Quote(msgspec.Struct, frozen=True):
    """A row of `quotes`: what a status quotes, and by which consent."""

    status_id: int
    quoted_uri: str
    stamp_uri: str
    created_at: int


def policy_of(chosen: QuotePolicy, *, public: bool) -> str:
    """What a member chose, as `statuses.policy` keeps it. What is not for everybody is quoted by nobody."""
    automatic = (chosen,) if public and chosen != "nobody" else ()
    return written(InteractionPolicy(quote=Allowed(automatic=automatic)))


def written(policy: InteractionPolicy) -> str:
    """A policy as `statuses.policy` keeps it."""
    return "" if policy == InteractionPolicy() else msgspec.json.encode(policy).decode()


def read(policy: str) -> InteractionPolicy:
    """What `statuses.policy` keeps."""
    return _decode(policy) if policy else InteractionPolicy()


_decode = msgspec.json.Decoder(InteractionPolicy).decode
