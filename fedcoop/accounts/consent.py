"""To whom somebody grants something, of their statuses or of their account, and where another stands with that.
What is granted of statuses is in `fedcoop.statuses.quotes` and `fedcoop.statuses.consent`, of accounts in
`fedcoop.collections`."""

from __future__ import annotations

from typing import Literal

import msgspec

Standing = Literal["automatic", "manual", "denied", "unknown"]
"""Mastodon's words. https://docs.joinmastodon.org/entities/QuoteApproval/"""

PUBLIC, FOLLOWERS, FOLLOWING, MENTIONED = "public", "followers", "following", "mentioned"


class Allowed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who may do something: at once, and after somebody was asked. Words are `public`, `followers` (of whoever
    grants it), `following` (whom they follow), `mentioned`, and addresses of accounts."""

    automatic: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()


def standing(
    allowed: Allowed | None,
    *,
    uri: str = "",
    own: bool = False,
    follows: bool = False,
    followed: bool = False,
    mentioned: bool = False,
) -> Standing:
    """Where somebody stands: with what is their `own` or not, whether they follow whoever grants it, are followed
    by them, and are mentioned. Whoever is named stands where they are named, whatever holds for a group that they
    are in. Without `uri` it may remain unknown whether they are named."""
    if own:
        return "automatic"
    if allowed is None:
        return "denied"
    meant = {PUBLIC: True, FOLLOWERS: follows, FOLLOWING: followed, MENTIONED: mentioned}
    kinds: tuple[tuple[Standing, tuple[str, ...]], ...] = (
        ("automatic", allowed.automatic),
        ("manual", allowed.manual),
    )
    for kind, words in kinds:
        if uri and uri in words:
            return kind
    for kind, words in kinds:
        if any(meant.get(word, False) for word in words):
            return kind
    named = any(word not in meant for _, words in kinds for word in words)
    return "unknown" if named and not uri else "denied"


def written(allowed: Allowed | None) -> str:
    """As a column keeps it: empty where nothing was said."""
    return "" if allowed is None else msgspec.json.encode(allowed).decode()


def read(stored: str) -> Allowed | None:
    """What `written` wrote."""
    return _decode(stored) if stored else None


_decode = msgspec.json.Decoder(Allowed).decode
