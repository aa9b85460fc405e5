"""Quotes as parts of a status in JSON. https://docs.joinmastodon.org/entities/Quote/"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec

from fedcoop import clock
from fedcoop.accounts.consent import FOLLOWERS, FOLLOWING, PUBLIC, Allowed, standing
from fedcoop.db import Tx
from fedcoop.statuses.quotes import queries
from fedcoop.statuses.quotes.types import read
from fedcoop.timelines.refs import Part, Ref

NONE = b"null"
_SHOWN = frozenset({"accepted", "blocked_account", "blocked_domain", "muted_account"})
_WORDS = frozenset({PUBLIC, FOLLOWERS, FOLLOWING})
_BY_FOLLOWERS, _BY_FOLLOWED = f'"{FOLLOWERS}"', f'"{FOLLOWING}"'
_INLINE = re.compile(r'<(p|span) class="quote-inline">.*?</\1>', re.DOTALL)
# As Misskey ends a text: `RE:` and the address, in a paragraph or a line of its own.
_LAST_LINE = re.compile(
    r"(?:(?P<alone><p>\s*(?:<span>\s*)?)|(?:<br ?/?>\s*)+)RE:\s*(?P<span></span>\s*)?(?:<br ?/?>\s*)?"
    r"<a [^>]*>(?:(?!</a>).)*</a>\s*(?P<end>(?:</span>\s*)?(?:</p>)?)\s*$",
    re.DOTALL,
)
LONGEST_LINE = 2_000
"""Of the end of a text, which is all that is looked at for it."""


class Seen(NamedTuple):
    """What is quoted, as a viewer is shown it; `nested_id` is what it quotes itself, where they may see that."""

    ref: Ref
    state: str
    nested_id: int | None


async def quoted_by(tx: Tx, viewer: int, parts: Iterable[Part]) -> dict[int, Seen]:
    """What the statuses of a page quote with consent, by id: one statement, and none where nothing quotes."""
    wanted = {part.quoted_id for part in parts if part.quote_state == "accepted"}
    wanted.discard(None)
    if not wanted:
        return {}
    rows = await tx.all(queries.QUOTED, ids=list(wanted), viewer=viewer, now=clock.now())
    return {ref.id: Seen(ref, state, nested_id) for ref, state, nested_id in rows}


def whole(state: str, seen: Seen | None, rendered: bytes) -> bytes:
    """The `quote` of a status on a page; `rendered` is what it quotes, empty where that cannot be shown."""
    if state == "accepted":
        state = seen.state if seen else "deleted"
    if state not in _SHOWN or not rendered:
        state, rendered = ("unauthorized" if state in _SHOWN else state), NONE
    return b'{"state":"%b","quoted_status":%b}' % (state.encode(), rendered)


def shallow(seen: Seen) -> bytes:
    """The `quote` of what is quoted: an id only, and none of what the viewer may not see."""
    state = seen.ref.quote_state
    if state is None:
        return NONE
    if state != "accepted" or seen.nested_id is None:
        state = "unauthorized" if state == "accepted" else state
        return b'{"state":"%b","quoted_status_id":null}' % state.encode()
    return b'{"state":"accepted","quoted_status_id":"%d"}' % seen.nested_id


Looking = Literal["author", "somebody", "anybody"]
"""Through whose eyes: the author's, another member's, or those of nobody in particular."""


@lru_cache(maxsize=2048)
def approval(policy: str, looking: Looking, follows: bool = False, followed: bool = False) -> bytes:
    """The `quote_approval` of a status, which depends on nothing else. Nobody in particular is told what holds for
    strangers."""
    allowed = read(policy).quote
    found = standing(allowed, own=looking == "author", follows=follows, followed=followed)
    if looking == "anybody" and found == "denied" and allowed is not None and allowed != Allowed():
        found = "unknown"
    automatic = _known(allowed.automatic) if allowed else []
    manual = _known(allowed.manual) if allowed else []
    return msgspec.json.encode({"automatic": automatic, "manual": manual, "current_user": found})


def asks_for_ties(policy: str) -> bool:
    """Does it depend on who follows whom whether somebody may quote?"""
    return bool(policy) and (_BY_FOLLOWERS in policy or _BY_FOLLOWED in policy)


def without_reference(content: str) -> str:
    """The words without the line that tells servers without quotes what is quoted."""
    shorter = _INLINE.sub("", content)
    if shorter != content or "RE:" not in content:
        return shorter
    before, end = content[:-LONGEST_LINE], content[-LONGEST_LINE:]
    return before + _LAST_LINE.sub(_kept_of_line, end)


def _kept_of_line(line: re.Match[str]) -> str:
    return "" if line["alone"] else (line["span"] or "").strip() + line["end"]


def _known(words: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(word if word in _WORDS else "unsupported_policy" for word in words))
