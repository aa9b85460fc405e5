"""A quote as a row, and whom a status lets quote it."""

from __future__ import annotations

import msgspec

from fedcoop.accounts.consent import Allowed
from fedcoop.accounts.types import QuotePolicy
from fedcoop.statuses.types import InteractionPolicy, Rules


class Quote(msgspec.Struct, frozen=True):
    """A row of `quotes`: what a status quotes, and by which consent."""

    status_id: int
    quoted_uri: str
    stamp_uri: str
    created_at: int


def policy_of(chosen: QuotePolicy | None, may: Rules | None = None, *, public: bool, before: str = "") -> str:
    """What a member chose, as `statuses.policy` keeps it; None is what there was `before`. What is not for
    everybody is quoted by nobody."""
    known = read(before)
    may = may or known
    quote = known.quote
    if chosen is not None:
        quote = Allowed(automatic=(chosen,) if public and chosen != "nobody" else ())
    return written(
        InteractionPolicy(quote=quote, reply=may.reply, favourite=may.favourite, reblog=may.reblog)
    )


def written(policy: InteractionPolicy) -> str:
    """A policy as `statuses.policy` keeps it."""
    return "" if policy == InteractionPolicy() else msgspec.json.encode(policy).decode()


def read(policy: str) -> InteractionPolicy:
    """What `statuses.policy` keeps."""
    return _decode(policy) if policy else InteractionPolicy()


_decode = msgspec.json.Decoder(InteractionPolicy).decode
