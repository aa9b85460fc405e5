"""A quote as a row, and where somebody stands who wants to quote."""

from __future__ import annotations

from typing import Literal

import msgspec

from fedcoop.accounts.types import QuotePolicy
from fedcoop.statuses.types import Allowed, InteractionPolicy

Standing = Literal["automatic", "manual", "denied", "unknown"]
"""Mastodon's words. https://docs.joinmastodon.org/entities/QuoteApproval/"""

PUBLIC, FOLLOWERS, FOLLOWING = "public", "followers", "following"


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


def standing(
    allowed: Allowed | None,
    *,
    uri: str = "",
    own: bool = False,
    follows: bool = False,
    followed: bool = False,
) -> Standing:
    """Where somebody stands: `own` status or not, whether they follow its author, and the author them. Without
    `uri` it may remain unknown whether they are named."""
    if own:
        return "automatic"
    if allowed is None:
        return "denied"
    meant = {PUBLIC: True, FOLLOWERS: follows, FOLLOWING: followed}
    named = False
    for kind, words in (("automatic", allowed.automatic), ("manual", allowed.manual)):
        if any(meant.get(word, bool(uri) and word == uri) for word in words):
            return "automatic" if kind == "automatic" else "manual"
        named = named or any(word not in meant for word in words)
    return "unknown" if named and not uri else "denied"


_decode = msgspec.json.Decoder(InteractionPolicy).decode
